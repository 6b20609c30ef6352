using System.Globalization;
using Pasteur.Configuration;

namespace Pasteur.Boot;

/// <summary>
/// Gives up what only the set-up needs. Of a process of several threads each has privileges of its own: libc changes the user of all of them,
/// which takes their capabilities away, and the kernel puts the filter of system calls on all. Then each thread's rights are read and judged.
/// </summary>
internal static unsafe class Privileges
{
    public const uint User = 1000, Group = 1000;

    private const string ThreadsFolder = "/proc/self/task";
    private const int NoNewPrivileges = 38;
    private const int LimitOpenFiles = 7;

    /// <summary>What an ordinary user would lack.</summary>
    /// <param name="dataFolder">Where the site keeps its pastes; null for nowhere.</param>
    public static void AllowSite(string? dataFolder)
    {
        if (dataFolder is not null)
            Check($"hand over {dataFolder}", Native.ChangeOwner(dataFolder, User, Group));
        File.WriteAllText("/proc/sys/net/ipv4/ip_unprivileged_port_start", "0");
        ulong* files = stackalloc ulong[2] { Limits.MachineOpenFiles, Limits.MachineOpenFiles };
        Check("raise the number of open files", Native.SetLimit(LimitOpenFiles, files));
    }

    /// <exception cref="StartFailedException">A thread would keep more than it should.</exception>
    public static void Drop()
    {
        var power = PowerSwitch.Hold();
        Check("leave groups", Native.SetGroups(0, null));
        Check("become another group", Native.SetGroupIds(Group, Group, Group));
        Check("become another user", Native.SetUserIds(User, User, User));
        PowerSwitch.KeepPowerAlone();
        Check("forbid new privileges", Native.ProcessControl(NoNewPrivileges, 1, 0, 0, 0));
        SystemCallFilter.Install();
        Verify(power);
    }

    private static void Verify(int powerThread)
    {
        foreach (var folder in Directory.GetDirectories(ThreadsFolder))
        {
            var isPower = int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture) == powerThread;
            if (ReadStatus(folder) is { } status && ThreadRights.Problem(status, isPower) is { } problem)
                throw new StartFailedException(ExitCodes.Internal, $"the site would keep more rights than it should: {problem}");
        }
    }

    // Null: the thread has ended.
    private static string? ReadStatus(string folder)
    {
        try
        {
            return File.ReadAllText($"{folder}/status");
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static void Check(string what, long result)
    {
        if (result != 0)
            throw new StartFailedException(ExitCodes.Internal, $"the machine can't {what}: {Native.Reason}");
    }
}
