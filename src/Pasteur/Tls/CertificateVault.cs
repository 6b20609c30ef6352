using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Pasteur.Acme;
using Pasteur.Configuration;
using Pasteur.Keys;

namespace Pasteur.Tls;

/// <summary>
/// Keeps what must outlive the program, for one authority:
/// <code>
/// tls/HOST-XXXXXXXX/account.pem       the account's private key; not there when a seed makes it
/// tls/HOST-XXXXXXXX/account.next.pem  the key that the account is being given; it stays when the program ends before the answer
/// tls/HOST-XXXXXXXX/certificate.pem   the chain, then the certificate's private key, if no seed makes it
/// </code>
/// XXXXXXXX are the first digits of the SHA-256 of the directory's address. Files have mode 0600, and appear whole: the certificate and its
/// key can't be of two renewals.
/// </summary>
/// <param name="root">The data folder; null keeps nothing.</param>
internal sealed class CertificateVault(string? root, AcmeSettings settings)
{
    private readonly string? _folder = root is null ? null : Path.Combine(root, "tls", NameOf(settings.Server.Directory));

    /// <summary>What is saved is there at the next start.</summary>
    public bool KeepsData => _folder is not null;

    /// <summary>Of the seed, the one that is kept, or a fresh one.</summary>
    /// <exception cref="StartFailedException">What is kept is no key, or nothing can be kept.</exception>
    public AccountKey OpenAccountKey()
    {
        if (settings.AccountSeed is { } seed)
            return AccountKey.Of(KeyDerivation.DeriveAccountKey(seed));
        if (_folder is null)
            return AccountKey.Generate();
        var path = AccountPath(_folder);
        try
        {
            if (File.Exists(path))
            {
                return AccountKey.FromPem(File.ReadAllText(path))
                    ?? throw new StartFailedException(ExitCodes.DataDamaged, $"{path} holds no private key that an account can have; put the key back, or remove the file for a new account");
            }
            var key = AccountKey.Generate();
            Write(path, key.ExportPem());
            return key;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartFailedException(ExitCodes.DataFolderUnusable, $"can't keep the key of the account in {path}: {e.Message}", e);
        }
    }

    /// <summary>Before the authority is told: its answer may be lost.</summary>
    /// <returns>Why it could not be kept; null when it was.</returns>
    public string? KeepNextAccountKey(AccountKey key) => Try(folder => Write(NextAccountPath(folder), key.ExportPem()));

    /// <summary>The key kept last is the account's from now on.</summary>
    /// <returns>Why it could not be kept so; null when it was.</returns>
    public string? AdoptNextAccountKey() => Try(static folder => File.Move(NextAccountPath(folder), AccountPath(folder), overwrite: true));

    /// <summary>A key for the next certificate.</summary>
    public AsymmetricAlgorithm NewCertificateKey() => settings.CertificateSeed is { } seed
        ? KeyDerivation.DeriveCertificateKey(seed, settings.KeyType)
        : settings.KeyType switch
        {
            CertificateKeyType.EcdsaP256 => ECDsa.Create(ECCurve.NamedCurves.nistP256),
            CertificateKeyType.Rsa2048 => RSA.Create(2048),
        };

    /// <summary>The certificate of an earlier run; null when there is none that can be read.</summary>
    public ServedCertificate? Load()
    {
        if (_folder is null)
            return null;
        try
        {
            var pem = File.ReadAllText(CertificatePath);
            return ServedCertificate.OfPem(pem, settings.CertificateSeed is null ? pem : NewCertificateKey().ExportPkcs8PrivateKeyPem());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Whether a certificate is what would be asked for now: its names, and the kind of its key.</summary>
    public bool IsWanted(ServedCertificate certificate, IReadOnlyList<string> hostnames)
    {
        var isOfKind = settings.KeyType == CertificateKeyType.EcdsaP256 ? certificate.Leaf.PublicKey.Oid.Value == "1.2.840.10045.2.1" : certificate.Leaf.PublicKey.Oid.Value == "1.2.840.113549.1.1.1";
        return isOfKind && certificate.Names.ToHashSet(StringComparer.OrdinalIgnoreCase).SetEquals(hostnames.Select(h => AcmeIdentifier.Of(h).Value));
    }

    /// <returns>Why it could not be kept; null when it was.</returns>
    public string? Save(CertificateChain chain, AsymmetricAlgorithm key) =>
        Try(_ => Write(CertificatePath, chain.Pem + (settings.CertificateSeed is null ? key.ExportPkcs8PrivateKeyPem() + "\n" : "")));

    private string? Try(Action<string> keep)
    {
        if (_folder is null)
            return null;
        try
        {
            keep(_folder);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return e.Message;
        }
    }

    private static string AccountPath(string folder) => Path.Combine(folder, "account.pem");

    private static string NextAccountPath(string folder) => Path.Combine(folder, "account.next.pem");

    private string CertificatePath => Path.Combine(_folder!, "certificate.pem");

    private static void Write(string path, string content)
    {
        PrivateFile.MakeFolder(Path.GetDirectoryName(Path.GetDirectoryName(path))!);
        PrivateFile.Write(path, content);
    }

    private static string NameOf(Uri directory)
    {
        var digits = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(directory.AbsoluteUri)).AsSpan(0, 4));
        return string.Create(CultureInfo.InvariantCulture, $"{directory.IdnHost.Replace(':', '_').Trim('[', ']')}-{digits}");
    }
}
