using Likeness.Xmpp.Server.Features.PubSub;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features;

/// <summary>XEP-0292 vCard4 Over XMPP 0.12: a node of its own, and a view of it for clients that ask by a plain iq. To who may not read the node there is nobody.</summary>
internal sealed class Xep0292VCard4(AccountNodes nodes) : IFeature
{
    private const string Node = "urn:xmpp:vcard4";

    public void Register(FeatureRegistry registry)
    {
        registry.AccountFeatures.Add(Ns.VCard4);
        registry.OnAccountIq("get", "vcard", Ns.VCard4, Show);
    }

    private async ValueTask<Element?> Show(IqRequest request)
    {
        var node = await nodes.Open(request.Account, Node);
        var page = NodeAccess.Allows(request.Account, node, request.From) ? await node.Items(PepItem.Last) : null;
        if (page?.Items is [{ Payload: { } card }, ..] && card.Is("vcard", Ns.VCard4))
        {
            return card;
        }

        return request.IsOwn ? new Element("vcard", Ns.VCard4) : throw new StanzaErrorException(StanzaCondition.ServiceUnavailable);
    }
}
