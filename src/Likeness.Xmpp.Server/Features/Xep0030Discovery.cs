using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

using Xep0115 = Likeness.Xmpp.Payloads.Xep0115EntityCapabilities;

namespace Likeness.Xmpp.Server.Features;

/// <summary>XEP-0030 Service Discovery: what the domain and every account offer. Full addresses are asked themselves.</summary>
internal sealed class Xep0030Discovery(FeatureRegistry registry) : IFeature
{
    private const string Software = "https://likeness.example/";
    private Element? _caps;

    public void Register(FeatureRegistry features)
    {
        foreach (var offered in new[] { features.ServerFeatures, features.AccountFeatures })
        {
            offered.Add(Ns.DiscoInfo);
            offered.Add(Ns.DiscoItems);
            offered.Add(Ns.ResultSet);
        }

        features.StreamFeatures.Add(() => Caps);
        features.OnServerIq("get", "query", Ns.DiscoInfo, request => new(ServerInfo(request)));
        features.OnServerIq("get", "query", Ns.DiscoItems, request => new(ServerItems(request)));
        features.OnAnybodysIq("get", "query", Ns.DiscoInfo, AccountInfo);
        features.OnAnybodysIq("get", "query", Ns.DiscoItems, AccountItems);
    }

    // XEP-0115 §6.3: clients that know this hash need not ask. Nothing is added to the features once streams are open.
    private Element Caps => _caps ??= Xep0115.ToElement(Software, DiscoInfo.Read(ServerInfo())!);

    private Element ServerInfo(IqRequest request)
    {
        var node = request.Payload["node"];
        if (node == $"{Software}#{Caps["ver"]}")
        {
            return ServerInfo().Set("node", node);
        }

        return NodeOf(request, registry.ServerNodeInfo) ?? ServerInfo();
    }

    private Element ServerInfo() => registry.ServerForms.Aggregate(
        AddFeatures(new Element("query", Ns.DiscoInfo).Add(Identity("server", "im").Set("name", "Likeness")), registry.ServerFeatures),
        (all, form) => all.Add(form));

    private Element ServerItems(IqRequest request)
    {
        if (NodeOf(request, registry.ServerNodeItems) is { } listed)
        {
            return listed;
        }

        var items = new Element("query", Ns.DiscoItems);
        foreach (var (jid, name) in registry.ServerItems)
        {
            items.Add(new Element("item", Ns.DiscoItems).Set("jid", jid).Set("name", name));
        }

        return items;
    }

    private async ValueTask<Element?> AccountInfo(IqRequest request)
    {
        if (request.Payload["node"] is { Length: > 0 } node)
        {
            return await NodeInfo(request, node);
        }

        if (!request.IsKnown)
        {
            throw new StanzaErrorException(StanzaCondition.ServiceUnavailable);
        }

        var info = new Element("query", Ns.DiscoInfo).Add(Identity("account", "registered"));
        foreach (var (category, type) in registry.AccountIdentities)
        {
            info.Add(Identity(category, type));
        }

        return AddFeatures(info, registry.AccountFeatures);
    }

    private async ValueTask<Element> NodeInfo(IqRequest request, string node)
    {
        var info = await FindNode(request, node);
        if (info is null)
        {
            throw new StanzaErrorException(request.IsKnown ? StanzaCondition.ItemNotFound : StanzaCondition.ServiceUnavailable);
        }

        return info["node"] is null ? info.Copy().Set("node", node) : info;
    }

    private async ValueTask<Element?> FindNode(IqRequest request, string node)
    {
        if (request.Target is not { } account)
        {
            return null;
        }

        foreach (var provider in registry.AccountNodeInfo)
        {
            if (await provider(account, request.From, node) is { } info)
            {
                return info;
            }
        }

        return null;
    }

    // XEP-0030 §8: who is not known is never told that there is nothing, not even by an error; what is open to everybody is listed.
    private async ValueTask<Element?> AccountItems(IqRequest request)
    {
        var node = request.Payload["node"] is { Length: > 0 } given ? given : null;
        var items = new Element("query", Ns.DiscoItems).Set("node", node);
        var asked = ResultSetRequest.Read(request.Payload);
        if (node is not null)
        {
            // The items of a node are read by XEP-0060; here it is only told whether there is such a node.
            return request.IsKnown && await FindNode(request, node) is null
                ? throw new StanzaErrorException(StanzaCondition.ItemNotFound)
                : items;
        }

        var all = request.Target is { } account ? await AllItems(account, request.From) : [];
        var page = Xep0059Paging.Cut(all, IdOf, item => IdOf(item).Length + 64, asked) ?? throw new StanzaErrorException(StanzaCondition.ItemNotFound);
        foreach (var item in page.Items)
        {
            items.Add(item);
        }

        return items.Add(page.Describe(asked, IdOf)?.ToElement());
    }

    private async ValueTask<List<Element>> AllItems(Account account, Jid asker)
    {
        var all = new List<Element>();
        foreach (var provider in registry.AccountItems)
        {
            all.AddRange(await provider(account, asker));
        }

        return all;
    }

    private static string IdOf(Element item) => item["node"] ?? item["jid"] ?? "";

    // Null: no node is asked for.
    private static Element? NodeOf(IqRequest request, List<Func<IqRequest, string, Element?>> providers)
    {
        if (request.Payload["node"] is not { Length: > 0 } node)
        {
            return null;
        }

        foreach (var provider in providers)
        {
            if (provider(request, node) is { } found)
            {
                return found.Set("node", node);
            }
        }

        throw new StanzaErrorException(StanzaCondition.ItemNotFound);
    }

    private static Element Identity(string category, string type) =>
        new Element("identity", Ns.DiscoInfo).Set("category", category).Set("type", type);

    private static Element AddFeatures(Element info, IEnumerable<string> features)
    {
        foreach (var feature in features)
        {
            info.Add(new Element("feature", Ns.DiscoInfo).Set("var", feature));
        }

        return info;
    }
}
