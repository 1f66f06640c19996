using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Payloads;

/// <summary>What an entity is (XEP-0030 §3.1), such as <c>server/im</c>.</summary>
public sealed record DiscoIdentity(string Category, string Type, string? Name = null, string? Language = null);

/// <summary>The answer to "what are you and what can you do?" (XEP-0030 §3).</summary>
public sealed record DiscoInfo(IReadOnlyList<DiscoIdentity> Identities, IReadOnlyList<string> Features)
{
    /// <summary>Extended information (XEP-0128).</summary>
    public IReadOnlyList<DataForm> Forms { get; init; } = [];

    public bool Has(string feature) => Features.Contains(feature);

    public bool Is(string category, string type) => Identities.Any(identity => identity.Category == category && identity.Type == type);

    /// <summary>What the <c>query</c> says, or null when it is no disco#info.</summary>
    public static DiscoInfo? Read(Element query)
    {
        if (!query.Is("query", Ns.DiscoInfo))
        {
            return null;
        }

        var identities = new List<DiscoIdentity>();
        var features = new List<string>();
        var forms = new List<DataForm>();
        foreach (var child in query)
        {
            if (child.Is("identity", Ns.DiscoInfo))
            {
                identities.Add(new DiscoIdentity(child["category"] ?? "", child["type"] ?? "", child["name"], child.Get("lang", Ns.Xml)));
            }
            else if (child.Is("feature", Ns.DiscoInfo) && child["var"] is { } feature)
            {
                features.Add(feature);
            }
            else if (DataForm.Read(child) is { } form)
            {
                forms.Add(form);
            }
        }

        return new DiscoInfo(identities, features) { Forms = forms };
    }

    /// <param name="node">Repeated from the request.</param>
    public Element ToElement(string? node = null)
    {
        var query = new Element("query", Ns.DiscoInfo).Set("node", node);
        foreach (var identity in Identities)
        {
            query.Add(new Element("identity", Ns.DiscoInfo)
                .Set("category", identity.Category).Set("type", identity.Type).Set("name", identity.Name).Set("lang", Ns.Xml, identity.Language));
        }

        foreach (var feature in Features)
        {
            query.Add(new Element("feature", Ns.DiscoInfo).Set("var", feature));
        }

        foreach (var form in Forms)
        {
            query.Add(form.ToElement());
        }

        return query;
    }
}
