using System.Text;
using CsCheck;
using Pasteur.Git.Journals;
using Pasteur.Git.Objects;
using Pasteur.Tests.Support;

namespace Pasteur.Tests.Journals;

public sealed class RefRecordTests
{
    private const string Mark = "00112233445566778899aabbccddeeff";
    private static readonly string A = new('a', 40);
    private static readonly string B = new('b', 40);

    private static readonly string Valid =
        $"object {A}\ntype commit\ntag pasteur.ref-record\ntagger Pasteur <pasteur@pasteur.invalid> 0 +0000\n\n" +
        $"journal {Mark}\nsequence 7\nbatch 12 0000beef\nref refs/heads/main {B} {A}\nref refs/remotes/origin/main {new string('0', 40)} {B}\n";

    [Fact]
    public void Golden_text()
    {
        var record = new RefRecord(ObjectId.Parse(A), new BatchSeal(Mark, 12, 0xBEEF), 7,
            [new RefState("refs/heads/main", ObjectId.Parse(B), ObjectId.Parse(A)), new RefState("refs/remotes/origin/main", default, ObjectId.Parse(B))]);
        Assert.Equal(Valid, Encoding.ASCII.GetString(record.Write()));
        Assert.True(RefRecord.TryParse(record.Write(), out var read));
        Assert.Equal(record.Refs, read.Refs);
        Assert.Equal((record.Target, record.Seal, record.Sequence), (read.Target, read.Seal, read.Sequence));
    }

    [Fact]
    public void Every_record_written_is_read_and_any_change_of_a_byte_is_another_record_or_none()
    {
        var states = Gen.Select(Gen.Int[0, 999], Gen.Byte.Array[20], Gen.Byte.Array[20])
            .Select((n, old, @new) => new RefState($"refs/heads/b{n}", new ObjectId(old), new ObjectId(@new)));
        Gen.Select(states.List[0, 5], Gen.Long[0, long.MaxValue], Gen.Long[0, long.MaxValue], Gen.UInt, Gen.Int[0, 1000], Gen.Int[1, 255]).Sample((refs, sequence, start, crc, at, flip) =>
        {
            var record = new RefRecord(ObjectId.Parse(A), new BatchSeal(Mark, start, crc), sequence, refs);
            var bytes = record.Write();
            Assert.True(RefRecord.TryParse(bytes, out var read));
            Assert.Equal(refs, read.Refs);
            bytes[at % bytes.Length] ^= (byte)flip;
            if (RefRecord.TryParse(bytes, out var other)) Assert.Equal(bytes, other.Write());
        });
    }

    [Fact]
    public void Stock_git_takes_it_for_a_tag()
    {
        using var stock = new StockRepository();
        var commit = stock.FillWithHistory(1);
        var text = Valid.Replace($"object {A}", $"object {commit}", StringComparison.Ordinal);
        stock.GitBytes(Encoding.ASCII.GetBytes(text), "mktag");
        PasteCheck.IsClean(stock.Path);
    }

    public static TheoryData<string> Malformed =>
    [
        "",
        "object ",
        Valid[..^1],
        Valid + "\n",
        Valid + "x",
        Valid + Valid,
        Valid.Replace("object a", "object z", StringComparison.Ordinal),
        Valid.Replace("object a", "object A", StringComparison.Ordinal),
        Valid.Replace("object a", "object ", StringComparison.Ordinal),
        Valid.Replace("type commit", "type blob", StringComparison.Ordinal),
        Valid.Replace("tag pasteur.ref-record", "tag pasteur.ref-recorD", StringComparison.Ordinal),
        Valid.Replace(" 0 +0000", " 1 +0000", StringComparison.Ordinal),
        Valid.Replace("\n\njournal", "\njournal", StringComparison.Ordinal),
        Valid.Replace($"journal {Mark}\n", "", StringComparison.Ordinal),
        Valid.Replace("sequence 7", "sequence -7", StringComparison.Ordinal),
        Valid.Replace("sequence 7", "sequence +7", StringComparison.Ordinal),
        Valid.Replace("sequence 7", "sequence 07", StringComparison.Ordinal),
        Valid.Replace("sequence 7", "sequence  7", StringComparison.Ordinal),
        Valid.Replace("sequence 7", "sequence 7 ", StringComparison.Ordinal),
        Valid.Replace("sequence 7", "sequence ", StringComparison.Ordinal),
        Valid.Replace("sequence 7", "sequence 9223372036854775808", StringComparison.Ordinal),
        Valid.Replace("sequence 7\n", "", StringComparison.Ordinal),
        Valid.Replace("batch 12 0000beef", "batch 12", StringComparison.Ordinal),
        Valid.Replace("batch 12 0000beef", "batch 12 beef", StringComparison.Ordinal),
        Valid.Replace("batch 12 0000beef", "batch 12 0000BEEF", StringComparison.Ordinal),
        Valid.Replace("batch 12 0000beef", "batch  0000beef", StringComparison.Ordinal),
        Valid.Replace("batch 12 0000beef", "batch 12 0000beef 1", StringComparison.Ordinal),
        Valid.Replace("ref refs/heads/main", "ref refs/heads/../main", StringComparison.Ordinal),
        Valid.Replace("ref refs/heads/main", "ref main", StringComparison.Ordinal),
        Valid.Replace("ref refs/heads/main", "ref refs/heads/ma in", StringComparison.Ordinal),
        Valid.Replace("ref refs/heads/main", "ref refs/heads/main.lock", StringComparison.Ordinal),
        Valid.Replace("ref refs/heads/main", "ref refs/heads/\0", StringComparison.Ordinal),
        Valid.Replace("ref refs/heads/main ", "ref ", StringComparison.Ordinal),
        Valid.Replace("ref refs", "Ref refs", StringComparison.Ordinal),
        Valid.Replace($" {A}\nref", $" {A[1..]}\nref", StringComparison.Ordinal),
        Valid.Replace($" {A}\nref", $" {A}a\nref", StringComparison.Ordinal),
        Valid.Replace($" {A}\nref", $" {A[1..]}g\nref", StringComparison.Ordinal),
        Valid.Replace("\n", "\r\n", StringComparison.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Malformed))]
    public void Malformed_text_is_no_record(string text) => Assert.False(RefRecord.TryParse(Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void Bytes_that_are_no_utf8_are_no_record()
    {
        var bytes = Encoding.Latin1.GetBytes(Valid.Replace("heads/main", "heads/m\u00e4in", StringComparison.Ordinal));
        Assert.False(RefRecord.TryParse(bytes, out _));
    }

    [Fact]
    public void The_line_with_the_mark_stands_where_a_search_expects_it()
    {
        var line = RefRecord.MarkLine(Mark);
        Assert.Equal(line, Valid.Substring(RefRecord.MarkLineOffset, line.Length));
        Assert.Equal(Mark, Journal.MarkOf("/some-where/" + Journal.FileName(3, Mark)));
        Assert.Equal("journal-0000000003-" + Mark, Journal.FileName(3, Mark), StringComparer.Ordinal);
    }
}
