using System.Globalization;

namespace Pasteur.Boot;

/// <summary>Judges what the kernel says a thread of the site may do (proc(5), /proc/pid/task/tid/status).</summary>
internal static class ThreadRights
{
    /// <summary>CAP_SYS_BOOT of capabilities(7).</summary>
    public const int SystemBoot = 22;

    private const string FilterMode = "2";

    /// <summary>Null: it may do what it should, and no more.</summary>
    /// <param name="isPower">It is the one that switches the machine off.</param>
    public static string? Problem(string status, bool isPower)
    {
        var user = Privileges.User.ToString(CultureInfo.InvariantCulture);
        var power = (1ul << SystemBoot).ToString("x16", CultureInfo.InvariantCulture);
        const string none = "0000000000000000";
        (string Name, string Value)[] wanted =
        [
            ("Uid", $"{user} {user} {user} {user}"), ("Gid", $"{user} {user} {user} {user}"), ("Groups", ""),
            ("CapInh", none), ("CapPrm", isPower ? power : none), ("CapEff", isPower ? power : none), ("CapAmb", none),
            ("NoNewPrivs", "1"), ("Seccomp", FilterMode),
        ];
        foreach (var (name, value) in wanted)
        {
            if (Value(status, name) is var found && found != value)
                return $"{name} of the thread \"{Value(status, "Name")}\" is \"{found}\", not \"{value}\"";
        }
        return null;
    }

    // Null: there is no such line, as in a kernel without that protection.
    private static string? Value(string status, string name)
    {
        foreach (var line in status.Split('\n'))
        {
            if (line.StartsWith(name + ":", StringComparison.Ordinal))
                return line[(name.Length + 1)..].Trim().Replace('\t', ' ');
        }
        return null;
    }
}
