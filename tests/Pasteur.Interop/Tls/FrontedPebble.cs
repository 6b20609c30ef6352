using System.Buffers.Text;
using System.Diagnostics;
using System.Net.Http;
using System.Text;
using System.Text.Json.Nodes;
using Pasteur.Interop.Remotes;
using Pasteur.Interop.Support;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Tls;

/// <summary>nginx before pebble, for what pebble does not do: it gives advice when to renew (RFC 9773), names profiles, and limits orders.</summary>
internal sealed class FrontedPebble : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly TemporaryFolder _folder = new();
    private readonly PebbleServer _pebble;
    private readonly int _port = Ports.Free();
    private Process? _nginx;

    private FrontedPebble(PebbleServer pebble) => _pebble = pebble;

    public Uri Directory => new($"https://localhost:{_port}/dir");

    /// <summary>The requests so far, a line each: method, path, status.</summary>
    public string[] Requests => File.Exists(_folder["access.log"]) ? File.ReadAllLines(_folder["access.log"]) : [];

    /// <summary>What was ordered, as it was signed: JSON.</summary>
    public string[] Orders => [.. File.ReadAllLines(_folder["orders.log"]).Where(line => line.Length > 0)
        .Select(line => Encoding.UTF8.GetString(Base64Url.DecodeFromChars((string)JsonNode.Parse(line)!["payload"]!)))];

    /// <summary>While this file is there, every order is answered by 429 and a Retry-After.</summary>
    public string LimitFile => _folder["limit"];

    /// <summary>What is answered to whoever asks when to renew.</summary>
    public string AdviceFile => _folder["advice.json"];

    public static async Task<FrontedPebble> StartAsync(PebbleServer pebble)
    {
        var front = new FrontedPebble(pebble);
        try
        {
            await front.BeginAsync();
            return front;
        }
        catch
        {
            await front.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_nginx is not null)
        {
            _nginx.Kill(entireProcessTree: true);
            await _nginx.WaitForExitAsync();
            _nginx.Dispose();
        }
        _folder.Dispose();
    }

    private async Task BeginAsync()
    {
        File.WriteAllText(_folder["nginx.conf"], Configuration());
        File.WriteAllText(_folder["dir.json"], (await _pebble.Http.GetStringAsync(_pebble.Directory, TestContext.Current.CancellationToken))
            .Replace($":{_pebble.Port}/", $":{_port}/", StringComparison.Ordinal)
            .Replace("\"newNonce\"", $"\"renewalInfo\":\"https://localhost:{_port}/ari\",\"newNonce\"", StringComparison.Ordinal)
            .Replace("\"meta\": {", "\"meta\": {\"profiles\":{\"classic\":\"https://localhost/classic\",\"shortlived\":\"https://localhost/shortlived\"},", StringComparison.Ordinal));
        File.WriteAllText(_folder["429.json"], """{"type":"urn:ietf:params:acme:error:rateLimited","detail":"too many orders of late"}""");
        _nginx = Process.Start(new ProcessStartInfo("/usr/sbin/nginx", ["-p", _folder.Path, "-e", _folder["error.log"], "-c", _folder["nginx.conf"]]))!;
        using var patience = new CancellationTokenSource(s_patience);
        while (!await AnswersAsync(patience.Token))
            await Task.Delay(50, patience.Token);
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        Assert.False(_nginx!.HasExited, "nginx ended");
        try
        {
            return (await _pebble.Http.GetStringAsync(Directory, cancellationToken)).Contains("renewalInfo", StringComparison.Ordinal);
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private string Configuration() => $$"""
        daemon off;
        {{(Environment.UserName == "root" ? "user root;" : "")}}
        worker_processes 1;
        pid nginx.pid;
        events { }
        http {
            log_format requests '$request_method $request_uri $status';
            log_format orders escape=none '$request_body';
            access_log access.log requests;
            client_body_temp_path temp; proxy_temp_path temp; fastcgi_temp_path temp; uwsgi_temp_path temp; scgi_temp_path temp;
            server {
                listen 127.0.0.1:{{_port}} ssl;
                ssl_certificate {{_pebble.OwnFiles.Certificate}};
                ssl_certificate_key {{_pebble.OwnFiles.Key}};
                root {{_folder.Path}};
                location = /dir { default_type application/json; try_files /dir.json =404; }
                location /ari/ { default_type application/json; add_header Retry-After 60; try_files /advice.json =404; }
                location = /429.json { internal; default_type application/problem+json; add_header Retry-After 3 always; }
                location = /order-plz {
                    error_page 429 /429.json;
                    if (-f {{LimitFile}}) { return 429; }
                    access_log access.log requests; access_log orders.log orders;
                    proxy_pass https://127.0.0.1:{{_pebble.Port}}; proxy_ssl_verify off; proxy_set_header Host $http_host;
                }
                location / { proxy_pass https://127.0.0.1:{{_pebble.Port}}; proxy_ssl_verify off; proxy_set_header Host $http_host; }
            }
        }
        """;
}
