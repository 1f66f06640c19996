using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Likeness.Xmpp;

/// <summary>The rules for each part of an address: PRECIS-like for localpart and resource, IDNA for the domain.</summary>
internal static class JidParts
{
    /// <summary>Bytes of UTF-8 in one part (RFC 6122 §2.1).</summary>
    public const int MaxBytes = 1023;

    private const string ForbiddenInLocal = "\"&'/:<>@ ";
    private static readonly SearchValues<char> PlainLocal = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789!#$%()*+,-.;=?[\\]^_`{|}~");
    private static readonly SearchValues<char> PlainDomain = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-.");
    private static readonly SearchValues<char> PlainResource = SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(code => (char)code)]);
    private static readonly IdnMapping Idn = new() { UseStd3AsciiRules = true };

    /// <summary>ASCII that normalisation leaves as it is.</summary>
    public static bool IsPlainLocal(ReadOnlySpan<char> local) => local.Length is > 0 and <= MaxBytes && !local.ContainsAnyExcept(PlainLocal);

    /// <inheritdoc cref="IsPlainLocal"/>
    public static bool IsPlainResource(ReadOnlySpan<char> resource) => resource.Length is > 0 and <= MaxBytes && !resource.ContainsAnyExcept(PlainResource);

    /// <inheritdoc cref="IsPlainLocal"/>
    public static bool IsPlainDomain(ReadOnlySpan<char> domain)
    {
        if (domain.Length is 0 or > 253 || domain.ContainsAnyExcept(PlainDomain) || domain.Contains("xn--", StringComparison.Ordinal))
        {
            return false;
        }

        while (true)
        {
            var dot = domain.IndexOf('.');
            var label = dot < 0 ? domain : domain[..dot];
            if (label.Length is 0 or > 63 || label[0] == '-' || label[^1] == '-')
            {
                return false;
            }

            if (dot < 0)
            {
                return true;
            }

            domain = domain[(dot + 1)..];
        }
    }

    public static string? Local(string local)
    {
        if (!IsValidUtf16(local))
        {
            return null;
        }

        var normalized = Narrow(local).ToLowerInvariant().Normalize(NormalizationForm.FormC);
        return Fits(normalized) && normalized.EnumerateRunes().All(MayStandInLocal) ? normalized : null;
    }

    public static string? Resource(string resource)
    {
        if (!IsValidUtf16(resource))
        {
            return null;
        }

        var spaced = string.Concat(resource.Select(character => char.GetUnicodeCategory(character) == UnicodeCategory.SpaceSeparator ? ' ' : character));
        var normalized = spaced.Normalize(NormalizationForm.FormC);
        return Fits(normalized) && !normalized.EnumerateRunes().Any(rune => Rune.IsControl(rune) || IsNoCharacter(rune)) ? normalized : null;
    }

    public static string? Domain(string domain)
    {
        var name = domain.EndsWith('.') ? domain[..^1] : domain;
        if (name is ['[', .. var literal, ']'])
        {
            return IPAddress.TryParse(literal, out var address) && address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : null;
        }

        try
        {
            var ascii = name.Length > 0 && IsValidUtf16(name) ? Idn.GetAscii(name).ToLowerInvariant() : "";
            var unicode = ascii.Length is 0 or > 253 ? "" : Idn.GetUnicode(ascii).ToLowerInvariant();
            return unicode.Length > 0 && Idn.GetAscii(unicode) == ascii ? unicode : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    // Full-width and half-width forms only (RFC 8265 §3.3: width mapping); other compatibility characters stay what they are.
    private static string Narrow(string text) =>
        text.AsSpan().ContainsAnyInRange('\uFF01', '\uFFEF')
            ? string.Concat(text.Select(character => character is >= '\uFF01' and <= '\uFFEF' ? character.ToString().Normalize(NormalizationForm.FormKC) : character.ToString()))
            : text;

    private static bool MayStandInLocal(Rune rune)
    {
        if (rune.IsAscii)
        {
            return rune.Value > ' ' && rune.Value < 0x7F && !ForbiddenInLocal.Contains((char)rune.Value, StringComparison.Ordinal);
        }

        return !IsNoCharacter(rune) && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse
            or UnicodeCategory.OtherNotAssigned or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
    }

    private static bool IsNoCharacter(Rune rune) => (rune.Value & 0xFFFE) == 0xFFFE || rune.Value is >= 0xFDD0 and <= 0xFDEF;

    private static bool IsValidUtf16(string text)
    {
        for (var rest = text.AsSpan(); !rest.IsEmpty;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var taken) != OperationStatus.Done)
            {
                return false;
            }

            rest = rest[taken..];
        }

        return true;
    }

    private static bool Fits(string part) => part.Length > 0 && Encoding.UTF8.GetByteCount(part) <= MaxBytes;
}
