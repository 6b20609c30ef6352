using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Text.Json;
using Pasteur.Interop.Support;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Vm;

/// <summary>The OCI image of vm/build, unpacked as an engine unpacks it and run by crun.</summary>
[Collection(BuiltMachine.Collection)]
public sealed class ContainerTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Image_serves_as_an_ordinary_user_on_a_read_only_root_and_ends_on_SIGTERM()
    {
        var config = await UnpackAsync();
        Assert.Equal("1000:1000", config.GetProperty("User").GetString());
        var port = Ports.Free();
        await File.WriteAllTextAsync(_folder["config.json"], Bundle(config, port), TestContext.Current.CancellationToken);
        // crun wants a cgroup of version 2, in a place that is nobody else's.
        using var container = Process.Start("unshare", ["--mount", "sh", "-c", "mount -t cgroup2 none /sys/fs/cgroup && exec crun --root \"$1/state\" --cgroup-manager=disabled run --bundle \"$1\" pasteur-test", "sh", _folder.Path]);
        try
        {
            using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://127.0.0.1:{port}/") };
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            patience.CancelAfter(s_patience);
            while (!await AnswersAsync(http, patience.Token))
            {
                Assert.False(container.HasExited, "the container ended");
                await Task.Delay(50, patience.Token);
            }
            using var answer = await http.PostAsync("", new MultipartFormDataContent { { new StringContent("in a container"), "paste" } }, patience.Token);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

            Assert.Equal(0, (await Tool.RunAsync("crun", ["--root", _folder["state"], "kill", "pasteur-test", "TERM"])).ExitCode);
            await container.WaitForExitAsync(patience.Token);
            Assert.Equal(0, container.ExitCode);
        }
        finally
        {
            if (!container.HasExited) container.Kill(entireProcessTree: true);
            await container.WaitForExitAsync(CancellationToken.None);
        }
    }

    /// <summary>The image's configuration; its one layer is in "rootfs".</summary>
    private async Task<JsonElement> UnpackAsync()
    {
        Directory.CreateDirectory(_folder["layout"]);
        Directory.CreateDirectory(_folder["rootfs"]);
        await RunAsync("tar", "-xf", Path.Combine(BuiltMachine.Out, "oci.tar"), "-C", _folder["layout"]);
        var manifest = Read(Read(await File.ReadAllTextAsync(_folder["layout/index.json"], TestContext.Current.CancellationToken), "manifests"));
        await RunAsync("tar", "--numeric-owner", "-xzpf", Blob(manifest.GetProperty("layers")[0]), "-C", _folder["rootfs"]);
        return Read(manifest.GetProperty("config")).GetProperty("config");
    }

    private static JsonElement Read(string json, string member) => JsonDocument.Parse(json).RootElement.GetProperty(member)[0];

    private JsonElement Read(JsonElement descriptor) => JsonDocument.Parse(File.ReadAllText(Blob(descriptor))).RootElement;

    private string Blob(JsonElement descriptor) => _folder["layout/blobs/" + descriptor.GetProperty("digest").GetString()!.Replace(':', '/')];

    private static string Bundle(JsonElement config, int port) => $$"""
        { "ociVersion":"1.0.0",
         "process":{"user":{"uid":1000,"gid":1000},"args":[{{config.GetProperty("Entrypoint")[0].GetRawText()}},"--port","{{port.ToString(CultureInfo.InvariantCulture)}}"],
                    "env":{{config.GetProperty("Env").GetRawText()}},"cwd":{{config.GetProperty("WorkingDir").GetRawText()}},"noNewPrivileges":true,"capabilities":{} },
         "root":{"path":"rootfs","readonly":true},
         "mounts":[{"destination":"/proc","type":"proc","source":"proc"},
                   {"destination":"/dev","type":"tmpfs","source":"tmpfs","options":["nosuid","mode=755"]},
                   {"destination":"/data","type":"tmpfs","source":"tmpfs","options":["uid=1000","gid=1000","mode=700"]}],
         "linux":{"namespaces":[{"type":"pid"},{"type":"mount"},{"type":"ipc"},{"type":"uts"}] } }
        """;

    private static async Task RunAsync(string name, params string[] arguments)
    {
        var result = await Tool.RunAsync(name, arguments);
        Assert.True(result.ExitCode == 0, result.Errors);
    }

    private static async Task<bool> AnswersAsync(HttpClient http, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await http.GetAsync("healthz", cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
