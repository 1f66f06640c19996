using System.Globalization;
using System.Text;

namespace Likeness.Xmpp.Sasl;

/// <summary>Passwords made comparable (RFC 4013): other spaces become spaces, invisible characters go, compatibility forms are folded.</summary>
public static class SaslPrep
{
    /// <summary>The prepared text, or null when it is empty or holds what is prohibited.</summary>
    public static string? Prepare(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text.Length > 0 && !text.Any(char.IsControl) ? text : null;
        }

        var mapped = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar)
            {
                return null;
            }

            if (!IsMappedToNothing(rune.Value))
            {
                mapped.Append(Rune.GetUnicodeCategory(rune) == UnicodeCategory.SpaceSeparator ? " " : rune.ToString());
            }
        }

        var prepared = mapped.ToString().Normalize(NormalizationForm.FormKC);
        return prepared.Length > 0 && !prepared.EnumerateRunes().Any(IsProhibited) ? prepared : null;
    }

    // RFC 3454 table B.1.
    private static bool IsMappedToNothing(int value) =>
        value is 0x00AD or 0x034F or 0x1806 or (>= 0x180B and <= 0x180D) or (>= 0x200B and <= 0x200D) or 0x2060 or (>= 0xFE00 and <= 0xFE0F) or 0xFEFF;

    private static bool IsProhibited(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.PrivateUse
        or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Format;
}
