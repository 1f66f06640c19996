using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Likeness.Libravatar.Resolving;

/// <summary>Reads a message's parts in order; whatever is not there is a <see cref="DnsFormatException"/>.</summary>
internal ref struct DnsReader(ReadOnlySpan<byte> message)
{
    private const int LongestName = 255;
    private const int PointerMark = 0xC0;

    private readonly ReadOnlySpan<byte> _message = message;

    public int Position { get; private set; }

    public ReadOnlySpan<byte> Read(int length)
    {
        if (length > _message.Length - Position)
        {
            throw new DnsFormatException("The message ends early.");
        }

        var bytes = _message.Slice(Position, length);
        Position += length;
        return bytes;
    }

    public byte ReadByte() => Read(1)[0];

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16BigEndian(Read(2));

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32BigEndian(Read(4));

    /// <summary>A name, perhaps compressed. A pointer must lead before the labels that it ends, so no chain of them is endless.</summary>
    public string ReadName()
    {
        var text = new StringBuilder();
        var octets = 1;
        var runStart = Position;
        var afterFirstPointer = -1;
        while (ReadByte() is not 0 and var length)
        {
            if ((length & PointerMark) == PointerMark)
            {
                var target = ((length & ~PointerMark) << 8) | ReadByte();
                afterFirstPointer = afterFirstPointer < 0 ? Position : afterFirstPointer;
                if (target >= runStart)
                {
                    throw new DnsFormatException("A name points forward or to itself.");
                }

                Position = runStart = target;
                continue;
            }

            octets += length + 1;
            if ((length & PointerMark) != 0 || octets > LongestName)
            {
                throw new DnsFormatException("A name is too long or of an unknown kind.");
            }

            Append(text, Read(length));
        }

        Position = afterFirstPointer < 0 ? Position : afterFirstPointer;
        return text.Length == 0 ? "." : text.ToString();
    }

    /// <summary>A dot inside a label must not look like the dot between two (RFC 4343 §2.1).</summary>
    private static void Append(StringBuilder text, ReadOnlySpan<byte> label)
    {
        if (text.Length > 0)
        {
            text.Append('.');
        }

        foreach (var octet in label)
        {
            if (octet is (byte)'.' or (byte)'\\')
            {
                text.Append('\\').Append((char)octet);
            }
            else if (octet is > 0x20 and < 0x7F)
            {
                text.Append((char)octet);
            }
            else
            {
                text.Append('\\').Append(octet.ToString("D3", CultureInfo.InvariantCulture));
            }
        }
    }
}
