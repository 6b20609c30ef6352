using System.Buffers.Binary;
using CsCheck;
using Pasteur.Git.Journals;
using Pasteur.Git.Objects;

namespace Pasteur.Tests.Journals;

public sealed class JournalIndexTests
{
    [Fact]
    public void It_agrees_with_a_dictionary_also_when_all_names_fall_into_one_slot() =>
        Gen.Select(Gen.Byte[0, 3], Gen.Byte).Select((a, b) => Id(a, b)).Array[0, 3000].Sample(ids =>
        {
            var index = new JournalIndex();
            var model = new Dictionary<ObjectId, long>();
            for (var n = 0; n < ids.Length; n++)
            {
                index.Add(ids[n], n);
                model.TryAdd(ids[n], n);
            }
            Assert.Equal(model.Count, index.Count);
            Assert.Equal(model.OrderBy(pair => pair.Value).Select(pair => (pair.Key, pair.Value)), index.ToArray().Select(entry => (entry.Id, entry.Offset)));
            foreach (var (id, offset) in model) Assert.True(index.TryFind(id, out var found) && found == offset);
            Assert.False(index.TryFind(Id(9, 9), out _));
        }, iter: 100);

    [Fact]
    public async Task Readers_find_every_name_that_was_published_while_the_table_grows()
    {
        const int Names = 200_000;
        var index = new JournalIndex();
        var published = 0;
        var readers = Enumerable.Range(0, 3).Select(seed => Task.Run(() =>
        {
            var random = new Random(seed);
            var looks = 0;
            while (Volatile.Read(ref published) is var count && count < Names)
            {
                if (count == 0) continue;
                var n = random.Next(count);
                Assert.True(index.TryFind(Id(n), out var offset), $"{n} of {count} is not found");
                Assert.Equal(n * 3L, offset);
                Assert.False(index.TryFind(Id(-1 - n), out _));
                looks++;
            }
            return looks;
        })).ToArray();
        for (var n = 0; n < Names; n++)
        {
            index.Add(Id(n), n * 3L);
            Volatile.Write(ref published, n + 1);
        }
        await Task.WhenAll(readers);
        Assert.Equal(Names, index.Count);
    }

    private static ObjectId Id(int number)
    {
        Span<byte> bytes = stackalloc byte[ObjectId.Size];
        BinaryPrimitives.WriteInt32BigEndian(bytes, unchecked(number * (int)2654435761));
        BinaryPrimitives.WriteInt32BigEndian(bytes[16..], number);
        return new ObjectId(bytes);
    }

    // The hash takes the first bytes: these all collide.
    private static ObjectId Id(byte a, byte b)
    {
        Span<byte> bytes = stackalloc byte[ObjectId.Size];
        (bytes[17], bytes[18]) = (a, b);
        return new ObjectId(bytes);
    }
}
