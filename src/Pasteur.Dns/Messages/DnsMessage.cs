using System.Text;

namespace Pasteur.Dns.Messages;

/// <summary>
/// A message that was received, checked from its first byte to its last (RFC 1035 section 4.1):
/// <code>
/// id 2 · flags 2 · counts of questions, answers, authorities, additionals 2 each · questions · records
/// question: name · type 2 · class 2
/// record:   name · type 2 · class 2 · ttl 4 · length 2 · data
/// </code>
/// </summary>
internal sealed class DnsMessage
{
    public const int HeaderBytes = 12;

    private const int ResponseFlag = 0x8000, OpcodeShift = 11, OpcodeMask = 0xF, AuthoritativeFlag = 0x0400, TruncatedFlag = 0x0200, CodeMask = 0xF;

    private readonly ushort _flags;

    private DnsMessage(ReadOnlyMemory<byte> bytes, ushort id, ushort flags) => (Bytes, Id, _flags) = (bytes, id, flags);

    public ReadOnlyMemory<byte> Bytes { get; }

    public ushort Id { get; }

    public bool IsResponse => (_flags & ResponseFlag) != 0;

    public Opcode Opcode => (Opcode)((_flags >> OpcodeShift) & OpcodeMask);

    public bool IsAuthoritative => (_flags & AuthoritativeFlag) != 0;

    public bool IsTruncated => (_flags & TruncatedFlag) != 0;

    public ResponseCode Code => (ResponseCode)(_flags & CodeMask);

    public List<DnsQuestion> Questions { get; } = [];

    public List<DnsRecord> Answers { get; } = [];

    public List<DnsRecord> Authorities { get; } = [];

    public List<DnsRecord> Additionals { get; } = [];

    /// <summary>Where the signature's record begins, which is the last; null without one.</summary>
    public int? SignatureStart { get; private set; }

    /// <summary>Null when it is malformed: cut, longer than it says, with names that run in circles, or a signature in another place than the last.</summary>
    public static DnsMessage? Read(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > DnsLimits.MaxMessageBytes)
            return null;
        var reader = new DnsReader(bytes.Span);
        if (!reader.TryReadUInt16(out var id) || !reader.TryReadUInt16(out var flags)
            || !reader.TryReadUInt16(out var questions) || !reader.TryReadUInt16(out var answers)
            || !reader.TryReadUInt16(out var authorities) || !reader.TryReadUInt16(out var additionals))
        {
            return null;
        }
        var message = new DnsMessage(bytes, id, flags);
        var sound = message.ReadQuestions(ref reader, questions) && message.ReadRecords(ref reader, message.Answers, answers)
            && message.ReadRecords(ref reader, message.Authorities, authorities) && message.ReadRecords(ref reader, message.Additionals, additionals);
        return sound && reader.Position == bytes.Length ? message : null;
    }

    /// <summary>The name that is all of a record's data, as of an alias; null when it is something else.</summary>
    public DnsName? NameIn(DnsRecord record)
    {
        var reader = new DnsReader(Bytes.Span[..(record.DataStart + record.DataLength)], record.DataStart);
        return reader.TryReadName(out var name) && reader.Position == record.DataStart + record.DataLength ? name : null;
    }

    /// <summary>The strings of a TXT record in one; null when they don't fill its data.</summary>
    public string? TextIn(DnsRecord record)
    {
        var data = Bytes.Span.Slice(record.DataStart, record.DataLength);
        var text = new StringBuilder();
        while (data.Length > 0)
        {
            var whole = 1 + data[0];
            if (whole > data.Length)
                return null;
            text.Append(Encoding.Latin1.GetString(data[1..whole]));
            data = data[whole..];
        }
        return text.ToString();
    }

    private bool ReadQuestions(ref DnsReader reader, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (!reader.TryReadName(out var name) || !reader.TryReadUInt16(out var type) || !reader.TryReadUInt16(out var @class))
                return false;
            Questions.Add(new DnsQuestion(name, (RecordType)type, (RecordClass)@class));
        }
        return true;
    }

    private bool ReadRecords(ref DnsReader reader, List<DnsRecord> records, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var start = reader.Position;
            if (SignatureStart is not null || !reader.TryReadName(out var name) || !reader.TryReadUInt16(out var type)
                || !reader.TryReadUInt16(out var @class) || !reader.TryReadUInt32(out _) || !reader.TryReadUInt16(out var length))
            {
                return false;
            }
            var dataStart = reader.Position;
            if (!reader.TryReadBytes(length, out _))
                return false;
            if (type == (ushort)RecordType.Tsig)
            {
                if (records != Additionals)
                    return false;
                SignatureStart = start;
            }
            records.Add(new DnsRecord(name, (RecordType)type, (RecordClass)@class, dataStart, length));
        }
        return true;
    }
}
