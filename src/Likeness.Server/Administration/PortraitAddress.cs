using System.Globalization;
using System.Text;
using Likeness.Libravatar;
using Likeness.Server.Options;

namespace Likeness.Server.Administration;

/// <summary>Reads what an operator typed or pasted for an address.</summary>
internal static class PortraitAddress
{
    private static readonly IdnMapping Idn = new();

    /// <summary>An address as it stands, in <c>Anne &lt;anne@example.org&gt;</c> or behind <c>mailto:</c>. Throws <see cref="OperationRefusedException"/>.</summary>
    public static Address Read(string text) =>
        Bare(text) is var bare && Address.TryParse(bare, out var address) && !IsBareWord(bare)
            ? address
            : throw new OperationRefusedException($"'{text}' is neither an e-mail address nor an OpenID.");

    /// <summary>The same for an address that is to be kept: one that nobody can ever ask for is refused.</summary>
    public static Address ReadNew(string text)
    {
        var address = Read(text);
        if (address.Text.EnumerateRunes().FirstOrDefault(IsInvisible) is { Value: not 0 } letter)
        {
            throw new OperationRefusedException(string.Create(CultureInfo.InvariantCulture, $"'{address}' has an invisible letter in it (U+{letter.Value:X4}); type it by hand."));
        }

        return address.Kind != AddressKind.Email || IsDomain(address.Domain)
            ? address
            : throw new OperationRefusedException($"'{address.Domain}' in '{address}' is not a domain name.");
    }

    /// <summary>Refuses an address of a domain that is not served, unless the operator vouches for it.</summary>
    public static void RefuseStranger(Address address, DomainPolicies? served, bool trust)
    {
        if (trust || served is null || served.Serves(address.Domain))
        {
            return;
        }

        var meant = Spelling.Nearest(address.Domain, served.All.Select(policy => policy.Domain));
        throw new OperationRefusedException(
            $"{address.Domain} is not served here, so nobody vouches that {address} is confirmed: --trust-addresses does.{(meant is null ? "" : $" Did you mean {meant}?")}");
    }

    private static string Bare(string text)
    {
        const string MailTo = "mailto:";
        var bare = text.Trim();
        if (bare.EndsWith('>') && bare.LastIndexOf('<') is var open and >= 0)
        {
            bare = bare[(open + 1)..^1].Trim();
        }

        return bare.StartsWith(MailTo, StringComparison.OrdinalIgnoreCase) ? Uri.UnescapeDataString(bare[MailTo.Length..].Split('?')[0]) : bare;
    }

    private static bool IsInvisible(Rune letter) => Rune.IsWhiteSpace(letter) || Rune.GetUnicodeCategory(letter)
        is UnicodeCategory.Format or UnicodeCategory.Control or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;

    private static bool IsDomain(string domain)
    {
        try
        {
            return !domain.EndsWith('.') && Idn.GetAscii(domain).All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or '_');
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Could be an OpenID by the letter; an operator who typed it left out the domain.</summary>
    private static bool IsBareWord(string text) => text.AsSpan().IndexOfAny('@', '.', ':') < 0;
}
