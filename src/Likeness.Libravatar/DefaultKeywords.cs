using System.Text;

namespace Likeness.Libravatar;

/// <summary>The values of <c>d</c> that Libravatar servers know; compared case-sensitively after decoding.</summary>
public static class DefaultKeywords
{
    public const string NotFound = "404";
    public const string MysteryMan = "mm";
    public const string MysteryPerson = "mp";
    public const string MysteryManBackground = "mmng";
    public const string Identicon = "identicon";
    public const string MonsterId = "monsterid";
    public const string Wavatar = "wavatar";
    public const string Retro = "retro";
    public const string Robohash = "robohash";
    public const string Pagan = "pagan";
    public const string Blank = "blank";
    public const string Initials = "initials";
    public const string Color = "color";

    private const int LongestValue = 2048;

    private static readonly (byte[] Encoded, string Text)[] Known =
        [.. new[] { NotFound, MysteryMan, MysteryPerson, MysteryManBackground, Identicon, MonsterId, Wavatar, Retro, Robohash, Pagan, Blank, Initials, Color }
            .Select(keyword => (Encoding.ASCII.GetBytes(keyword), keyword))];

    /// <summary>The decoded value, a known keyword without allocating; null when empty or longer than any URL worth following.</summary>
    internal static string? Read(ReadOnlySpan<byte> encoded)
    {
        if (encoded.IsEmpty || encoded.Length > LongestValue)
        {
            return null;
        }

        foreach (var (bytes, text) in Known)
        {
            if (encoded.SequenceEqual(bytes))
            {
                return text;
            }
        }

        Span<byte> decoded = stackalloc byte[encoded.Length];
        return Encoding.UTF8.GetString(decoded[..PercentEncoding.Decode(encoded, decoded, plusIsSpace: true)]);
    }
}
