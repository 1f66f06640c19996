using System.Security.Cryptography;
using System.Text;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Payloads;

/// <summary>The <c>c</c> element in presence (XEP-0115 §4).</summary>
/// <param name="Hash">Null: the legacy format, believed for this sender only.</param>
public sealed record CapsAnnouncement(string Node, string Version, string? Hash)
{
    /// <summary>The node to ask for disco#info.</summary>
    public string DiscoNode => $"{Node}#{Version}";
}

/// <summary>XEP-0115 Entity Capabilities: the verification string (X-CAP-1).</summary>
public static class Xep0115EntityCapabilities
{
    public static CapsAnnouncement? Read(Element presence) =>
        presence.Child("c", Ns.Caps) is { } c && c["node"] is { Length: > 0 } node && c["ver"] is { Length: > 0 } version
            ? new CapsAnnouncement(node, version, c["hash"])
            : null;

    public static Element ToElement(string node, DiscoInfo info) =>
        new Element("c", Ns.Caps).Set("hash", "sha-1").Set("node", node).Set("ver", Verification(info));

    /// <summary>SHA-1 of what is described, in base64 (§5.1).</summary>
    public static string Verification(DiscoInfo info)
    {
        var text = new StringBuilder();
        foreach (var identity in Sorted(info.Identities.Select(one => $"{one.Category}/{one.Type}/{one.Language}/{one.Name}")))
        {
            text.Append(identity).Append('<');
        }

        foreach (var feature in Sorted(info.Features))
        {
            text.Append(feature).Append('<');
        }

        foreach (var form in info.Forms.Where(form => form.FormType is not null).OrderBy(form => Encoding.UTF8.GetBytes(form.FormType!), Octets))
        {
            text.Append(form.FormType).Append('<');
            foreach (var field in form.Fields.OrderBy(field => Encoding.UTF8.GetBytes(field.Variable), Octets))
            {
                text.Append(field.Variable).Append('<');
                foreach (var value in Sorted(field.Values))
                {
                    text.Append(value).Append('<');
                }
            }
        }

        return Convert.ToBase64String(SHA1.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>Whether the description may be believed for everyone who announces this hash: no duplicates, no <c>&lt;</c> that could shift borders, hash recomputed (§5.4).</summary>
    public static bool Confirms(CapsAnnouncement announcement, DiscoInfo info) =>
        announcement.Hash == "sha-1" && IsUnambiguous(info) && Verification(info) == announcement.Version;

    private static bool IsUnambiguous(DiscoInfo info)
    {
        var distinct = info.Identities.Distinct().Count() == info.Identities.Count
            && info.Features.Distinct(StringComparer.Ordinal).Count() == info.Features.Count
            && info.Forms.Select(form => form.FormType).Distinct(StringComparer.Ordinal).Count() == info.Forms.Count;
        var texts = info.Identities.SelectMany(one => new[] { one.Category, one.Type, one.Language, one.Name })
            .Concat(info.Features)
            .Concat(info.Forms.SelectMany(form => form.Fields.SelectMany(field => field.Values.Append(field.Variable)).Append(form.FormType)));
        return distinct && !texts.Any(text => text is not null && text.Contains('<', StringComparison.Ordinal));
    }

    private static readonly Comparer<byte[]> Octets = Comparer<byte[]>.Create((one, other) => one.AsSpan().SequenceCompareTo(other));

    // i;octet: by the bytes of UTF-8, which differs from UTF-16 order beyond the basic plane.
    private static IEnumerable<string> Sorted(IEnumerable<string> texts) => texts.OrderBy(Encoding.UTF8.GetBytes, Octets);
}
