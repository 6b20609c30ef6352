using System.Text;
using Pasteur.Configuration;

namespace Pasteur.Boot;

/// <summary>
/// The program's options in a machine: what stands on the kernel's command line behind <c>--</c>, and the text that the hypervisor hands over
/// as <c>opt/pasteur/options</c> (QEMU's fw_cfg), where it shows neither in a list of processes nor in the kernel's log.
/// </summary>
internal static class MachineOptions
{
    private const string HandedOver = "/sys/firmware/qemu_fw_cfg/by_name/opt/pasteur/options/raw";

    /// <exception cref="StartFailedException">What was handed over is no text, or too long.</exception>
    public static string[] Collect(IReadOnlyList<string> arguments) => File.Exists(HandedOver) ? [.. arguments, .. KernelWords.Split(ReadHandedOver())] : [.. arguments];

    private static string ReadHandedOver()
    {
        using var file = File.OpenHandle(HandedOver);
        var bytes = new byte[Limits.MaxHandedOverBytes + 1];
        var length = 0;
        while (length < bytes.Length && RandomAccess.Read(file, bytes.AsSpan(length), length) is > 0 and var count)
            length += count;
        if (length > Limits.MaxHandedOverBytes)
            throw new StartFailedException(ExitCodes.Usage, $"the options in opt/pasteur/options are longer than {Limits.MaxHandedOverBytes} bytes; is it the right file?");
        return Encoding.UTF8.GetString(bytes, 0, length).TrimEnd('\0');
    }
}
