using System.Text;

namespace Likeness.Xmpp.Xml;

/// <summary><c>&amp;amp;</c> and its four siblings, <c>&amp;#65;</c> and <c>&amp;#x41;</c>; no others exist here.</summary>
internal static class CharacterReference
{
    /// <returns>How many bytes the reference takes, ampersand and semicolon included.</returns>
    public static int Read(ReadOnlySpan<byte> bytes, Span<char> output, out int units)
    {
        var end = bytes.IndexOf((byte)';');
        if (end < 2)
        {
            throw Malformed.Xml("'&' without a reference.");
        }

        var name = bytes[1..end];
        units = name[0] == '#' ? Numbered(name[1..]).EncodeToUtf16(output) : Named(name, output);
        return end + 1;
    }

    private static int Named(ReadOnlySpan<byte> name, Span<char> output)
    {
        output[0] = name switch
        {
            [(byte)'a', (byte)'m', (byte)'p'] => '&',
            [(byte)'l', (byte)'t'] => '<',
            [(byte)'g', (byte)'t'] => '>',
            [(byte)'q', (byte)'u', (byte)'o', (byte)'t'] => '"',
            [(byte)'a', (byte)'p', (byte)'o', (byte)'s'] => '\'',
            _ => throw Malformed.Restricted("Only the five predefined entities are allowed."),
        };
        return 1;
    }

    private static Rune Numbered(ReadOnlySpan<byte> digits)
    {
        var hexadecimal = digits is [(byte)'x', ..];
        if (hexadecimal)
        {
            digits = digits[1..];
        }

        var value = digits.IsEmpty ? throw Malformed.Xml("A character reference without digits.") : 0;
        foreach (var digit in digits)
        {
            var weight = Weight(digit, hexadecimal);
            value = (value * (hexadecimal ? 16 : 10)) + weight;
            if (weight < 0 || value > 0x10FFFF)
            {
                throw Malformed.Xml("A character reference to no character.");
            }
        }

        var allowed = value is >= 0x20 and not (0xFFFE or 0xFFFF) or '\t' or '\n' or '\r';
        return allowed && Rune.TryCreate(value, out var rune) ? rune : throw Malformed.Xml("A character reference to no character.");
    }

    private static int Weight(byte digit, bool hexadecimal) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' when hexadecimal => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' when hexadecimal => digit - 'A' + 10,
        _ => -1,
    };
}
