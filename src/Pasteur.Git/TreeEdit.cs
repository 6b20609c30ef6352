namespace Pasteur.Git;

/// <summary>Puts a blob at a path (<c>a/b/c</c>, mode 100644), or removes what is there when <paramref name="Blob"/> is null.</summary>
public sealed record TreeEdit(string Path, PreparedBlob? Blob);
