using Likeness.Stores;
using Likeness.Xmpp.Server.Features.PubSub;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features;

/// <summary>XEP-0049 Private XML Storage; old clients keep their bookmarks there, which are those of <see cref="Xep0402Bookmarks"/>.</summary>
internal sealed class Xep0049PrivateStorage(IStores stores, AccountNodes nodes, XmppServerOptions options) : IFeature
{
    private const string Kind = "private";

    public void Register(FeatureRegistry registry)
    {
        registry.ServerFeatures.Add(Ns.PrivateStorage);
        registry.AccountFeatures.Add(Ns.PrivateStorage);
        registry.OnOwnIq("get", "query", Ns.PrivateStorage, Get);
        registry.OnOwnIq("set", "query", Ns.PrivateStorage, Set);
    }

    private async ValueTask<Element?> Get(IqRequest request)
    {
        var asked = Children(request);
        if (asked.Length > 1)
        {
            throw new StanzaErrorException(StanzaCondition.BadRequest, "One element is read at a time.");
        }

        var stored = await stores.Documents.Find(request.Account.Identity, Kind, KeyOf(asked[0]));
        var element = stored?.Content is { } xml ? XmlStreamReader.ParseElement(xml) : new Element(asked[0].Name, asked[0].Namespace);
        if (Xep0402Bookmarks.IsOldList(element))
        {
            var list = await (await nodes.Bookmarks(request.Account)).List();
            element = Xep0402Bookmarks.Rest(element).Aggregate(list, (all, other) => all.Add(other));
        }

        return new Element("query", Ns.PrivateStorage).Add(element);
    }

    // All of one request or nothing; the rooms among bookmarks, which are elsewhere, come first.
    private async ValueTask<Element?> Set(IqRequest request)
    {
        var children = Children(request);
        foreach (var list in children.Where(Xep0402Bookmarks.IsOldList))
        {
            await AccountNodes.Change(request.Account, async () => await (await nodes.Bookmarks(request.Account)).Replace(list, request.From));
        }

        var documents = children.Select(child => new AccountDocument(request.Account.Identity, Kind, KeyOf(child), Content(child))).ToArray();
        return await stores.Documents.Save(documents, options.MaxPrivateBytes)
            ? null
            : throw new StanzaErrorException(StanzaCondition.ResourceConstraint, $"Private storage holds at most {options.MaxPrivateBytes} bytes.");
    }

    private static string? Content(Element child)
    {
        if (!Xep0402Bookmarks.IsOldList(child))
        {
            return ElementWriter.ToText(child);
        }

        var rest = Xep0402Bookmarks.Rest(child).Aggregate(new Element(child.Name, child.Namespace), (all, other) => all.Add(other));
        return rest.FirstChild() is null ? null : ElementWriter.ToText(rest);
    }

    private static Element[] Children(IqRequest request)
    {
        var children = request.Payload.ToArray();
        if (children.Any(child => child.Namespace is "" or Ns.PrivateStorage))
        {
            throw new StanzaErrorException(StanzaCondition.NotAcceptable, "Private XML has a namespace of its own.");
        }

        return children.Length > 0
            ? children
            : throw new StanzaErrorException(StanzaCondition.NotAcceptable, "There is nothing inside the query.");
    }

    private static string KeyOf(Element element) => $"{element.Namespace} {element.Name}";
}
