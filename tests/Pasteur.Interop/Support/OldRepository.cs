using Pasteur.Tests.Support;

namespace Pasteur.Interop.Support;

/// <summary>A repository as the OCaml Pasteur left it, with one paste that its page encrypted: "hello, world" and a line feed.</summary>
internal static class OldRepository
{
    public const string Id = "aZ3";

    public const string Key =
        "eyJhbGciOiJBMTI4Q0JDIiwiZXh0Ijp0cnVlLCJrIjoiang0dFBFdGFhWGlIbHFXMHc5TGg4QSIsImtleV9vcHMiOlsiZW5jcnlwdCIsImRlY3J5cHQiXSwia3R5Ijoib2N0In0=";

    /// <summary>Answers its path.</summary>
    public static string Make(TemporaryFolder folder)
    {
        StockGit.Run(folder.Path, "init", "-q", "-b", "main", "old");
        File.WriteAllText(folder["old/" + Id], "{\"contents\":\"7233db40830aea10addcf87f36617d41\",\"encrypted\":true}");
        StockGit.Run(folder["old"], "add", "-A");
        StockGit.Run(folder["old"], "commit", "-q", "-m", Id);
        StockGit.Run(folder.Path, "clone", "-q", "--bare", "old", "old.git");
        return folder["old.git"];
    }
}
