using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Routing;

/// <summary>Subscription requests and answers by the state tables of RFC 6121 appendix A (C-108…C-111).</summary>
public sealed class Subscriptions
{
    public ValueTask Handle(Session session, Element presence, Jid contact) => throw new StanzaErrorException(StanzaCondition.FeatureNotImplemented);

    public ValueTask DeliverPending(Session session) => ValueTask.CompletedTask;
}
