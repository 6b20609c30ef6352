using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Pasteur.Keys;

/// <summary>A private key that lets us in somewhere, and its public half as it may be shown.</summary>
internal sealed class SshKey : IDisposable
{
    private SshKey(PrivateKeyFile file)
    {
        File = file;
        var blob = file.HostKeyAlgorithms.First().Data;
        PublicLine = $"{TypeOf(blob)} {Convert.ToBase64String(blob)} pasteur";
        Fingerprint = FingerprintOf(blob);
    }

    public PrivateKeyFile File { get; }

    /// <summary>As it stands in authorized_keys (sshd(8)).</summary>
    public string PublicLine { get; }

    /// <summary>As ssh-keygen -l prints it.</summary>
    public string Fingerprint { get; }

    /// <summary>What ssh-keygen -l -E sha256 prints of a public key's bytes.</summary>
    public static string FingerprintOf(byte[] blob) => "SHA256:" + Convert.ToBase64String(SHA256.HashData(blob)).TrimEnd('=');

    // RFC 4253, section 6.6: a public key begins with its type.
    //
    //   uint32 length   type   what belongs to the type
    private static string TypeOf(byte[] blob) =>
        BinaryPrimitives.TryReadUInt32BigEndian(blob, out var length) && length <= blob.Length - sizeof(uint) ? Encoding.ASCII.GetString(blob, sizeof(uint), (int)length) : "";

    public static SshKey FromSeed(SshSeed seed) => new(new PrivateKeyFile(new MemoryStream(Pem(seed))));

    /// <summary>The private key as a file that ssh and ssh-keygen read. Secret.</summary>
    public static byte[] Pem(SshSeed seed)
    {
        if (seed.Type == KeyType.Ed25519)
            return OpenSshPrivateKey.Encode(KeyDerivation.DeriveEd25519(seed));
        using var rsa = KeyDerivation.DeriveRsa(seed);
        return Encoding.ASCII.GetBytes(rsa.ExportRSAPrivateKeyPem() + "\n");
    }

    /// <summary>Reads a file that ssh-keygen wrote. Null when it is none; the problem then continues a sentence.</summary>
    public static SshKey? Read(byte[] file, string? passphrase, out string? problem)
    {
        if (file.AsSpan().IndexOf("-----BEGIN ENCRYPTED PRIVATE KEY-----"u8) >= 0)
        {
            // Unreachable.xml: its ciphers are not in the program.
            problem = "is encrypted as PKCS #8; make it OpenSSH's own with: ssh-keygen -p -f FILE";
            return null;
        }
        try
        {
            problem = null;
            return new SshKey(new PrivateKeyFile(new MemoryStream(file), passphrase));
        }
        catch (SshPassPhraseNullOrEmptyException)
        {
            problem = "is encrypted; give --ssh-passphrase too, better as the variable PASTEUR_SSH_PASSPHRASE";
        }
        // The library meets a malformed file with exceptions of many kinds; what it says may quote the file.
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            problem = passphrase is null
                ? "holds no private key that can be read; give one that ssh-keygen -t ed25519 made"
                : "cannot be read with this passphrase";
        }
        return null;
    }

    public void Dispose() => File.Dispose();

    public override string ToString() => PublicLine;
}
