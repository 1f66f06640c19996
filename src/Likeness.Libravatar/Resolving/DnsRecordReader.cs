using System.Net;
using System.Text;

namespace Likeness.Libravatar.Resolving;

/// <summary>Reads one resource record.</summary>
internal static class DnsRecordReader
{
    /// <summary>The class of everything here (RFC 1035 §3.2.4).</summary>
    public const ushort Internet = 1;

    /// <summary>Null for a type or class that nobody here needs.</summary>
    public static DnsRecord? Read(ref DnsReader reader)
    {
        var name = reader.ReadName();
        var type = (DnsType)reader.ReadUInt16();
        var isInternet = reader.ReadUInt16() == Internet;
        var timeToLive = Seconds(reader.ReadUInt32());
        var length = reader.ReadUInt16();
        var end = reader.Position + length;
        if (!isInternet || type is not (DnsType.A or DnsType.Aaaa or DnsType.Cname or DnsType.Soa or DnsType.Srv or DnsType.Txt))
        {
            reader.Read(length);
            return null;
        }

        DnsRecord record = type switch
        {
            DnsType.A => new AddressRecord(name, timeToLive, new IPAddress(reader.Read(4))),
            DnsType.Aaaa => new AddressRecord(name, timeToLive, new IPAddress(reader.Read(16))),
            DnsType.Cname => new AliasRecord(name, timeToLive, reader.ReadName()),
            DnsType.Srv => new ServiceRecord(name, timeToLive, reader.ReadUInt16(), reader.ReadUInt16(), reader.ReadUInt16(), reader.ReadName()),
            DnsType.Soa => new AuthorityRecord(name, timeToLive, ReadMinimum(ref reader)),
            _ => new TextRecord(name, timeToLive, ReadText(ref reader, end)),
        };
        return reader.Position == end ? record : throw new DnsFormatException("A record is not as long as it says.");
    }

    private static TimeSpan ReadMinimum(ref DnsReader reader)
    {
        reader.ReadName();
        reader.ReadName();
        reader.Read(16);
        return Seconds(reader.ReadUInt32());
    }

    private static string ReadText(ref DnsReader reader, int end)
    {
        var text = new StringBuilder();
        while (reader.Position < end)
        {
            text.Append(Encoding.Latin1.GetString(reader.Read(reader.ReadByte())));
        }

        return text.ToString();
    }

    /// <summary>RFC 2181 §8: more than 31 bits mean zero.</summary>
    private static TimeSpan Seconds(uint value) => TimeSpan.FromSeconds(value > int.MaxValue ? 0 : (int)value);
}
