using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Routing;

/// <summary>What becomes of a session's stanzas, and of those it did not take.</summary>
internal sealed class SessionHandler(
    StanzaRouter router,
    PresenceDispatcher presences,
    MessageDelivery messages,
    LocalDelivery delivery,
    FeatureRegistry features) : ISessionHandler
{
    public ValueTask Receive(Session session, Element stanza) => router.Handle(session, stanza);

    public void Left(Session session) => presences.End(session);

    public void Ended(Session session)
    {
        foreach (var ended in features.SessionEnded)
        {
            ended(session);
        }
    }

    /// <summary>Messages are delivered elsewhere, kept or refused; questions are answered with an error; presence is of no use any more.</summary>
    public async ValueTask Undelivered(Session session, IReadOnlyList<Element> stanzas)
    {
        foreach (var stanza in stanzas)
        {
            try
            {
                switch (stanza.Name)
                {
                    case "message":
                        await messages.Redeliver(session, stanza);
                        break;
                    case "iq" when stanza["type"] is "get" or "set":
                        throw new StanzaErrorException(StanzaCondition.ServiceUnavailable);
                }
            }
            catch (StanzaErrorException error)
            {
                if (stanza["from"] is not null && StanzaReply.Error(stanza, error) is { } reply && Jid.TryParse(reply["to"], out var sender))
                {
                    delivery.TryToResource(sender, reply);
                }
            }
        }
    }
}
