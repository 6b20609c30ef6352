using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Pasteur.Git.Objects;

/// <summary>A SHA-1 object name: 20 bytes, ordered as bytes are (the order of a pack index and of <c>git rev-list</c>).</summary>
public readonly struct ObjectId : IEquatable<ObjectId>, IComparable<ObjectId>
{
    public const int Size = 20;
    public const int HexLength = 2 * Size;

    // Big-endian words: comparing the numbers compares the bytes.
    private readonly ulong _a;
    private readonly ulong _b;
    private readonly uint _c;

    public ObjectId(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size) throw new ArgumentException($"An object id has {Size} bytes, not {bytes.Length}.", nameof(bytes));
        _a = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _b = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _c = BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]);
    }

    /// <summary>All zeros: "no object" in ref updates (gitprotocol-pack).</summary>
    public static ObjectId Zero => default;

    /// <summary>The tree without entries, which git knows without storing it.</summary>
    public static readonly ObjectId EmptyTree = Parse("4b825dc642cb6eb9a060e54bf8d69288fbee4904");

    public bool IsZero => (_a | _b | _c) == 0;

    public byte FirstByte => (byte)(_a >> 56);

    /// <summary>Bytes 0 to 7, as a number that orders as the ids do.</summary>
    public ulong FirstBits => _a;

    /// <summary>Bytes 8 to 15.</summary>
    public ulong MiddleBits => _b;

    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _a);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _b);
        BinaryPrimitives.WriteUInt32BigEndian(destination[16..], _c);
    }

    /// <summary>Reads 40 hexadecimal digits, upper or lower case.</summary>
    public static bool TryParse(ReadOnlySpan<char> hex, out ObjectId id)
    {
        Span<byte> bytes = stackalloc byte[Size];
        id = default;
        if (hex.Length != HexLength) return false;
        if (Convert.FromHexString(hex, bytes, out _, out var written) != System.Buffers.OperationStatus.Done || written != Size) return false;
        id = new ObjectId(bytes);
        return true;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, out ObjectId)"/>
    public static bool TryParse(ReadOnlySpan<byte> hex, out ObjectId id)
    {
        Span<byte> bytes = stackalloc byte[Size];
        id = default;
        if (hex.Length != HexLength) return false;
        if (Convert.FromHexString(hex, bytes, out _, out var written) != System.Buffers.OperationStatus.Done || written != Size) return false;
        id = new ObjectId(bytes);
        return true;
    }

    public static ObjectId Parse(string hex) =>
        TryParse(hex.AsSpan(), out var id) ? id : throw new FormatException($"\"{hex}\" is not an object id of {HexLength} hexadecimal digits.");

    /// <summary>Writes 40 lower-case ASCII digits.</summary>
    public void WriteHex(Span<byte> destination)
    {
        Span<byte> bytes = stackalloc byte[Size];
        CopyTo(bytes);
        Convert.TryToHexStringLower(bytes, destination, out _);
    }

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        CopyTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    public bool Equals(ObjectId other) => _a == other._a && _b == other._b && _c == other._c;

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is ObjectId other && Equals(other);

    public override int GetHashCode() => (int)(_a >> 32) ^ (int)_b;

    public int CompareTo(ObjectId other)
    {
        if (_a != other._a) return _a < other._a ? -1 : 1;
        if (_b != other._b) return _b < other._b ? -1 : 1;
        return _c.CompareTo(other._c);
    }

    public static bool operator ==(ObjectId left, ObjectId right) => left.Equals(right);

    public static bool operator !=(ObjectId left, ObjectId right) => !left.Equals(right);

    public static bool operator <(ObjectId left, ObjectId right) => left.CompareTo(right) < 0;

    public static bool operator >(ObjectId left, ObjectId right) => left.CompareTo(right) > 0;

    public static bool operator <=(ObjectId left, ObjectId right) => left.CompareTo(right) <= 0;

    public static bool operator >=(ObjectId left, ObjectId right) => left.CompareTo(right) >= 0;
}
