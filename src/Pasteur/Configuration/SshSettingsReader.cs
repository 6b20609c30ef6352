using Pasteur.Keys;

namespace Pasteur.Configuration;

/// <summary>The part of <see cref="SettingsReader"/> that reads keys. A key file is read and decrypted at start: what is wrong with it is told then.</summary>
internal sealed class SshSettingsReader(SettingList list, SettingsReader settings)
{
    /// <param name="url">Null when there is no remote, or none that could be read.</param>
    public SshSettings Read(RemoteUrl? url)
    {
        var (seedGiven, fileGiven) = (settings.Find(list.SshSeed), settings.Find(list.SshKey));
        var seed = settings.GetGiven(list.SshSeed);
        var passphrase = settings.GetGiven(list.SshPassphrase);
        var hostKeys = settings.GetAll(list.SshAuth);
        var key = fileGiven is null ? null : ReadKey(fileGiven, passphrase);
        if (seedGiven is not null && fileGiven is not null)
            settings.AddProblem($"{seedGiven.Name} and {fileGiven.Name} are both given, but one key is enough; give one of them");
        else if (passphrase is not null && fileGiven is null)
            settings.AddProblem($"{settings.Find(list.SshPassphrase)!.Name} is of no use without {list.SshKey.Name} FILE; give both or neither");
        else if (url is RemoteUrl.Ssh && seedGiven is null && fileGiven is null)
            settings.AddProblem($"{settings.Find(list.Remote)!.Name} is reached over SSH, which needs a key: give --ssh-seed (make one with pasteur keygen) or --ssh-key FILE");
        return new SshSettings { Seed = seed, Key = key, HostKeys = hostKeys };
    }

    private SshKey? ReadKey(Given given, string? passphrase)
    {
        var (key, problem) = ReadKeyFile(given.Text, passphrase);
        if (problem is not null)
            settings.AddProblem($"{list.SshKey.Describe(given.Name, given.Text)} {problem}");
        return key;
    }

    private static (SshKey? Key, string? Problem) ReadKeyFile(string path, string? passphrase)
    {
        try
        {
            using var file = File.OpenRead(path);
            var bytes = new byte[Limits.MaxKeyFileBytes + 1];
            var count = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (count > Limits.MaxKeyFileBytes)
                return (null, "is too large for a private key");
            return (SshKey.Read(bytes[..count], passphrase, out var problem), problem);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return (null, $"cannot be read: {e.Message}");
        }
    }
}
