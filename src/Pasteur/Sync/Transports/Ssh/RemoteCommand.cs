using Pasteur.Git.Protocol;

namespace Pasteur.Sync.Transports.Ssh;

/// <summary>What the other end's shell, git-shell or forced command is asked to run (git-shell(1), gitprotocol-pack "SSH Transport").</summary>
internal static class RemoteCommand
{
    public static string For(GitService service, string path) => $"{Name(service)} {Quote(path)}";

    public static string Name(GitService service) => service switch
    {
        GitService.UploadPack => "git-upload-pack",
        GitService.ReceivePack => "git-receive-pack",
    };

    /// <summary>As git quotes: ' ends the quotes, stands escaped, and begins them again; so does !, which csh would expand.</summary>
    public static string Quote(string text) =>
        $"'{text.Replace("'", @"'\''", StringComparison.Ordinal).Replace("!", @"'\!'", StringComparison.Ordinal)}'";
}
