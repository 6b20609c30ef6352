using System.Collections;
using Pasteur.Boot.Dhcp;
using Pasteur.Configuration;

namespace Pasteur.Boot;

/// <summary>
/// What happens between the kernel and the site: the first process sets the machine up, with all privileges, and gives them up. What is wrong
/// is one line, told by who catches the exception.
/// </summary>
internal sealed class SetUp(string[] arguments)
{
    private const int ChildEnded = 17;
    private const nint Ignore = 1;
    private const string UsualHostName = "pasteur";
    private const int MaxHostNameLength = 64;
    private const string AuthoritiesVariable = "SSL_CERT_FILE", AuthoritiesFile = "/etc/ssl/certs/ca-certificates.crt";

    private readonly Dictionary<string, string> _environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .ToDictionary(variable => (string)variable.Key, variable => (string)variable.Value!, StringComparer.Ordinal);

    /// <summary>Keeps the address; null when it needs no prolonging.</summary>
    public LeaseKeeper? Lease { get; private set; }

    /// <exception cref="StartFailedException">The machine can't be set up as the options say.</exception>
    public Settings Run()
    {
        KernelFileSystems.MountAll();
        MachineConsole.Open();
        // A panic restarts the machine, after its last lines could be read.
        File.WriteAllText("/proc/sys/kernel/panic", $"{(int)Limits.PanicPause.TotalSeconds}");
        // Nobody waits for processes that the kernel hands to the first one: they leave nothing behind.
        _ = Native.Signal(ChildEnded, Ignore);
        KernelModules.LoadAll();
        PowerSwitch.TakeKeys();
        PowerKeys.Watch(PowerSwitch.Press);

        CheckMemory();
        var isKept = DataDisk.Mount();
        AddDefaults(isKept);
        var settings = ReadSettings(MachineOptions.Collect(arguments));
        SetHostName(settings);
        var network = new Network(settings.Machine!);
        network.SetUp();
        Lease = network.LeaseKeeper;
        Clock.Set(settings.Machine!.TimeServer, network.Lease?.TimeServers ?? []);
        ReachCheck.Run(settings, network.Nameservers);
        KernelFileSystems.SealRoot();
        Privileges.AllowSite(isKept ? DataDisk.Folder : null);
        Privileges.Drop();
        return settings;
    }

    // They are the machine's defaults: an option, or a variable on the kernel's command line, says otherwise.
    private void AddDefaults(bool isKept)
    {
        _environment.TryAdd("PASTEUR_BIND", "*");
        if (isKept)
            _environment.TryAdd("PASTEUR_DATA", DataDisk.Folder);
        else
            _environment.TryAdd("PASTEUR_NO_DATA", "1");
        // Where OpenSSL looks, which is no part of the runtime and has the variables from libc.
        _ = Native.SetVariable(AuthoritiesVariable, AuthoritiesFile, overwrite: 0);
    }

    private Settings ReadSettings(string[] options) => new CommandLine(Habitat.Machine).Read(options, _environment.GetValueOrDefault) switch
    {
        Invocation.Serve serve => serve.Settings,
        Invocation.Refused refused => throw new StartFailedException(ExitCodes.Usage, string.Join("; ", refused.Problems)),
        Invocation.Show show => throw new StartFailedException(ExitCodes.Usage, $"a machine only serves; {show.Text.Split('\n')[0]}"),
        _ => throw new StartFailedException(ExitCodes.Usage, "a machine only serves: put, get, fsck and keygen are for a terminal"),
    };

    // The site's first name is the machine's.
    private static void SetHostName(Settings settings)
    {
        var name = settings.Tls?.Hostnames.FirstOrDefault(name => name[0] != '*' && name.Length <= MaxHostNameLength) ?? UsualHostName;
        _ = Native.SetHostName(name, (nuint)name.Length);
    }

    private static void CheckMemory()
    {
        var megabytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20;
        if (megabytes < Limits.SmallestMachineMegabytes)
            MachineConsole.Say($"the machine has {megabytes} MB of memory left, which may not be enough; give it more");
    }
}
