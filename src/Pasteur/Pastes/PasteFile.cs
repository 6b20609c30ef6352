namespace Pasteur.Pastes;

/// <summary>One file of a paste.</summary>
/// <param name="Name">The name shown: one path segment, without control or direction characters.</param>
/// <param name="StoredName">Its name in the repository, safe for a checkout on any system.</param>
/// <param name="Tag">The name of its Git blob.</param>
internal sealed record PasteFile(string Name, string StoredName, string Tag, ReadOnlyMemory<byte> Content)
{
    /// <summary>What the bytes are, judged by the bytes: what a file or a commit claims to be is never believed.</summary>
    public string MediaType { get; } = MediaTypes.Of(Content.Span);

    public bool IsText => MediaType == MediaTypes.Text;

    public bool IsImage => MediaTypes.IsImage(MediaType);
}
