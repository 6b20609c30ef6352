using System.ComponentModel;
using System.Diagnostics;
using Pasteur.Configuration;
using Pasteur.Git.Protocol;

namespace Pasteur.Sync.Transports;

/// <summary>A repository in a folder of this machine: the machine's own git is spoken to as a server is, over its standard streams.</summary>
internal sealed class LocalTransport(RemoteUrl.LocalFolder url) : Transport
{
    // `git rev-parse --local-env-vars`: these belong to the repository that a caller of ours stands in.
    private static readonly string[] s_foreignVariables =
    [
        "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR", "GIT_CONFIG", "GIT_CONFIG_COUNT", "GIT_CONFIG_PARAMETERS", "GIT_DIR", "GIT_GRAFT_FILE",
        "GIT_IMPLICIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_NO_REPLACE_OBJECTS", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX", "GIT_REPLACE_REF_BASE",
        "GIT_SHALLOW_FILE", "GIT_WORK_TREE",
    ];

    /// <exception cref="IOException">git cannot be started.</exception>
    public override ValueTask<GitConversation> ConnectAsync(GitService service, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var start = new ProcessStartInfo("git")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.ArgumentList.Add(service switch
        {
            GitService.UploadPack => "upload-pack",
            GitService.ReceivePack => "receive-pack",
        });
        start.ArgumentList.Add("--");
        start.ArgumentList.Add(url.FullPath);
        // Ours may hold secrets, and the repository's hooks are its owner's.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith(Setting.VariablePrefix, StringComparison.Ordinal)).Concat(s_foreignVariables).ToList())
            start.Environment.Remove(name);
        if (service == GitService.UploadPack)
            start.Environment["GIT_PROTOCOL"] = "version=2";
        else
            start.Environment.Remove("GIT_PROTOCOL");
        try
        {
            return ValueTask.FromResult<GitConversation>(new ProcessConversation(Process.Start(start)!));
        }
        catch (Win32Exception e)
        {
            throw new IOException($"cannot run git, which a remote in a folder needs ({e.Message}); install git or give a git:// remote", e);
        }
    }
}
