using System.Net;
using Microsoft.Win32.SafeHandles;
using Pasteur.Configuration;

namespace Pasteur.Boot.Netlink;

/// <summary>Sets up links, addresses and routes. Every change is answered by the kernel before the next is made.</summary>
internal sealed class RouteSocket : IDisposable
{
    private const int FamilyNetlink = 16, TypeRaw = 3, CloseOnExec = 0x80000, ProtocolRoute = 0;
    private const int MaxAnswers = 16;

    private readonly SafeFileHandle _socket;
    private uint _sequence;

    public RouteSocket()
    {
        _socket = Native.Socket(FamilyNetlink, TypeRaw | CloseOnExec, ProtocolRoute);
        if (_socket.IsInvalid)
            throw new StartFailedException(ExitCodes.Internal, $"the network can't be set up: {Native.Reason}");
    }

    /// <summary>Answers 0 or an errno, as the others do.</summary>
    public int LinkUp(int link) => Ask(RouteRequest.LinkUp(++_sequence, link));

    public int AddAddress(int link, IPAddress address, int prefixLength) => Ask(RouteRequest.AddAddress(++_sequence, link, address, prefixLength));

    public int AddDefaultRoute(int link, IPAddress gateway) => Ask(RouteRequest.AddDefaultRoute(++_sequence, link, gateway));

    public void Dispose() => _socket.Dispose();

    private int Ask(RouteRequest request)
    {
        if (Native.Send(_socket, request.Bytes, (nuint)request.Bytes.Length, 0) < 0)
            return Native.Errno;
        Span<byte> answer = stackalloc byte[4096];
        for (var i = 0; i < MaxAnswers; i++)
        {
            var length = Native.Receive(_socket, answer, (nuint)answer.Length, 0);
            if (length < 0)
                return Native.Errno;
            if (RouteAnswer.Read(answer[..(int)length], request.Sequence) is { } errno)
                return errno;
        }
        return Native.InvalidArgument;
    }
}
