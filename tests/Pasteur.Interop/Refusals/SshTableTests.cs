using Pasteur.Interop.Remotes;

namespace Pasteur.Interop.Refusals;

/// <summary>Every way in which sshd, what it runs, and gitolite refuse: it is told in their words, and the paste is here.</summary>
public sealed class SshTableTests(SshTableTests.Table table) : IClassFixture<SshTableTests.Table>
{
    public static TheoryData<string> Causes => [.. Table.Words.Keys];

    [Theory]
    [MemberData(nameof(Causes))]
    public Task What_the_server_says_is_told(string cause) => table.AssertIsToldAsync(cause);

    public sealed class Table : RefusalTable
    {
        private const string WrongPin = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
        private const string Stranger = "stranger-canary-of-forty-letters-or-so";

        // A key that may do nothing but fetch and push, and in one repository nothing but fetch.
        private const string OnlyGit = """
            case "$SSH_ORIGINAL_COMMAND" in
                "git-receive-pack '"*"/read-only.git'") echo 'this key may <only> read' >&2; exit 1 ;;
                git-upload-pack\ *|git-receive-pack\ *) exec git-shell -c "$SSH_ORIGINAL_COMMAND" ;;
                *) exit 1 ;;
            esac
            """;

        private OpenSshServer _server = null!;
        private GitoliteServer _gitolite = null!;
        private RepositoryRefusals _repositories = null!;
        private string _fullDisk = "";

        internal static Dictionary<string, string> Words { get; } = new(RepositoryRefusals.Words)
        {
            ["read-only"] = "this key may <only> read",
            ["missing"] = "missing.git' does not appear to be a git repository",
            ["gitolite lets the key read alone"] = "FATAL: W any shown pasteur DENIED by fallthru",
            ["gitolite shows the key nothing"] = "any gitolite-admin pasteur DENIED by fallthru",
            ["key that is not let in"] = "permission denied (publickey)",
            ["host with another key"] = "which is not among those of --ssh-auth",
            ["away"] = "Connection refused",
        };

        protected override IEnumerable<string> Causes() => Words.Keys;

        protected override async Task StartServersAsync()
        {
            _server = await OpenSshServer.StartAsync(new OpenSshOptions { ForcedCommand = OnlyGit, Config = ["AcceptEnv GIT_PROTOCOL", "MaxStartups 100"] });
            _gitolite = await GitoliteServer.StartAsync();
            _repositories = new RepositoryRefusals(_server);
            // The server lives in a mount namespace: what is mounted after its start is not there for it.
            await _server.StopAsync();
            _fullDisk = _repositories.Make("full disk");
            await _server.ListenAsync();
        }

        protected override async Task StopServersAsync()
        {
            _repositories.Dispose();
            await _server.DisposeAsync();
            await _gitolite.DisposeAsync();
        }

        private protected override Task<Refusal> PrepareAsync(string cause)
        {
            var (server, url) = cause switch
            {
                "gitolite lets the key read alone" => (_gitolite, _gitolite.UrlOf("shown")),
                "gitolite shows the key nothing" => (_gitolite, _gitolite.UrlOf("gitolite-admin")),
                "full disk" => (_server, _server.Url(_fullDisk)),
                "away" => (_server, "ssh://git@127.0.0.1:1/r.git"),
                _ => ((SshServer)_server, _server.Url(_repositories.Make(cause))),
            };
            var seed = cause == "key that is not let in" ? Stranger : server.Seed.Token;
            var pin = cause == "host with another key" ? WrongPin : server.Fingerprint("ed25519");
            return Task.FromResult(new Refusal(Words[cause], "--remote", url, "--ssh-seed", seed, "--ssh-auth", pin) { Secret = seed });
        }
    }
}
