using System.Diagnostics.CodeAnalysis;

namespace Likeness.Xmpp;

/// <summary>An XMPP address, normalised (RFC 6122; C-75, C-76). Equal addresses are equal values.</summary>
public sealed record Jid
{
    private Jid(string? local, string domain, string? resource)
    {
        Local = local;
        Domain = domain;
        Resource = resource;
        BareText = local is null ? domain : $"{local}@{domain}";
        Text = resource is null ? BareText : $"{BareText}/{resource}";
    }

    public string? Local { get; }

    public string Domain { get; }

    public string? Resource { get; }

    /// <summary><c>local@domain</c> or <c>domain</c>.</summary>
    public string BareText { get; }

    public string Text { get; }

    public bool IsBare => Resource is null;

    public Jid Bare => IsBare ? this : new Jid(Local, Domain, null);

    /// <summary>The same bare address with a resource that is already normalised.</summary>
    public Jid WithResource(string resource) => new(Local, Domain, resource);

    public static Jid Parse(string text) =>
        TryParse(text, out var jid) ? jid : throw new FormatException($"'{text}' is not an XMPP address; expected local@domain/resource.");

    /// <summary>Cuts at the first <c>/</c>, then at the first <c>@</c>, and normalises each part; false for a malformed address.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Jid? jid)
    {
        jid = null;
        if (string.IsNullOrEmpty(text))
        {
            return false;
        }

        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var bare = slash < 0 ? text : text[..slash];
        var resource = slash < 0 ? null : text[(slash + 1)..];
        var at = bare.IndexOf('@', StringComparison.Ordinal);
        var local = at < 0 ? null : bare[..at].ToLowerInvariant();
        var domain = (at < 0 ? bare : bare[(at + 1)..]).TrimEnd('.').ToLowerInvariant();
        if (domain.Length == 0 || local is "" || resource is "")
        {
            return false;
        }

        jid = new Jid(local, domain, resource);
        return true;
    }

    public bool Equals(Jid? other) => other is not null && Text == other.Text;

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text;
}
