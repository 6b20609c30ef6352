using System.Net;
using System.Net.Sockets;
using Pasteur.Tests.Support;

namespace Pasteur.Interop.Remotes;

/// <summary>A folder of bare repositories that judge what they are sent; what serves them derives from this.</summary>
internal abstract class BareRepositories : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();

    public string Folder => _folder.Path;

    public string Path(string name) => _folder[name];

    public string Git(string name, params string[] arguments) => StockGit.Run(Path(name), arguments);

    /// <summary>An empty repository that checks every object it is sent.</summary>
    public void MakeEmpty(string name)
    {
        StockGit.Run(Folder, "init", "-q", "--bare", "--shared", "-b", "main", name);
        Git(name, "config", "transfer.fsckObjects", "true");
        Git(name, "config", "receive.autogc", "false");
    }

    /// <summary>The remote of the OCaml Pasteur's README: one commit of the empty tree, whose object is not there.</summary>
    public void MakeSeedling(string name)
    {
        MakeEmpty(name);
        Git(name, "read-tree", "--empty");
        Git(name, "update-ref", "refs/heads/main", Git(name, "commit-tree", Git(name, "write-tree"), "-m", "."));
    }

    /// <summary>Somebody else pushes a file, from a clone of their own.</summary>
    public string PushForeign(string name, string path, string text, string branch = "main")
    {
        var clone = _folder["clone-" + Guid.NewGuid().ToString("n")[..8]];
        StockGit.Run(Folder, "clone", "-q", Path(name), clone);
        StockGit.Run(clone, "checkout", "-q", "-B", branch);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.Combine(clone, path))!);
        File.WriteAllText(System.IO.Path.Combine(clone, path), text);
        StockGit.Run(clone, "add", "-A");
        StockGit.Run(clone, "commit", "-q", "-m", "foreign " + path);
        StockGit.Run(clone, "push", "-q", "origin", branch);
        return StockGit.Run(clone, "rev-parse", "HEAD");
    }

    public void AddHook(string name, string hook, string script)
    {
        var file = System.IO.Path.Combine(Path(name), "hooks", hook);
        File.WriteAllText(file, "#!/bin/sh\n" + script + "\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>
    /// git fsck finds no fault. What a killed sender had under way may land between its look at the objects and its look at the refs, and then it calls missing
    /// what has just come: what is missing indeed is missing the second time, too.
    /// </summary>
    public void AssertSound(string name)
    {
        string[] words = ["fsck", "--strict", "--no-dangling"];
        if (StockGit.Try(Path(name), default, words) is not { ExitCode: 0, Output: [], Errors: "" })
            Assert.Equal("", StockGit.Run(Path(name), words));
    }

    public virtual ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    protected static async Task<bool> AnswersAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
