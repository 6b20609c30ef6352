using System.Runtime.InteropServices;
using Pasteur.Configuration;

namespace Pasteur.Boot;

/// <summary>
/// What happens between the kernel and the site: the first process sets the machine up, with all privileges, and then runs the program again
/// without them. Whatever is wrong is one line on the console, and the machine powers off; it never halts or restarts without a word.
/// </summary>
internal sealed class FirstStage(string[] arguments)
{
    public const string Program = "/init";

    private const int ChildEnded = 17;
    private const nint Ignore = 1;
    private const string HostName = "pasteur";

    private readonly Dictionary<string, string> _environment = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
        .ToDictionary(variable => (string)variable.Key, variable => (string)variable.Value!, StringComparer.Ordinal);

    /// <summary>Does not return.</summary>
    public int Run()
    {
        try
        {
            SetUp();
            return PowerSwitch.PowerOff();
        }
        catch (StartFailedException e)
        {
            MachineConsole.Say(e.Message);
            return PowerSwitch.PowerOff();
        }
    }

    private void SetUp()
    {
        KernelFileSystems.MountAll();
        // A panic restarts the machine, after its last lines could be read.
        File.WriteAllText("/proc/sys/kernel/panic", $"{(int)Limits.PanicPause.TotalSeconds}");
        // Nobody waits for processes that the kernel hands to the first one: they leave nothing behind.
        _ = Native.Signal(ChildEnded, Ignore);
        KernelModules.LoadAll();
        PowerSwitch.TakeKeys();
        PowerKeys.Watch(static () => PowerSwitch.PowerOff());
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, static _ => PowerSwitch.PowerOff());
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, static _ => PowerSwitch.PowerOff());
        _ = Native.SetHostName(HostName, (nuint)HostName.Length);

        CheckMemory();
        var isKept = DataDisk.Mount();
        if (isKept)
            Privileges.HandOver(DataDisk.Folder);
        AddDefaults(isKept);
        var options = MachineOptions.Collect(arguments);
        var settings = ReadSettings(options);
        var network = new Network(settings.Machine!);
        network.SetUp();
        Clock.Set(settings.Machine!.TimeServer, network.Lease?.TimeServers ?? []);
        ReachCheck.Run(settings, network.Nameservers);
        KernelFileSystems.SealRoot();
        Privileges.DropAndExecute(Program, options, [.. _environment.Select(variable => $"{variable.Key}={variable.Value}")]);
    }

    // They are the machine's defaults: an option, or a variable on the kernel's command line, says otherwise.
    private void AddDefaults(bool isKept)
    {
        _environment["HOME"] = "/tmp";
        _environment["SSL_CERT_FILE"] = "/etc/ssl/certs/ca-certificates.crt";
        _environment[VirtualMachine.Mark] = VirtualMachine.MarkOfSecondStage;
        _environment.TryAdd("PASTEUR_BIND", "*");
        if (isKept)
            _environment.TryAdd("PASTEUR_DATA", DataDisk.Folder);
        else
            _environment.TryAdd("PASTEUR_NO_DATA", "1");
    }

    private Settings ReadSettings(string[] options) => new CommandLine(Habitat.Machine).Read(options, _environment.GetValueOrDefault) switch
    {
        Invocation.Serve serve => serve.Settings,
        Invocation.Refused refused => throw new StartFailedException(ExitCodes.Usage, string.Join("; ", refused.Problems)),
        Invocation.Show show => throw new StartFailedException(ExitCodes.Usage, $"a machine only serves; {show.Text.Split('\n')[0]}"),
        _ => throw new StartFailedException(ExitCodes.Usage, "a machine only serves: put, get, fsck and keygen are for a terminal"),
    };

    private static void CheckMemory()
    {
        var megabytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20;
        if (megabytes < Limits.SmallestMachineMegabytes)
            MachineConsole.Say($"the machine has {megabytes} MB of memory left, which may not be enough; give it more");
    }
}
