using Pasteur.Configuration;

namespace Pasteur.Boot;

/// <summary>
/// How a machine ends. What was accepted is stored or pushed by then. Once the site runs, one thread alone still has the right to: it does
/// nothing but wait for the order.
/// </summary>
internal static unsafe class PowerSwitch
{
    // LINUX_REBOOT_CMD_… of reboot(2); prctl(2); numbers of syscalls(2); capabilities(7).
    private const int CommandPowerOff = 0x4321FEDC, CommandRestart = 0x01234567, CommandKeysToFirstProcess = 0;
    private const int KeepCapabilities = 8;
    private const long GetThreadId = 186, SetCapabilities = 126;
    private const uint CapabilityVersion3 = 0x20080522;
    private const int FirstProcess = 1, Terminate = 15;
    private const int ThreadStackBytes = 256 * 1024;

    private static readonly ManualResetEventSlim s_isReady = new(), s_isDropped = new(), s_isAlone = new(), s_isOrdered = new();
    private static int s_thread, s_problem, s_command;
    private static volatile bool s_isSites;

    /// <summary>Whether the site runs, which ends the machine itself when it is asked to.</summary>
    public static bool IsSites => s_isSites;

    public static void HandToSite() => s_isSites = true;

    /// <summary>Somebody asks the machine to end: the site finishes its work first, if it has begun.</summary>
    public static void Press()
    {
        if (s_isSites)
            _ = Native.Kill(FirstProcess, Terminate);
        else
            PowerOff();
    }

    /// <summary>Ctrl-alt-del becomes SIGINT for the first process, instead of a restart at once.</summary>
    public static void TakeKeys() => _ = Native.Reboot(CommandKeysToFirstProcess);

    /// <summary>Starts the thread that will keep its capabilities when the user changes, and answers its id.</summary>
    public static int Hold()
    {
        new Thread(Wait, ThreadStackBytes) { IsBackground = true, Name = "power" }.Start();
        s_isReady.Wait();
        return s_thread;
    }

    /// <summary>Once the user has changed: that thread gives up all capabilities but one.</summary>
    public static void KeepPowerAlone()
    {
        s_isDropped.Set();
        s_isAlone.Wait();
        if (s_problem != 0)
            throw new StartFailedException(ExitCodes.Internal, $"the machine can't keep the right to switch itself off: {Native.ReasonOf(s_problem)}");
    }

    public static int PowerOff() => CanPowerOff() ? End(CommandPowerOff, "power off") : End(CommandRestart, "power off (by a restart: this machine has no other end)");

    public static int Restart() => End(CommandRestart, "restart");

    private static int End(int command, string words)
    {
        DataDisk.Release();
        Native.Sync();
        MachineConsole.Say(words);
        // A power off takes long enough.
        if (command == CommandRestart)
            MachineConsole.Finish();
        s_command = command;
        s_isOrdered.Set();
        // Until that thread is there, every thread has the right.
        if (s_thread == 0)
            Order();
        // The machine's only process must not end: that is a panic, and a restart.
        Thread.Sleep(Timeout.Infinite);
        return 0;
    }

    // Where neither ACPI nor Xen is, a kernel that is to power off halts, for ever; a restart ends such machines (QEMU's microvm, Firecracker).
    private static bool CanPowerOff() => Directory.Exists("/sys/firmware/acpi/tables") || File.Exists("/sys/hypervisor/type");

    private static void Wait()
    {
        if (Native.ProcessControl(KeepCapabilities, 1, 0, 0, 0) != 0)
            s_problem = Native.Errno;
        s_thread = (int)Native.Call(GetThreadId, null, null);
        s_isReady.Set();
        s_isDropped.Wait();
        // struct __user_cap_header_struct: version, process; two of __user_cap_data_struct: effective, permitted, inheritable.
        uint* header = stackalloc uint[2] { CapabilityVersion3, 0 };
        const uint kept = 1u << ThreadRights.SystemBoot;
        uint* sets = stackalloc uint[6] { kept, kept, 0, 0, 0, 0 };
        if (Native.Call(SetCapabilities, header, sets) != 0)
            s_problem = Native.Errno;
        s_isAlone.Set();
        s_isOrdered.Wait();
        Order();
    }

    private static void Order()
    {
        if (Native.Reboot(s_command) != 0)
            MachineConsole.Say($"the machine can't switch itself off: {Native.Reason}; switch it off");
    }
}
