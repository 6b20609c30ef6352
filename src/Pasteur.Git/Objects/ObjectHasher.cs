using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;

namespace Pasteur.Git.Objects;

/// <summary>The id of an object: SHA-1 of <c>kind SP size NUL</c> and its bytes.</summary>
internal static class ObjectHasher
{
    // "commit", a space, the digits of any int, NUL.
    private const int MaxPrefixBytes = 6 + 1 + 10 + 1;

    // A one-shot hash over one run of memory is the fastest for what is small; beyond, its copy costs more than the calls saved.
    private const int OneShotBytes = 4096;

    [ThreadStatic]
    private static IncrementalHash? _hash;

    [SkipLocalsInit]
    public static ObjectId Hash(ObjectKind kind, ReadOnlySpan<byte> content)
    {
        Span<byte> digest = stackalloc byte[ObjectId.Size];
        Span<byte> buffer = stackalloc byte[MaxPrefixBytes + OneShotBytes];
        var prefix = WritePrefix(kind, content.Length, buffer);
        if (content.Length <= OneShotBytes)
        {
            content.CopyTo(buffer[prefix..]);
            SHA1.HashData(buffer[..(prefix + content.Length)], digest);
            return new ObjectId(digest);
        }

        var hash = _hash ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        hash.AppendData(buffer[..prefix]);
        hash.AppendData(content);
        hash.GetHashAndReset(digest);
        return new ObjectId(digest);
    }

    private static int WritePrefix(ObjectKind kind, int size, Span<byte> destination)
    {
        var name = kind.Name();
        name.CopyTo(destination);
        destination[name.Length] = (byte)' ';
        Utf8Formatter.TryFormat(size, destination[(name.Length + 1)..], out var digits);
        var length = name.Length + 1 + digits;
        destination[length] = 0;
        return length + 1;
    }
}
