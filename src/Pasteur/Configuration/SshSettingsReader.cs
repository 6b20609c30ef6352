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
        string? problem = null;
        var read = SmallFile.ReadBytes(given.Text, Limits.MaxKeyFileBytes);
        var key = read.IsOk ? SshKey.Read(read.Value, passphrase, out problem) : null;
        if (key is null)
            settings.AddProblem($"{list.SshKey.Describe(given.Name, given.Text)} {read.Problem ?? problem}");
        return key;
    }
}
