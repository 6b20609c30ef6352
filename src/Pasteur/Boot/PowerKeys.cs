using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Pasteur.Boot;

/// <summary>
/// The power button and ctrl-alt-del, as the kernel's input devices tell them. Of each event (linux/input.h, little-endian):
/// <code>
/// time 16 bytes · type u16 · code u16 · value i32 (0 up, 1 down, 2 still down)
/// </code>
/// </summary>
internal sealed class PowerKeys
{
    private const string Folder = "/dev/input";

    private const int EventLength = 24;
    private const int ThreadStackBytes = 256 * 1024;

    // linux/input-event-codes.h
    private const ushort TypeKey = 1, KeyPower = 116, KeyDelete = 111;
    private const ushort KeyLeftControl = 29, KeyRightControl = 97, KeyLeftAlt = 56, KeyRightAlt = 100;

    private bool _control, _alt;

    /// <summary>Calls back, on a thread of its own, each time that somebody asks the machine to end.</summary>
    public static void Watch(Action onPressed)
    {
        if (!Directory.Exists(Folder))
            return;
        foreach (var path in Directory.GetFiles(Folder, "event*"))
        {
            try
            {
                var device = File.OpenHandle(path);
                new Thread(() => Follow(device, onPressed), ThreadStackBytes) { IsBackground = true, Name = "keys" }.Start();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                MachineConsole.Say($"{path} can't be read, so it does not switch the machine off: {e.Message}");
            }
        }
    }

    /// <summary>Takes one event; true when it asks the machine to end.</summary>
    public bool Take(ReadOnlySpan<byte> inputEvent)
    {
        if (BinaryPrimitives.ReadUInt16LittleEndian(inputEvent[16..]) != TypeKey)
            return false;
        var code = BinaryPrimitives.ReadUInt16LittleEndian(inputEvent[18..]);
        var isDown = BinaryPrimitives.ReadInt32LittleEndian(inputEvent[20..]) != 0;
        switch (code)
        {
            case KeyLeftControl or KeyRightControl:
                _control = isDown;
                return false;
            case KeyLeftAlt or KeyRightAlt:
                _alt = isDown;
                return false;
            default:
                return isDown && (code == KeyPower || (code == KeyDelete && _control && _alt));
        }
    }

    private static void Follow(SafeFileHandle device, Action onPressed)
    {
        var keys = new PowerKeys();
        var one = new byte[EventLength];
        using var stream = new FileStream(device, FileAccess.Read, bufferSize: 0);
        try
        {
            while (stream.Read(one) == EventLength)
            {
                if (keys.Take(one))
                    onPressed();
            }
        }
        catch (IOException)
        {
            // The device is gone.
            return;
        }
    }
}
