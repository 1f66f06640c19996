using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Likeness.Xmpp;

/// <summary>Base64 as XMPP demands it (RFC 4648 §4): nothing outside the alphabet, whole quanta, padding bits zero.</summary>
public static class StrictBase64
{
    private static readonly SearchValues<char> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");

    /// <summary>False for anything but strict base64; no text is no bytes.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        var digits = text.TrimEnd('=');
        var padding = text.Length - digits.Length;
        if (text.Length % 4 != 0 || padding > 2 || digits.ContainsAnyExcept(Alphabet) || !PaddingBitsAreZero(digits, padding))
        {
            return false;
        }

        bytes = new byte[(text.Length / 4 * 3) - padding];
        return Convert.TryFromBase64Chars(text, bytes, out var written) && written == bytes.Length;
    }

    /// <summary>Like <see cref="TryDecode"/>, but spaces, tabs and line breaks are passed over (XEP-0153 §4.6).</summary>
    public static bool TryDecodeWithWhitespace(string text, [NotNullWhen(true)] out byte[]? bytes)
    {
        if (!text.AsSpan().ContainsAny(" \t\r\n"))
        {
            return TryDecode(text, out bytes);
        }

        var rented = ArrayPool<char>.Shared.Rent(text.Length);
        try
        {
            var length = 0;
            foreach (var character in text)
            {
                if (character is not (' ' or '\t' or '\r' or '\n'))
                {
                    rented[length++] = character;
                }
            }

            return TryDecode(rented.AsSpan(0, length), out bytes);
        }
        finally
        {
            ArrayPool<char>.Shared.Return(rented);
        }
    }

    // One '=' leaves two bits of the last digit unused, two leave four.
    private static bool PaddingBitsAreZero(ReadOnlySpan<char> digits, int padding) =>
        padding == 0 || (!digits.IsEmpty && (Value(digits[^1]) & (padding == 1 ? 0b11 : 0b1111)) == 0);

    private static int Value(char digit) => digit switch
    {
        >= 'A' and <= 'Z' => digit - 'A',
        >= 'a' and <= 'z' => digit - 'a' + 26,
        >= '0' and <= '9' => digit - '0' + 52,
        '+' => 62,
        _ => 63,
    };
}
