using System.Diagnostics.CodeAnalysis;

namespace Likeness.Xmpp;

/// <summary>An XMPP address, normalised (RFC 6122). Equal addresses are equal values.</summary>
public sealed record Jid
{
    // The domains that were asked for lately, each at the place that its text gives it. Nearly all addresses have one of a few.
    private static readonly string?[] Domains = new string?[256];
    private readonly int _at;
    private readonly int _slash;
    private string? _local;
    private string? _domain;
    private string? _resource;
    private string? _bareText;
    private Jid? _bare;

    // at and slash are the places of the separators, -1 where there is none.
    private Jid(string text, int at, int slash) => (Text, _at, _slash) = (text, at, slash);

    public string? Local => _at < 0 ? null : _local ??= Text[.._at];

    public string Domain => _domain ??= Shared(Text.AsSpan((_at + 1)..(_slash < 0 ? Text.Length : _slash)));

    public string? Resource => _slash < 0 ? null : _resource ??= Text[(_slash + 1)..];

    /// <summary><c>local@domain</c> or <c>domain</c>.</summary>
    public string BareText => _slash < 0 ? Text : _bare?.Text ?? (_bareText ??= Text[.._slash]);

    public string Text { get; }

    public bool IsBare => _slash < 0;

    public Jid Bare => IsBare ? this : _bare ??= new Jid(BareText, _at, -1) { _local = _local, _domain = _domain };

    /// <summary>The same bare address with a resource that is already normalised (<see cref="NormalizeResource"/>).</summary>
    public Jid WithResource(string resource) => new($"{BareText}/{resource}", _at, BareText.Length) { _bare = Bare, _local = _local, _domain = _domain, _resource = resource };

    /// <exception cref="FormatException">The text is not an XMPP address.</exception>
    public static Jid Parse(string text) =>
        TryParse(text, out var jid) ? jid : throw new FormatException($"'{text}' is not an XMPP address; expected local@domain/resource.");

    /// <summary>Cuts at the first <c>/</c>, then at the first <c>@</c>, and normalises each part; false for a malformed address.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Jid? jid)
    {
        jid = null;
        if (string.IsNullOrEmpty(text) || text.Length > (3 * JidParts.MaxBytes) + 2)
        {
            return false;
        }

        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var bare = slash < 0 ? text.AsSpan() : text.AsSpan(0, slash);
        var at = bare.IndexOf('@');
        if (JidParts.IsPlainDomain(bare[(at + 1)..])
            && (at < 0 || JidParts.IsPlainLocal(bare[..at]))
            && (slash < 0 || JidParts.IsPlainResource(text.AsSpan(slash + 1))))
        {
            jid = new Jid(text, at, slash);
            return true;
        }

        return TryNormalize(text, at, slash, out jid);
    }

    /// <summary>A localpart made comparable: lower case, full-width forms folded, NFC; null when it is malformed.</summary>
    public static string? NormalizeLocal(string local) => JidParts.IsPlainLocal(local) ? local : JidParts.Local(local);

    /// <summary>A domain in lower case with U-labels and without trailing dot; null when it is malformed.</summary>
    public static string? NormalizeDomain(string domain) => JidParts.IsPlainDomain(domain) ? domain : JidParts.Domain(domain);

    /// <summary>A resource in NFC; null when it is malformed.</summary>
    public static string? NormalizeResource(string resource) => JidParts.IsPlainResource(resource) ? resource : JidParts.Resource(resource);

    public bool Equals(Jid? other) => other is not null && Text == other.Text;

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text;

    private static string Shared(ReadOnlySpan<char> domain)
    {
        ref var known = ref Domains[string.GetHashCode(domain, StringComparison.Ordinal) & (Domains.Length - 1)];
        return Volatile.Read(ref known) is { } same && domain.SequenceEqual(same) ? same : known = domain.ToString();
    }

    private static bool TryNormalize(string text, int at, int slash, [NotNullWhen(true)] out Jid? jid)
    {
        jid = null;
        var local = at < 0 ? "" : NormalizeLocal(text[..at]);
        var domain = NormalizeDomain(text[(at + 1)..(slash < 0 ? text.Length : slash)]);
        var resource = slash < 0 ? "" : NormalizeResource(text[(slash + 1)..]);
        if (local is null || domain is null || resource is null)
        {
            return false;
        }

        var bare = at < 0 ? domain : $"{local}@{domain}";
        jid = slash < 0 ? new Jid(bare, at < 0 ? -1 : local.Length, -1) : new Jid($"{bare}/{resource}", at < 0 ? -1 : local.Length, bare.Length);
        return true;
    }
}
