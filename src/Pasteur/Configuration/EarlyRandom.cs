using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Pasteur.Configuration;

/// <summary>
/// What is drawn while the program starts: by the kernel itself. OpenSSL, which the runtime would ask, takes longer to begin than all else that
/// precedes the first answer (docs/decisions/0008-start.md).
/// </summary>
internal static partial class EarlyRandom
{
    public static ulong Draw()
    {
        Span<byte> drawn = stackalloc byte[sizeof(ulong)];
        if (FromKernel(drawn, sizeof(ulong), 0) != sizeof(ulong))
            RandomNumberGenerator.Fill(drawn);
        return BitConverter.ToUInt64(drawn);
    }

    [LibraryImport("libc", EntryPoint = "getrandom")]
    private static partial nint FromKernel(Span<byte> bytes, nuint length, uint flags);
}
