using Pasteur.Interop.Remotes;

namespace Pasteur.Interop.Refusals;

/// <summary>Every way in which a web server, or the Git behind it, refuses: it is told, no password is, and the paste is here.</summary>
public sealed class HttpTableTests(HttpTableTests.Table table) : IClassFixture<HttpTableTests.Table>
{
    public static TheoryData<string> Causes => [.. Table.Words.Keys];

    [Theory]
    [MemberData(nameof(Causes))]
    public Task What_the_server_says_is_told(string cause) => table.AssertIsToldAsync(cause);

    public sealed class Table : RefusalTable
    {
        private const string Login = $"{GitWebServer.User}:{GitWebServer.Password}@";

        private const string GitEndedEarly = "failed in the middle of a push (502); look into its log: Git there may have ended before it had read all, as on a full disk or when a push is beyond receive.maxInputSize";

        private GitWebServer _server = null!;
        private RepositoryRefusals _repositories = null!;

        internal static Dictionary<string, string> Words { get; } = new(RepositoryRefusals.Words)
        {
            ["read-only"] = "does not let this login push (403)",
            ["missing"] = "there is no repository at",
            // When Git ends before it has read all, fcgiwrap tells nothing of what it said.
            ["too large"] = $"pack exceeds maximum allowed size|{GitEndedEarly}",
            ["full disk"] = $"{RepositoryRefusals.Words["full disk"]}|{GitEndedEarly}",
            ["login that is missing (401)"] = "asks for a login (401); put user and password into the remote's URL",
            ["login that is wrong (401)"] = "refused the login (401)",
            ["login without the right (403)"] = "(403); give it the right to, or use another; it says: the account is on holiday",
            ["push that is too large for the web server (413)"] = "takes no request as large as this push (413); raise the limit of the server",
            ["too many requests (429)"] = "has had too many requests (429) and asks to be left alone for 77 s",
            ["failing server (500)"] = "failed (500)",
            ["server whose backend is away (502)"] = "failed (502)",
            ["page in place of a repository"] = "answers with a web page (\"Please & log in\")",
            ["redirect to a page for logging in"] = "which is no Git address (a page to log in, perhaps)",
            ["files without Git"] = "does not speak Git's smart protocol",
            ["unknown authority"] = "the issuer of its certificate is not known here",
            ["expired certificate"] = "its certificate expired on",
            ["certificate for another name"] = "its certificate is for another name",
            ["away"] = "Connection refused",
        };

        protected override IEnumerable<string> Causes() => Words.Keys;

        protected override async Task StartServersAsync()
        {
            _server = await GitWebServer.StartAsync();
            _repositories = new RepositoryRefusals(_server);
        }

        protected override async Task StopServersAsync()
        {
            _repositories.Dispose();
            await _server.DisposeAsync();
        }

        private protected override Task<Refusal> PrepareAsync(string cause)
        {
            var name = _repositories.Make(cause);
            if (cause == "read-only")
                _server.Git(name, "config", "http.receivepack", "false");
            string[] trust = cause == "unknown authority" ? [] : ["--remote-ca", _server.AuthorityFile];
            return Task.FromResult(new Refusal(Words[cause], ["--remote", UrlOf(cause, name), .. trust]));
        }

        private string UrlOf(string cause, string name) => cause switch
        {
            "login that is missing (401)" => _server.Url("git", name),
            "login that is wrong (401)" => _server.Url("git", name, "alice:wrong-canary@"),
            "login without the right (403)" => _server.TlsUrl("forbidden", name, Login),
            "push that is too large for the web server (413)" => _server.Url("small", name),
            "too many requests (429)" => _server.Url("busy", name),
            "failing server (500)" => _server.Url("broken", name),
            "server whose backend is away (502)" => _server.Url("away", name),
            "page in place of a repository" => _server.Url("page", name),
            "redirect to a page for logging in" => _server.Url("login", name),
            "files without Git" => _server.Url("files", name),
            "unknown authority" => _server.TlsUrl("open", name, Login),
            "expired certificate" => $"https://{Login}127.0.0.1:{_server.ExpiredPort}/open/{name}",
            "certificate for another name" => $"https://{Login}127.0.0.1:{_server.MisnamedPort}/open/{name}",
            "away" => $"http://{Login}127.0.0.1:1/r.git",
            _ => _server.Url("git", name, Login),
        };
    }
}
