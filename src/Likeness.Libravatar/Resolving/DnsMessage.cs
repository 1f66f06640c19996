namespace Likeness.Libravatar.Resolving;

/// <summary>An answer as it came, before it is known to be one to our question.</summary>
/// <param name="Question">Null when the server did not repeat it.</param>
internal sealed record DnsMessage(
    ushort Id,
    bool IsTruncated,
    DnsResponseCode ResponseCode,
    DnsQuestion? Question,
    IReadOnlyList<DnsRecord> Answers,
    IReadOnlyList<DnsRecord> Authorities)
{
    private const int MaxRecords = 256;
    private const ushort ResponseMark = 0x8000;
    private const ushort OperationMask = 0x7800;
    private const ushort TruncatedMark = 0x0200;

    /// <summary>Null when it is no well-formed answer.</summary>
    public static DnsMessage? Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return ReadParts(new DnsReader(bytes));
        }
        catch (DnsFormatException)
        {
            return null;
        }
    }

    private static DnsMessage? ReadParts(DnsReader reader)
    {
        var id = reader.ReadUInt16();
        var flags = reader.ReadUInt16();
        var questions = reader.ReadUInt16();
        var answers = reader.ReadUInt16();
        var authorities = reader.ReadUInt16();
        reader.ReadUInt16();
        if ((flags & ResponseMark) == 0 || (flags & OperationMask) != 0 || questions > 1)
        {
            return null;
        }

        DnsQuestion? question = null;
        if (questions == 1)
        {
            question = new DnsQuestion(reader.ReadName(), (DnsType)reader.ReadUInt16());
            if (reader.ReadUInt16() != DnsRecordReader.Internet)
            {
                return null;
            }
        }

        var code = (DnsResponseCode)(flags & 0xF);

        // What a truncated answer still holds may be cut anywhere: it is asked for again by TCP.
        return (flags & TruncatedMark) != 0
            ? new DnsMessage(id, true, code, question, [], [])
            : new DnsMessage(id, false, code, question, ReadRecords(ref reader, answers), ReadRecords(ref reader, authorities));
    }

    private static List<DnsRecord> ReadRecords(ref DnsReader reader, int count)
    {
        if (count > MaxRecords)
        {
            throw new DnsFormatException("There are too many records.");
        }

        var records = new List<DnsRecord>();
        for (var index = 0; index < count; index++)
        {
            if (DnsRecordReader.Read(ref reader) is { } record)
            {
                records.Add(record);
            }
        }

        return records;
    }
}

/// <summary>How a server answered (RFC 1035 §4.1.1).</summary>
internal enum DnsResponseCode
{
    NoError = 0,
    FormatError = 1,
    ServerFailure = 2,
    NameError = 3,
    NotImplemented = 4,
    Refused = 5,
}
