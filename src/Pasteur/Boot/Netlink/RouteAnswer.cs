using System.Buffers.Binary;

namespace Pasteur.Boot.Netlink;

/// <summary>
/// What the kernel answers to a <see cref="RouteRequest"/> (netlink(7), NLMSG_ERROR):
/// <code>
/// nlmsghdr · error i32 (0, or minus an errno) · the header of the request
/// </code>
/// </summary>
internal static class RouteAnswer
{
    private const ushort TypeError = 2;

    /// <summary>0 or the errno; null when these bytes are not the answer to that request.</summary>
    public static int? Read(ReadOnlySpan<byte> answer, uint sequence)
    {
        if (answer.Length < RouteRequest.HeaderLength + 4
            || BinaryPrimitives.ReadUInt16LittleEndian(answer[4..]) != TypeError
            || BinaryPrimitives.ReadUInt32LittleEndian(answer[8..]) != sequence)
            return null;
        var error = BinaryPrimitives.ReadInt32LittleEndian(answer[RouteRequest.HeaderLength..]);
        return error is <= 0 and > int.MinValue ? -error : null;
    }
}
