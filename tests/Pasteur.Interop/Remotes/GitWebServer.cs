using System.Diagnostics;
using Pasteur.Interop.Support;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Remotes;

/// <summary>
/// nginx before fcgiwrap before git's own http-backend, over HTTP and HTTPS. What stands first in a path says how a repository is entered:
/// see <see cref="Places"/>.
/// </summary>
internal sealed class GitWebServer : BareRepositories
{
    public const string User = "alice", Password = "pass-word-canary", Token = "token-canary-123";

    private const string LogFormat = "$connection $request_method $uri $status te=$http_transfer_encoding cl=$http_content_length auth=$http_authorization proto=$server_protocol ua=$http_user_agent";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly TemporaryFolder _own = new();
    private readonly List<Process> _processes = [];
    private readonly bool _isAuthorityOwn;

    private GitWebServer(TestAuthority? authority) => (Authority, _isAuthorityOwn) = (authority ?? new TestAuthority(), authority is null);

    public int Port { get; } = Ports.Free();

    public int TlsPort { get; } = Ports.Free();

    public int ExpiredPort { get; } = Ports.Free();

    public int MisnamedPort { get; } = Ports.Free();

    public TestAuthority Authority { get; }

    public string AuthorityFile => _own["ca.pem"];

    /// <summary>The requests so far, a line each.</summary>
    public string[] Requests => File.Exists(_own["access.log"]) ? File.ReadAllLines(_own["access.log"]) : [];

    /// <param name="authority">Who vouches for it; null for an authority of its own.</param>
    public static async Task<GitWebServer> StartAsync(TestAuthority? authority = null)
    {
        var server = new GitWebServer(authority);
        try
        {
            await server.BeginAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public string Url(string place, string name = "r.git", string login = "") => $"http://{login}127.0.0.1:{Port}/{place}/{name}";

    public string TlsUrl(string place, string name = "r.git", string login = "") => $"https://{login}127.0.0.1:{TlsPort}/{place}/{name}";

    public string CreateSeedling(string place = "open", string name = "r.git")
    {
        MakeSeedling(name);
        return Url(place, name);
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }
        if (_isAuthorityOwn)
            Authority.Dispose();
        _own.Dispose();
        await base.DisposeAsync();
    }

    private async Task BeginAsync()
    {
        File.WriteAllText(AuthorityFile, Authority.Pem);
        WriteCertificate("good", Authority.Issue("localhost"));
        WriteCertificate("expired", Authority.Issue("localhost", hasExpired: true));
        WriteCertificate("misnamed", Authority.Issue("other.example.org"));
        var password = Run("htpasswd", "-nbm", User, Password);
        File.WriteAllText(_own["htpasswd"], password.Trim() + "\n");
        File.WriteAllText(_own["git.inc"], Backend("fastcgi_param GIT_PROTOCOL $http_git_protocol;"));
        File.WriteAllText(_own["git-v0.inc"], Backend(""));
        File.WriteAllText(_own["nginx.conf"], Configuration());
        Start("fcgiwrap", "-c", "4", "-f", "-s", $"unix:{_own["fcgi.sock"]}");
        Start("/usr/sbin/nginx", "-p", _own.Path, "-e", _own["error.log"], "-c", _own["nginx.conf"]);
        using var patience = new CancellationTokenSource(s_patience);
        while (!await AnswersAsync(Port) || !File.Exists(_own["fcgi.sock"]))
        {
            Assert.True(_processes.TrueForAll(p => !p.HasExited), $"a server ended: {(File.Exists(_own["error.log"]) ? File.ReadAllText(_own["error.log"]) : "")}");
            await Task.Delay(20, patience.Token);
        }
    }

    private string Configuration() => $$"""
        daemon off;
        {{(Environment.UserName == "root" ? "user root;" : "")}}
        worker_processes 2;
        pid nginx.pid;
        events { }
        http {
            log_format requests '{{LogFormat}}';
            access_log access.log requests;
            client_body_temp_path temp; proxy_temp_path temp; fastcgi_temp_path temp; uwsgi_temp_path temp; scgi_temp_path temp;
            client_max_body_size 100m;
            map $http_authorization $has_token { default 0; "Bearer {{Token}}" 1; }
            server { listen 127.0.0.1:{{Port}}; {{Places}} }
            server { listen 127.0.0.1:{{TlsPort}} ssl http2; ssl_certificate good.pem; ssl_certificate_key good.key; {{Places}} }
            server { listen 127.0.0.1:{{ExpiredPort}} ssl; ssl_certificate expired.pem; ssl_certificate_key expired.key; {{Places}} }
            server { listen 127.0.0.1:{{MisnamedPort}} ssl; ssl_certificate misnamed.pem; ssl_certificate_key misnamed.key; {{Places}} }
        }
        """;

    private string Places => $$"""
        location ~ ^/open(/.*)$ { set $p $1; set $u anyone; include git.inc; }
        location ~ ^/read(/.*)$ { set $p $1; set $u ""; include git.inc; }
        location ~ ^/old(/.*)$ { set $p $1; set $u anyone; include git-v0.inc; }
        location ~ ^/git(/.*)$ { auth_basic git; auth_basic_user_file htpasswd; set $p $1; set $u $remote_user; include git.inc; }
        location ~ ^/tok(/.*)$ { set $p $1; set $u tok; if ($has_token = 0) { return 401; } include git.inc; }
        location ~ ^/small(/.*)$ { client_max_body_size 100k; set $p $1; set $u anyone; include git.inc; }
        location ~ ^/moved(/.*)$ { return 301 /open$1$is_args$args; }
        location ~ ^/upgrade(/.*)$ { return 302 https://127.0.0.1:{{TlsPort}}/open$1$is_args$args; }
        location ~ ^/login(/.*)$ { return 302 /page; }
        location ~ ^/page { default_type text/html; return 200 "<html><head><title>Please &amp; log in</title></head></html>"; }
        location ~ ^/files(/.*)$ { default_type text/plain; return 200 "0123456789012345678901234567890123456789\trefs/heads/main\n"; }
        location ~ ^/busy(/.*)$ { add_header Retry-After 77 always; return 429; }
        location ~ ^/forbidden(/.*)$ { default_type text/plain; return 403 "the account is on holiday\nmore\n"; }
        location ~ ^/broken(/.*)$ { return 500; }
        location ~ ^/away(/.*)$ { proxy_pass http://127.0.0.1:1; }
        location ~ ^/echo(/.*)$ { default_type text/plain; return 403 "you sent: $http_authorization\n"; }
        """;

    private string Backend(string protocol) => $"""
        fastcgi_param QUERY_STRING $query_string; fastcgi_param REQUEST_METHOD $request_method; fastcgi_param CONTENT_TYPE $content_type;
        fastcgi_param CONTENT_LENGTH $content_length; fastcgi_param REMOTE_ADDR $remote_addr; fastcgi_param SCRIPT_FILENAME {StockGit.Run(Folder, "--exec-path")}/git-http-backend;
        fastcgi_param GIT_HTTP_EXPORT_ALL ""; fastcgi_param GIT_PROJECT_ROOT {Folder}; fastcgi_param PATH_INFO $p; fastcgi_param REMOTE_USER $u;
        fastcgi_param HOME {_own.Path}; fastcgi_param GIT_CONFIG_NOSYSTEM 1; {protocol} fastcgi_pass unix:{_own["fcgi.sock"]};
        """;

    private void WriteCertificate(string name, (string Certificate, string Key) issued)
    {
        File.WriteAllText(_own[name + ".pem"], issued.Certificate);
        File.WriteAllText(_own[name + ".key"], issued.Key);
    }

    private void Start(string command, params string[] arguments)
    {
        var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.ErrorDataReceived += (_, _) => { };
        process.OutputDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        _processes.Add(process);
    }

    private static string Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
