using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Pasteur.Configuration;

/// <summary>A socket that listens already, and that the program was started with.</summary>
/// <param name="Descriptor">Its file descriptor.</param>
/// <param name="Name">What its unit calls it (FileDescriptorName=); by default the unit's own name.</param>
/// <param name="EndPoint">Where it listens.</param>
internal sealed record InheritedSocket(int Descriptor, string Name, EndPoint EndPoint)
{
    public bool IsOn(int? port) => EndPoint is IPEndPoint at && at.Port == port;
}

/// <summary>
/// Sockets that a service manager listens on before it starts the program (sd_listen_fds(3)): LISTEN_FDS of them, from descriptor 3 on, for the process
/// LISTEN_PID and no other, named by LISTEN_FDNAMES. So it needs no right to a low port, and a restart refuses nobody.
/// </summary>
internal static partial class SocketActivation
{
    private const string PidVariable = "LISTEN_PID", CountVariable = "LISTEN_FDS", NamesVariable = "LISTEN_FDNAMES";
    private const int FirstDescriptor = 3;

    // <asm-generic/socket.h>, <asm-generic/fcntl.h>
    private const int SolSocket = 1, SoAcceptConn = 30, SetDescriptorFlags = 2, CloseOnExec = 1;

    /// <summary>Empty when nobody passed any.</summary>
    public static Parsed<IReadOnlyList<InheritedSocket>> Read(Func<string, string?> environment, int processId)
    {
        if (environment(PidVariable) != processId.ToString(CultureInfo.InvariantCulture) || environment(CountVariable) is not { Length: > 0 } text)
            return Parsed.Ok<IReadOnlyList<InheritedSocket>>([]);
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count is 0 or > Limits.MaxInheritedSockets)
            return Parsed.Bad<IReadOnlyList<InheritedSocket>>($"{CountVariable} \"{text}\" is not a count of sockets; give 1 to {Limits.MaxInheritedSockets}, as systemd does");
        var names = environment(NamesVariable)?.Split(':') ?? [];
        var sockets = new List<InheritedSocket>(count);
        for (var i = 0; i < count; i++)
        {
            var descriptor = FirstDescriptor + i;
            if (EndPointOf(descriptor) is not { } endPoint)
            {
                return Parsed.Bad<IReadOnlyList<InheritedSocket>>(
                    $"descriptor {descriptor} of {CountVariable} is not a socket that listens for streams; in the .socket unit, write ListenStream= and leave Accept= out");
            }
            sockets.Add(new InheritedSocket(descriptor, i < names.Length ? names[i] : "", endPoint));
        }
        return Parsed.Ok<IReadOnlyList<InheritedSocket>>(sockets);
    }

    /// <summary>Keeps them, and word of them, from programs that this one starts.</summary>
    public static void Own(IReadOnlyList<InheritedSocket> sockets)
    {
        foreach (var variable in new[] { PidVariable, CountVariable, NamesVariable })
            Environment.SetEnvironmentVariable(variable, null);
        foreach (var socket in sockets)
            _ = ControlDescriptor(socket.Descriptor, SetDescriptorFlags, CloseOnExec);
    }

    // Null for what doesn't listen, is no stream, or no socket.
    private static EndPoint? EndPointOf(int descriptor)
    {
        var handle = new SafeSocketHandle(descriptor, ownsHandle: false);
        try
        {
            using var socket = new Socket(handle);
            Span<byte> listens = stackalloc byte[sizeof(int)];
            socket.GetRawSocketOption(SolSocket, SoAcceptConn, listens);
            return socket.SocketType == SocketType.Stream && MemoryMarshal.Read<int>(listens) != 0 ? socket.LocalEndPoint : null;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int ControlDescriptor(int descriptor, int command, int value);
}
