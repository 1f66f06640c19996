using System.Buffers.Binary;
using System.Text;

namespace Likeness.Libravatar.Resolving;

/// <summary>Writes a question for a recursive resolver (RFC 1035 §4.1, RFC 6891).</summary>
internal static class DnsQuery
{
    /// <summary>Bytes of UDP that pass every usual network in one piece (DNS flag day 2020).</summary>
    private const ushort LargestDatagram = 1232;

    private const int HeaderLength = 12;
    private const int LongestName = 255;
    private const int LongestLabel = 63;
    private const ushort RecursionDesired = 0x0100;
    private const byte Opt = 41;

    /// <summary>The bytes; null when the name cannot be a name.</summary>
    public static byte[]? Write(DnsQuestion question, ushort id, bool withExtension)
    {
        var message = new byte[HeaderLength + LongestName + 4 + 11];
        BinaryPrimitives.WriteUInt16BigEndian(message, id);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), RecursionDesired);
        message[5] = 1;
        message[11] = (byte)(withExtension ? 1 : 0);
        var length = HeaderLength;
        foreach (var label in question.Name.AsSpan().TrimEnd('.').ToString().Split('.'))
        {
            if (label.Length is 0 or > LongestLabel || !Ascii.IsValid(label) || length + label.Length + 2 > HeaderLength + LongestName)
            {
                return null;
            }

            message[length] = (byte)label.Length;
            length += 1 + Encoding.ASCII.GetBytes(label, message.AsSpan(length + 1));
        }

        // The root label is zero already.
        length++;
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(length), (ushort)question.Type);
        message[length + 3] = 1;
        length += 4;
        if (withExtension)
        {
            message[length + 2] = Opt;
            BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(length + 3), LargestDatagram);
            length += 11;
        }

        return message[..length];
    }
}
