using System.Net;
using System.Net.Sockets;
using Pasteur.Interop.Support;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Program;

public sealed class StartAndStopTests : IDisposable
{
    private const int Sigint = 2, Sigkill = 9, Sigterm = 15;

    private readonly TemporaryFolder _folder = new();

    private string Data => _folder["data"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Sigterm)]
    [InlineData(Sigint)]
    public async Task It_says_where_it_is_and_a_signal_ends_it_with_exit_code_0(int signal)
    {
        await using var site = await PasteurProcess.ServeAsync("--data", Data);

        Assert.Equal(HttpStatusCode.OK, (await site.GetAsync("healthz")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await site.GetAsync("readyz")).StatusCode);
        Assert.Equal(0, await site.StopAsync(signal));
        Assert.Equal([$"The site is at {site.Http.BaseAddress}", $"Pastes are kept in {Data}/pastes.git"], site.Output);
    }

    [Fact]
    public async Task The_repository_is_one_that_stock_git_opens()
    {
        await using (var site = await PasteurProcess.ServeAsync("--data", Data))
        {
            StockGit.Run(Path.Combine(Data, "pastes.git"), "fsck", "--strict");
            Assert.Equal(0, await site.StopAsync());
        }

        Assert.Equal("true", StockGit.Run(Path.Combine(Data, "pastes.git"), "rev-parse", "--is-bare-repository"));
        StockGit.Run(Path.Combine(Data, "pastes.git"), "fsck", "--strict");
    }

    [Fact]
    public async Task Without_a_data_folder_nothing_is_written()
    {
        await using var site = await PasteurProcess.ServeAsync("--no-data");

        Assert.Equal(0, await site.StopAsync());
        Assert.Equal("Pastes are kept in memory", site.Output.Last());
    }

    [Fact]
    public async Task Second_program_on_a_data_folder_learns_who_holds_it_and_a_killed_holder_holds_nobody_up()
    {
        await using var first = await PasteurProcess.ServeAsync("--data", Data);

        await RefusedAsync(73, $"pasteur: process {first.Id} already uses the data folder {Data}; stop it, or give --data another folder", "--data", Data);
        first.Signal(Sigkill);
        await first.WaitForExitAsync();

        await using var next = await PasteurProcess.ServeAsync("--data", Data);
        Assert.Equal(0, await next.StopAsync());
    }

    [Fact]
    public async Task Port_in_use_is_told_on_one_line()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        await RefusedAsync(69, $"pasteur: can't listen on 127.0.0.1:{port}: another program uses that port; stop it, or give --port another number",
            "--data", Data, "--port", $"{port}");
    }

    [Fact]
    public Task Address_of_another_machine_is_told_on_one_line() =>
        RefusedAsync(69, "pasteur: can't listen on 192.0.2.1:4343: Cannot assign requested address; give another --bind or --port", "--no-data", "--bind", "192.0.2.1");

    [Fact]
    public Task Bad_option_is_told_on_one_line() =>
        RefusedAsync(64, "pasteur: --port \"x\" is not a port; give a number from 0 to 65535", "--port", "x");

    [Theory]
    [InlineData("x")]
    [InlineData("2")]
    [InlineData("33")]
    [InlineData("")]
    public Task Bad_length_is_told_on_one_line(string length) =>
        RefusedAsync(64, $"pasteur: --length \"{length}\" is not a length for ids; give a number from 3 to 32", "--no-data", "--length", length);

    [Fact]
    public async Task Without_a_home_it_asks_for_the_data_folder()
    {
        await using var program = PasteurProcess.Start(new Dictionary<string, string?> { ["HOME"] = null, ["XDG_DATA_HOME"] = null }, []);

        Assert.Equal(64, await program.WaitForExitAsync());
        Assert.Contains("give --data FOLDER", Assert.Single(program.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Repository_of_another_hash_is_left_alone()
    {
        Directory.CreateDirectory(Data);
        StockGit.Run(Data, "init", "-q", "--bare", "--object-format=sha256", "pastes.git");

        await using var program = PasteurProcess.Start(new Dictionary<string, string?>(), ["--data", Data]);

        Assert.Equal(65, await program.WaitForExitAsync());
        Assert.Contains("sha256", Assert.Single(program.Errors), StringComparison.OrdinalIgnoreCase);
        Assert.Empty(program.Output);
    }

    [Fact]
    public async Task Help_goes_to_stdout_and_names_the_program_first()
    {
        await using var program = PasteurProcess.Start(new Dictionary<string, string?>(), ["--help"]);

        Assert.Equal(0, await program.WaitForExitAsync());
        Assert.StartsWith("Pasteur: ", program.Output.First(), StringComparison.Ordinal);
        Assert.Empty(program.Errors);
    }

    private static async Task RefusedAsync(int exitCode, string line, params string[] arguments)
    {
        await using var program = PasteurProcess.Start(new Dictionary<string, string?>(), arguments);

        Assert.Equal(exitCode, await program.WaitForExitAsync());
        Assert.Equal([line], program.Errors);
        Assert.Empty(program.Output);
    }
}
