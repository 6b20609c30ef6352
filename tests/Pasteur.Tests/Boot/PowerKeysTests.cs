using System.Buffers.Binary;
using Pasteur.Boot;

namespace Pasteur.Tests.Boot;

public sealed class PowerKeysTests
{
    private const ushort Power = 116, Delete = 111, RightControl = 97, LeftAlt = 56;

    private readonly PowerKeys _keys = new();

    [Fact]
    public void Power_button_ends_the_machine_when_it_goes_down()
    {
        Assert.True(_keys.Take(Event(Power, 1)));
        Assert.False(_keys.Take(Event(Power, 0)));
    }

    [Fact]
    public void Delete_ends_it_with_control_and_alt_alone()
    {
        Assert.False(_keys.Take(Event(Delete, 1)));
        Assert.False(_keys.Take(Event(RightControl, 1)));
        Assert.False(_keys.Take(Event(Delete, 1)));
        Assert.False(_keys.Take(Event(LeftAlt, 1)));
        Assert.True(_keys.Take(Event(Delete, 1)));
        Assert.False(_keys.Take(Event(RightControl, 0)));
        Assert.False(_keys.Take(Event(Delete, 1)));
    }

    [Fact]
    public void What_is_no_key_is_nothing() => Assert.False(_keys.Take(Event(Power, 1, type: 4)));

    private static byte[] Event(ushort code, int value, ushort type = 1)
    {
        var bytes = new byte[24];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(16), type);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(18), code);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(20), value);
        return bytes;
    }
}
