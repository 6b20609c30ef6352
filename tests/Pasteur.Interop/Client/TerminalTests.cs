using System.Text;
using Pasteur.Interop.Support;

namespace Pasteur.Interop.Client;

/// <summary>What a person at a terminal sees: the client under a pseudo-terminal of Python's.</summary>
public sealed class TerminalTests : IAsyncLifetime
{
    // Runs argv[2:], answers each prompt with a line of argv[1], and prints all that the terminal showed, with the exit code.
    private const string Person = """
        import os, pty, sys
        answers = [a for a in sys.argv[1].split('|') if a]
        pid, terminal = pty.fork()
        if pid == 0:
            os.execvp(sys.argv[2], sys.argv[2:])
        seen = b''
        shown = 0
        while True:
            try:
                some = os.read(terminal, 4096)
            except OSError:
                break
            if not some:
                break
            seen += some
            while answers and seen.count(b': ', shown):
                shown = seen.index(b': ', shown) + 2
                answer = answers.pop(0)
                os.write(terminal, b'\x03' if answer == '^C' else answer.encode() + b'\n')
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        sys.stdout.buffer.write(seen + b'exit %d' % code)
        """;

    private ClientSite _site = null!;

    public async ValueTask InitializeAsync() => _site = await ClientSite.StartAsync();

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task Passphrase_is_asked_for_twice_and_not_shown_also_when_text_is_piped_in()
    {
        var shown = await AtTerminalAsync("canary é|canary é", "sh", "-c", "echo hello | \"$0\" put --passphrase", PasteurProcess.ProgramPath);

        Assert.Matches("^Passphrase: \r\nThe same again: \r\ntoken: [0-9a-z]{26}\r\nhttp://", shown);
        Assert.EndsWith("exit 0", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", shown, StringComparison.Ordinal);
        var link = shown.Split("\r\n")[3];
        Assert.Equal("Passphrase: \r\nhello\r\nexit 0", await AtTerminalAsync("canary é", PasteurProcess.ProgramPath, "get", link));
        Assert.Equal("Passphrase: \r\npasteur: wrong key or passphrase, or the paste was changed or cut\r\nexit 65", await AtTerminalAsync("canary", PasteurProcess.ProgramPath, "get", link));
    }

    [Fact]
    public async Task Passphrase_that_is_mistyped_pastes_nothing()
    {
        var shown = await AtTerminalAsync("one|two", "sh", "-c", "echo hello | \"$0\" put --passphrase", PasteurProcess.ProgramPath);

        Assert.Equal("Passphrase: \r\nThe same again: \r\npasteur: the two passphrases differ; nothing was pasted\r\nexit 64", shown);
    }

    [Fact]
    public async Task Interrupt_at_the_prompt_leaves_a_terminal_that_shows_what_is_typed()
    {
        var shown = await AtTerminalAsync("^C", "sh", "-c", "trap : INT; echo hello | \"$0\" put --passphrase; stty", PasteurProcess.ProgramPath);

        Assert.DoesNotContain("-echo ", shown.Replace('\r', ' ').Replace('\n', ' '), StringComparison.Ordinal);
        Assert.EndsWith("exit 0", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_terminal_the_variable_is_named()
    {
        var result = await Tool.RunAsync("setsid", ["-w", PasteurProcess.ProgramPath, "put", "--passphrase"], "x"u8.ToArray(), ("PASTEUR_SERVER", _site.Address));

        ClientSite.AssertFails(64, "there is no terminal to ask for it; give it as PASTEUR_PASSPHRASE", result);
    }

    private async Task<string> AtTerminalAsync(string answers, params string[] command)
    {
        var result = await Tool.RunAsync("timeout", ["50", "python3", "-c", Person, answers, .. command], null, ("PASTEUR_SERVER", _site.Address));
        Assert.True(result.ExitCode == 0, result.Errors);
        return Encoding.UTF8.GetString(result.Output);
    }
}
