using System.Runtime.InteropServices;
using Pasteur.Boot.Dhcp;
using Pasteur.Configuration;

namespace Pasteur.Boot;

/// <summary>
/// The program as a machine's only process: what it is started as, and how it ends. Whatever is wrong is one line on the console, and the
/// machine powers off, or restarts after a fault; it never halts or restarts without a word.
/// </summary>
internal static class VirtualMachine
{
    private const int FirstProcess = 1, Terminate = 15;
    private static readonly string[] s_helpers = ["/sbin/poweroff", "/sbin/reboot"];

    internal enum Role
    {
        /// <summary>An ordinary process, also as the first one of a container.</summary>
        None,

        /// <summary>The kernel's first process: nothing is set up yet.</summary>
        Machine,

        /// <summary>The kernel runs /sbin/poweroff when the hypervisor wishes the machine to end.</summary>
        PowerOffHelper,
    }

    public static Role OwnRole()
    {
        // A container's engine has mounted /proc before its first process runs; a kernel mounts nothing.
        if (Environment.ProcessId == FirstProcess)
            return Directory.Exists("/proc/self") ? Role.None : Role.Machine;
        return s_helpers.Contains(Environment.GetCommandLineArgs()[0]) ? Role.PowerOffHelper : Role.None;
    }

    /// <summary>Asks the first process to end the machine.</summary>
    public static int PassOn() => Native.Kill(FirstProcess, Terminate);

    /// <summary>Sets the machine up, runs the site without the rights that this took, then ends the machine. Does not return.</summary>
    public static async Task<int> RunAsync(string[] arguments, Func<Settings, Task<int>> site)
    {
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        try
        {
            var setUp = new SetUp(arguments);
            var settings = setUp.Run();
            PowerSwitch.HandToSite();
            return await ServeAsync(setUp.Lease, () => site(settings));
        }
        catch (StartFailedException e)
        {
            MachineConsole.Say(e.Message);
            return PowerSwitch.PowerOff();
        }
        catch (Exception e)
        {
            MachineConsole.Say($"a fault of the program; please report it with this line: {e}");
            return await RestartAfterFaultAsync();
        }
    }

    private static async Task<int> ServeAsync(LeaseKeeper? lease, Func<Task<int>> site)
    {
        using var stop = new CancellationTokenSource();
        var keeping = KeepLeaseAsync(lease, stop.Token);
        var code = await site();
        await stop.CancelAsync();
        return await keeping ? PowerSwitch.Restart()
            : code == ExitCodes.Internal ? await RestartAfterFaultAsync()
            : PowerSwitch.PowerOff();
    }

    private static async Task<int> RestartAfterFaultAsync()
    {
        await Task.Delay(Limits.PanicPause);
        return PowerSwitch.Restart();
    }

    /// <summary>True when the lease is lost: the site is asked to end, and the machine is to start anew.</summary>
    private static async Task<bool> KeepLeaseAsync(LeaseKeeper? lease, CancellationToken cancellationToken)
    {
        if (lease is null)
            return false;
        try
        {
            await lease.KeepAsync(cancellationToken);
            _ = Native.Kill(FirstProcess, Terminate);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    // While the site runs, it takes these signals itself.
    private static void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (!PowerSwitch.IsSites)
            PowerSwitch.PowerOff();
    }
}
