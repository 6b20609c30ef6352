using Pasteur.Interop.Support;

namespace Pasteur.Interop.Program;

/// <summary>The unit files that docs/operate/systemd.md hands out.</summary>
public sealed class ServiceUnitTests
{
    // What the page states, in tenths.
    private const int ExposureLimit = 12;

    [Fact]
    public async Task The_service_is_as_little_exposed_as_its_page_states()
    {
        var judged = await Tool.RunAsync("systemd-analyze", ["security", "--offline=true", "--no-pager", $"--threshold={ExposureLimit}", Path.Combine(AppContext.BaseDirectory, "systemd", "pasteur.service")]);

        Assert.True(judged.ExitCode == 0, judged.Text + judged.Errors);
        Assert.Contains("Overall exposure level for pasteur.service: 1.2 OK", judged.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pasteur.service")]
    [InlineData("pasteur.socket")]
    public async Task systemd_understands_every_line(string unit)
    {
        var verified = await Tool.RunAsync("systemd-analyze", ["verify", "--man=no", Path.Combine(AppContext.BaseDirectory, "systemd", unit)]);

        // On this machine the program is not at its place; nothing else may be said.
        Assert.DoesNotContain(verified.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => line.Contains("pasteur.", StringComparison.Ordinal) && !line.Contains("is not executable", StringComparison.Ordinal));
    }
}
