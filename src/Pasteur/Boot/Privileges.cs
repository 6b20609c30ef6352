using System.Globalization;
using System.Runtime.InteropServices;
using Pasteur.Configuration;

namespace Pasteur.Boot;

/// <summary>
/// Gives up what only the set-up needs: the program begins anew, still as the first process, as an ordinary user whose one capability is to
/// switch the machine off. A new program image leaves no thread behind that kept more.
/// </summary>
internal static unsafe class Privileges
{
    public const uint User = 1000, Group = 1000;

    // Numbers of syscalls(2), prctl(2) and capabilities(7).
    private const long SetGroups = 116, SetUserIds = 117, SetGroupIds = 119, SetCapabilities = 126;
    private const int KeepCapabilities = 8, DropFromBoundingSet = 24, NoNewPrivileges = 38, AmbientCapabilities = 47;
    private const ulong AmbientRaise = 2;
    private const int SystemBoot = 22, MostCapabilities = 64;
    private const uint CapabilityVersion3 = 0x20080522;
    private const int LimitOpenFiles = 7;

    /// <summary>Returns only when that fails.</summary>
    public static void DropAndExecute(string program, IReadOnlyList<string> arguments, IReadOnlyList<string> environment)
    {
        AllowSite();
        Drop();
        Execute(program, arguments, environment);
        throw new StartFailedException(ExitCodes.Internal, $"{program} can't be run again: {Native.Reason}");
    }

    /// <summary>Gives a file or folder to the site's user.</summary>
    public static void HandOver(string path) => Check($"hand over {path}", Native.ChangeOwner(path, User, Group));

    private static void AllowSite()
    {
        foreach (var device in PowerKeys.Devices())
            HandOver(device);
        File.WriteAllText("/proc/sys/net/ipv4/ip_unprivileged_port_start", "0");
        ulong* files = stackalloc ulong[2] { Limits.MachineOpenFiles, Limits.MachineOpenFiles };
        Check("raise the number of open files", Native.SetLimit(LimitOpenFiles, files));
    }

    private static void Drop()
    {
        // Beyond the last capability that this kernel has, it answers an error.
        for (var capability = 0; capability < MostCapabilities; capability++)
        {
            if (capability != SystemBoot && Native.ProcessControl(DropFromBoundingSet, (ulong)capability, 0, 0, 0) != 0)
                break;
        }
        Check("keep capabilities", Native.ProcessControl(KeepCapabilities, 1, 0, 0, 0));
        Check("leave groups", Native.Call(SetGroups, 0, 0, 0));
        Check("become another group", Native.Call(SetGroupIds, Group, Group, Group));
        Check("become another user", Native.Call(SetUserIds, User, User, User));
        // struct __user_cap_header_struct: version, process; two of __user_cap_data_struct: effective, permitted, inheritable.
        uint* header = stackalloc uint[2] { CapabilityVersion3, 0 };
        const uint kept = 1u << SystemBoot;
        uint* sets = stackalloc uint[6] { kept, kept, kept, 0, 0, 0 };
        Check("give capabilities up", Native.Call(SetCapabilities, header, sets));
        Check("hand a capability on", Native.ProcessControl(AmbientCapabilities, AmbientRaise, SystemBoot, 0, 0));
        Check("forbid new privileges", Native.ProcessControl(NoNewPrivileges, 1, 0, 0, 0));
    }

    private static void Execute(string program, IReadOnlyList<string> arguments, IReadOnlyList<string> environment)
    {
        // Unmanaged memory that nobody frees: either the process image is replaced, or the machine ends.
        var name = (byte*)Marshal.StringToCoTaskMemUTF8(program);
        _ = Native.Execute(name, Vector([program, .. arguments]), Vector(environment));
    }

    private static byte** Vector(IReadOnlyList<string> words)
    {
        var vector = (byte**)NativeMemory.AllocZeroed((nuint)(words.Count + 1), (nuint)sizeof(byte*));
        for (var i = 0; i < words.Count; i++)
            vector[i] = (byte*)Marshal.StringToCoTaskMemUTF8(words[i]);
        return vector;
    }

    private static void Check(string what, long result)
    {
        if (result != 0)
            throw new StartFailedException(ExitCodes.Internal, string.Create(CultureInfo.InvariantCulture, $"the machine can't {what}: {Native.Reason}"));
    }
}
