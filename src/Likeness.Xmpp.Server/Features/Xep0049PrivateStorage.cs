using Likeness.Stores;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features;

/// <summary>XEP-0049 Private XML Storage (C-148); clients keep their bookmarks there.</summary>
internal sealed class Xep0049PrivateStorage(IStores stores, XmppServerOptions options) : IFeature
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
        return new Element("query", Ns.PrivateStorage).Add(element);
    }

    private async ValueTask<Element?> Set(IqRequest request)
    {
        var account = request.Account.Identity;
        var documents = Children(request).Select(child => new AccountDocument(account, Kind, KeyOf(child), ElementWriter.ToText(child))).ToArray();
        using var held = await request.Account.State<PrivateOrder>().Enter();
        await CheckQuota(account, documents);
        await stores.Write([.. documents.Select(document => new StoreWrite.Document(document))]);
        return null;
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

    // C-225: what a document replaces does not count against it.
    private async ValueTask CheckQuota(Identity account, AccountDocument[] documents)
    {
        var size = await stores.Documents.Size(account, Kind);
        foreach (var document in documents)
        {
            var replaced = await stores.Documents.Find(account, Kind, document.Key);
            size += document.Content!.Length - (replaced?.Content?.Length ?? 0);
        }

        if (size > options.MaxPrivateCharacters)
        {
            throw new StanzaErrorException(StanzaCondition.ResourceConstraint, $"Private storage holds at most {options.MaxPrivateCharacters} characters.");
        }
    }

    private static string KeyOf(Element element) => $"{element.Namespace} {element.Name}";

    /// <summary>One change of an account's private storage at a time, so that the quota holds.</summary>
    private sealed class PrivateOrder : AsyncLock;
}
