using Likeness.Stores;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features;

/// <summary>XEP-0049 Private XML Storage; clients keep their bookmarks there.</summary>
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

    // All of one request or nothing.
    private async ValueTask<Element?> Set(IqRequest request)
    {
        var account = request.Account.Identity;
        var documents = Children(request).Select(child => new AccountDocument(account, Kind, KeyOf(child), ElementWriter.ToText(child))).ToArray();
        return await stores.Documents.Save(documents, options.MaxPrivateBytes)
            ? null
            : throw new StanzaErrorException(StanzaCondition.ResourceConstraint, $"Private storage holds at most {options.MaxPrivateBytes} bytes.");
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
