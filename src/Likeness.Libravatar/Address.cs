using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Likeness.Libravatar;

/// <summary>What an avatar is asked by: an e-mail address or an OpenID, normalised.</summary>
public sealed record Address
{
    private Address(AddressKind kind, string text, string domain)
    {
        Kind = kind;
        Text = text;
        Domain = domain;
    }

    public AddressKind Kind { get; }

    /// <summary>The exact text that is hashed.</summary>
    public string Text { get; }

    /// <summary>Lower-case domain whose SRV records name the avatar server.</summary>
    public string Domain { get; }

    /// <summary>MD5 of the text; for an OpenID no server answers to it.</summary>
    public AddressHash Md5 => AddressHash.Md5(Text);

    public AddressHash Sha256 => AddressHash.Sha256(Text);

    /// <summary>Every hash a server answers to for this address: MD5 and SHA-256 of an e-mail, of an international one in both spellings of its domain; SHA-256 of each alias of an OpenID.</summary>
    public ImmutableArray<AddressHash> Hashes => Kind == AddressKind.Email
        ? OtherSpelling() is { } other ? [Md5, Sha256, AddressHash.Md5(other), AddressHash.Sha256(other)] : [Md5, Sha256]
        : [.. OpenId.AliasesOf(Text).Select(AddressHash.Sha256)];

    /// <summary>An e-mail address; white space around it is dropped. Empty, without <c>@</c> or without a domain: <see cref="ArgumentException"/>.</summary>
    public static Address Email(string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        return ReadEmail(text.Trim()) ?? throw new ArgumentException("An e-mail address is local@domain.", nameof(text));
    }

    /// <summary>An OpenID: an http or https URL, the scheme may be left out. Empty or another scheme: <see cref="ArgumentException"/>.</summary>
    public static Address OpenIdentifier(string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        return ReadOpenId(text.Trim()) ?? throw new ArgumentException("An OpenID is an http or https URL.", nameof(text));
    }

    /// <summary>An OpenID if the text has a scheme or no <c>@</c>, else an e-mail address; throws <see cref="ArgumentException"/>.</summary>
    public static Address Parse(string text)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        return TryParse(text, out var address)
            ? address
            : throw new ArgumentException("Neither an e-mail address nor an OpenID.", nameof(text));
    }

    /// <summary>As <see cref="Parse"/>, without exceptions.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Address? address)
    {
        var trimmed = text?.Trim() ?? "";
        var isEmail = trimmed.Contains('@') && !trimmed.Contains("://", StringComparison.Ordinal);
        address = isEmail ? ReadEmail(trimmed) : ReadOpenId(trimmed);
        return address is not null;
    }

    public override string ToString() => Text;

    /// <summary>The one that servers are asked by.</summary>
    internal AddressHash HashToAsk(bool useSha256) => Kind == AddressKind.OpenId || useSha256 ? Sha256 : Md5;

    /// <summary>With the domain in A-labels instead of U-labels, or the other way; null when that is the same.</summary>
    private string? OtherSpelling()
    {
        if (System.Text.Ascii.IsValid(Domain) && !Domain.Contains("xn--", StringComparison.Ordinal))
        {
            return null;
        }

        try
        {
            var idn = new IdnMapping();
            var domain = System.Text.Ascii.IsValid(Domain) ? idn.GetUnicode(Domain) : idn.GetAscii(Domain);
            return domain == Domain ? null : Text[..^Domain.Length] + domain.ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static Address? ReadEmail(string trimmed)
    {
        var text = trimmed.ToLowerInvariant();

        // A quoted local part may contain '@': the domain follows the last one.
        var at = text.LastIndexOf('@');
        return at > 0 && at < text.Length - 1 ? new Address(AddressKind.Email, text, text[(at + 1)..]) : null;
    }

    private static Address? ReadOpenId(string trimmed) =>
        OpenId.TryNormalise(trimmed, out var text, out var host) ? new Address(AddressKind.OpenId, text, host) : null;
}

public enum AddressKind
{
    Email,
    OpenId,
}
