namespace Likeness.Libravatar;

/// <summary>RFC 3986 percent-encoding over bytes; an incomplete escape stays as it is.</summary>
internal static class PercentEncoding
{
    /// <summary>Returns how many bytes were written; <paramref name="decoded"/> must hold as many as <paramref name="encoded"/>.</summary>
    public static int Decode(ReadOnlySpan<byte> encoded, Span<byte> decoded, bool plusIsSpace)
    {
        var length = 0;
        for (var index = 0; index < encoded.Length; index++)
        {
            var value = encoded[index];
            if (value == '%' && index + 2 < encoded.Length
                && Nibble(encoded[index + 1]) is >= 0 and var high && Nibble(encoded[index + 2]) is >= 0 and var low)
            {
                value = (byte)((high << 4) | low);
                index += 2;
            }
            else if (value == '+' && plusIsSpace)
            {
                value = (byte)' ';
            }

            decoded[length++] = value;
        }

        return length;
    }

    public static bool DecodesTo(ReadOnlySpan<byte> encoded, ReadOnlySpan<byte> expected)
    {
        if (encoded.SequenceEqual(expected))
        {
            return true;
        }

        if (encoded.Length <= expected.Length || encoded.Length > expected.Length * 3)
        {
            return false;
        }

        Span<byte> decoded = stackalloc byte[encoded.Length];
        return decoded[..Decode(encoded, decoded, plusIsSpace: true)].SequenceEqual(expected);
    }

    private static int Nibble(byte digit) => digit switch
    {
        >= (byte)'0' and <= (byte)'9' => digit - '0',
        >= (byte)'a' and <= (byte)'f' => digit - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => digit - 'A' + 10,
        _ => -1,
    };
}
