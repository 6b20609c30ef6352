using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Crypto.Parameters;

namespace Pasteur.Keys;

/// <summary>
/// An Ed25519 key as OpenSSH keeps it in a file, without a passphrase (PROTOCOL.key of OpenSSH). A string is a uint32 length and so many bytes.
/// <code>
/// "openssh-key-v1" NUL
/// string "none", string "none", string ""     cipher, key derivation, its options
/// uint32 1                                    how many keys
/// string public key                           string "ssh-ed25519", string 32 bytes
/// string private section                      uint32 check, uint32 the same,
///                                             string "ssh-ed25519", string 32 bytes of the public key,
///                                             string 64 bytes: private and public key, string comment,
///                                             1 2 3 … up to a multiple of 8
/// </code>
/// The check tells a wrong passphrase from a right one. There is none here, so it is zero, and the file is the same each time.
/// </summary>
internal static class OpenSshPrivateKey
{
    private const int BlockBytes = 8;

    public static byte[] Encode(Ed25519PrivateKeyParameters key)
    {
        var (secret, point) = (key.GetEncoded(), key.GeneratePublicKey().GetEncoded());

        var publicKey = new ArrayBufferWriter<byte>();
        Write(publicKey, "ssh-ed25519"u8);
        Write(publicKey, point);

        var section = new ArrayBufferWriter<byte>();
        Write(section, 0);
        Write(section, 0);
        Write(section, "ssh-ed25519"u8);
        Write(section, point);
        Write(section, [.. secret, .. point]);
        Write(section, ""u8);
        for (byte pad = 1; section.WrittenCount % BlockBytes != 0; pad++) section.Write([pad]);

        var file = new ArrayBufferWriter<byte>();
        file.Write("openssh-key-v1\0"u8);
        Write(file, "none"u8);
        Write(file, "none"u8);
        Write(file, ""u8);
        Write(file, 1);
        Write(file, publicKey.WrittenSpan);
        Write(file, section.WrittenSpan);
        return Encoding.ASCII.GetBytes(PemEncoding.WriteString("OPENSSH PRIVATE KEY", file.WrittenSpan) + "\n");
    }

    private static void Write(ArrayBufferWriter<byte> to, uint number)
    {
        BinaryPrimitives.WriteUInt32BigEndian(to.GetSpan(sizeof(uint)), number);
        to.Advance(sizeof(uint));
    }

    private static void Write(ArrayBufferWriter<byte> to, ReadOnlySpan<byte> bytes)
    {
        Write(to, (uint)bytes.Length);
        to.Write(bytes);
    }
}
