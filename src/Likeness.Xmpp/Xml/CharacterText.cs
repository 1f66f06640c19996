using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Likeness.Xmpp.Xml;

/// <summary>UTF-8 to text by the rules of XML 1.0: characters §2.2, line ends §2.11, attribute values §3.3.3, references §4.1.</summary>
internal static class CharacterText
{
    public enum Place
    {
        Content,
        Attribute,
        CharacterData,
        Name,
    }

    // 0xEF starts U+FFFE and U+FFFF; the control characters are forbidden but for tab, line feed and carriage return.
    private static readonly SearchValues<byte> SpecialInContent = SearchValues.Create([.. Controls, (byte)'\r', (byte)'&', (byte)']', 0xEF]);
    private static readonly SearchValues<byte> SpecialInAttribute = SearchValues.Create([.. Controls, (byte)'\r', (byte)'\n', (byte)'\t', (byte)'&', 0xEF]);
    private static readonly SearchValues<byte> SpecialElsewhere = SearchValues.Create([.. Controls, (byte)'\r', 0xEF]);

    private static ReadOnlySpan<byte> Controls =>
    [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
    ];

    public static string Decode(ReadOnlySpan<byte> bytes, Place place)
    {
        if (place == Place.Attribute && WellKnown.Find(bytes) is { } known)
        {
            return known;
        }

        if (Ascii.IsValid(bytes))
        {
            return bytes.ContainsAny(Special(place)) ? Slowly(bytes, place) : Encoding.ASCII.GetString(bytes);
        }

        if (!Utf8.IsValid(bytes))
        {
            throw Malformed.Xml("Invalid UTF-8.");
        }

        return bytes.ContainsAny(Special(place)) ? Slowly(bytes, place) : Encoding.UTF8.GetString(bytes);
    }

    private static SearchValues<byte> Special(Place place) => place switch
    {
        Place.Content => SpecialInContent,
        Place.Attribute => SpecialInAttribute,
        _ => SpecialElsewhere,
    };

    private static string Slowly(ReadOnlySpan<byte> bytes, Place place)
    {
        // References are longer than what they stand for, and a character has never more UTF-16 units than bytes.
        var rented = ArrayPool<char>.Shared.Rent(bytes.Length);
        try
        {
            var special = Special(place);
            var written = 0;
            while (!bytes.IsEmpty)
            {
                var plain = bytes.IndexOfAny(special);
                plain = plain < 0 ? bytes.Length : plain;
                written += Encoding.UTF8.GetChars(bytes[..plain], rented.AsSpan(written));
                bytes = bytes[plain..];
                if (!bytes.IsEmpty)
                {
                    bytes = bytes[One(bytes, place, rented.AsSpan(written), out var units)..];
                    written += units;
                }
            }

            return new string(rented, 0, written);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(rented);
        }
    }

    private static int One(ReadOnlySpan<byte> bytes, Place place, Span<char> output, out int units)
    {
        units = 1;
        switch (bytes[0])
        {
            case (byte)'&':
                return CharacterReference.Read(bytes, output, out units);
            case (byte)'\r':
                output[0] = place == Place.Attribute ? ' ' : '\n';
                return bytes is [_, (byte)'\n', ..] ? 2 : 1;
            case (byte)'\n' or (byte)'\t':
                output[0] = ' ';
                return 1;
            case (byte)']':
                output[0] = bytes.StartsWith("]]>"u8) ? throw Malformed.Xml("']]>' in text.") : ']';
                return 1;
            case 0xEF when bytes is [_, 0xBF, 0xBE or 0xBF, ..]:
                throw Malformed.Xml("U+FFFE and U+FFFF are no characters.");
            case 0xEF:
                units = Encoding.UTF8.GetChars(bytes[..3], output);
                return 3;
            default:
                throw Malformed.Xml("A control character.");
        }
    }
}
