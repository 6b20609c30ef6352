namespace Pasteur.Boot;

/// <summary>How a machine ends. What was accepted is stored or pushed by then.</summary>
internal static class PowerSwitch
{
    // LINUX_REBOOT_CMD_… of reboot(2).
    private const int CommandPowerOff = 0x4321FEDC, CommandRestart = 0x01234567, CommandKeysToFirstProcess = 0;

    public static int PowerOff()
    {
        Native.Sync();
        return End(CommandPowerOff, "power off");
    }

    public static int Restart()
    {
        Native.Sync();
        return End(CommandRestart, "restart");
    }

    /// <summary>Ctrl-alt-del becomes SIGINT for the first process, instead of a restart at once.</summary>
    public static void TakeKeys() => _ = Native.Reboot(CommandKeysToFirstProcess);

    private static int End(int command, string words)
    {
        MachineConsole.Say(words);
        if (Native.Reboot(command) != 0)
            MachineConsole.Say($"can't {words}: {Native.Reason}; switch the machine off");
        // Where the machine can't do it, its only process must not end: that is a panic, and a restart.
        Thread.Sleep(Timeout.Infinite);
        return 0;
    }
}
