namespace Pasteur.Git.Objects;

/// <summary>An object as stored: its kind and its bytes, without the "kind size\0" that its id is computed with.</summary>
internal readonly record struct RawObject(ObjectKind Kind, ReadOnlyMemory<byte> Bytes);
