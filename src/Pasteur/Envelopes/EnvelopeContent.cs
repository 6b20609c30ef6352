namespace Pasteur.Envelopes;

/// <summary>What is inside of an envelope.</summary>
/// <param name="Files">At least one.</param>
/// <param name="Language">A name from the site's list, or null.</param>
internal sealed record EnvelopeContent(IReadOnlyList<EnvelopeFile> Files, string? Language);

/// <param name="Name">Whatever the author's program wrote: to be shown, and no path before it is made safe.</param>
internal sealed record EnvelopeFile(string Name, ReadOnlyMemory<byte> Bytes);
