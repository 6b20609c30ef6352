using Pasteur.Interop.Remotes;

namespace Pasteur.Interop.Refusals;

/// <summary>Every way in which a git daemon refuses: what it says stands in the log, in the health report and in the answer to whoever pasted.</summary>
public sealed class GitTableTests(GitTableTests.Table table) : IClassFixture<GitTableTests.Table>
{
    public static TheoryData<string> Causes => [.. Table.Words.Keys];

    [Theory]
    [MemberData(nameof(Causes))]
    public Task What_the_server_says_is_told(string cause) => table.AssertIsToldAsync(cause);

    public sealed class Table : RefusalTable
    {
        private GitDaemon _daemon = null!;
        private GitDaemon _readOnly = null!;
        private GitDaemon _taciturn = null!;
        private RepositoryRefusals _repositories = null!;

        internal static Dictionary<string, string> Words { get; } = new(RepositoryRefusals.Words)
        {
            ["read-only"] = "service not enabled",
            ["unexported"] = "access denied or repository not exported",
            ["missing"] = "no such repository",
            // Git ends with bytes unread, so that its machine resets the connection, before or after its words have arrived.
            ["full disk"] = $"{RepositoryRefusals.Words["full disk"]}|the outcome of a push is unknown: the connection to the remote was lost",
            // The daemon has no words for it, and its end of the connection may be closed before Git's have left.
            ["too large"] = "pack exceeds maximum allowed size|the outcome of a push is unknown: the connection to the remote was lost",
            ["away"] = "Connection refused",
        };

        protected override IEnumerable<string> Causes() => Words.Keys;

        protected override async Task StartServersAsync()
        {
            _daemon = await GitDaemon.StartAsync();
            _readOnly = await GitDaemon.StartAsync(readOnly: true);
            _taciturn = await GitDaemon.StartTaciturnAsync();
            _repositories = new RepositoryRefusals(_daemon);
        }

        protected override async Task StopServersAsync()
        {
            _repositories.Dispose();
            await _daemon.DisposeAsync();
            await _readOnly.DisposeAsync();
            await _taciturn.DisposeAsync();
        }

        private protected override Task<Refusal> PrepareAsync(string cause) => Task.FromResult(new Refusal(Words[cause], "--remote", cause switch
        {
            "read-only" => _readOnly.CreateSeedling(),
            "unexported" => _taciturn.CreateSeedling(),
            "away" => "git://127.0.0.1:1/r.git",
            _ => _daemon.Url(_repositories.Make(cause)),
        }));
    }
}
