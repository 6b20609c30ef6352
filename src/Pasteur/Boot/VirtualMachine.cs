using Pasteur.Boot.Dhcp;
using Pasteur.Configuration;

namespace Pasteur.Boot;

/// <summary>The program as a machine's only process: what it is started as, and how it ends.</summary>
internal static class VirtualMachine
{
    /// <summary>The variable that tells the program's second run from its first.</summary>
    public const string Mark = "PASTEUR_STAGE";
    public const string MarkOfSecondStage = "site";

    private const int FirstProcess = 1, Terminate = 15;
    private static readonly string[] s_helpers = ["/sbin/poweroff", "/sbin/reboot"];

    internal enum Role
    {
        /// <summary>An ordinary process, also as the first one of a container.</summary>
        None,

        /// <summary>The kernel's first process: nothing is set up yet.</summary>
        SetUp,

        /// <summary>The same, after the set-up.</summary>
        Site,

        /// <summary>The kernel runs /sbin/poweroff when the hypervisor wishes the machine to end.</summary>
        PowerOffHelper,
    }

    public static Role OwnRole()
    {
        if (Environment.ProcessId == FirstProcess)
        {
            // A container's engine has mounted /proc before its first process runs; a kernel mounts nothing.
            return Environment.GetEnvironmentVariable(Mark) == MarkOfSecondStage ? Role.Site
                : Directory.Exists("/proc/self") ? Role.None : Role.SetUp;
        }
        return s_helpers.Contains(Environment.GetCommandLineArgs()[0]) ? Role.PowerOffHelper : Role.None;
    }

    public static int SetUp(string[] arguments) => new FirstStage(arguments).Run();

    /// <summary>Asks the first process to end the machine.</summary>
    public static int PassOn() => Native.Kill(FirstProcess, Terminate);

    /// <summary>Runs the site without the rights that the set-up had, then ends the machine. Does not return.</summary>
    public static async Task<int> RunAsync(Func<Task<int>> site)
    {
        PowerKeys.Watch(static () => Native.Kill(FirstProcess, Terminate));
        var lease = LeaseKeeper.FromSetUp();
        SystemCallFilter.Install();
        using var stop = new CancellationTokenSource();
        var keeping = KeepLeaseAsync(lease, stop.Token);
        var code = await site();
        await stop.CancelAsync();
        if (await keeping)
            return PowerSwitch.Restart();
        if (code != ExitCodes.Internal)
            return PowerSwitch.PowerOff();
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
}
