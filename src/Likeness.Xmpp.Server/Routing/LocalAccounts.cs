using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Routing;

/// <summary>The people of the served domains, and the domains themselves: where iq, message and presence part.</summary>
internal sealed class LocalAccounts(
    AccountDirectory directory,
    IqDispatcher iqs,
    MessageDelivery messages,
    PresenceProbes probes,
    Subscriptions subscriptions,
    FeatureRegistry registry) : IDestination
{
    public bool KeepsTurn => true;

    public ValueTask Deliver(Sender from, Element stanza, Jid to) => stanza.Name switch
    {
        "message" => messages.Deliver(from, stanza, to),
        "presence" => Show(from, stanza, to),
        _ => iqs.Deliver(from, stanza, to),
    };

    public void Broadcast(PreparedStanza presence, Jid from, Jid to)
    {
        if (directory.FindLoaded(to.BareText) is not { } account || account.Blocks(from))
        {
            return;
        }

        // The address stays bare.
        foreach (var session in account.Sessions)
        {
            if (session.IsAvailable)
            {
                session.SendToBare(presence);
            }
        }
    }

    public bool Send(PreparedStanza stanza, Jid to)
    {
        if (to.Resource is not { } resource || directory.FindLoaded(to.BareText)?.SessionOf(resource) is not { } session)
        {
            return false;
        }

        session.SendToFull(stanza);
        return true;
    }

    private ValueTask Show(Sender from, Element presence, Jid to)
    {
        switch (presence["type"])
        {
            case "probe":
                return probes.Answer(from, to);
            case "subscribe" or "subscribed" or "unsubscribe" or "unsubscribed":
                return subscriptions.Receive(from, presence, to.Bare);
            default:
                if (from is not Session)
                {
                    foreach (var received in registry.PresenceReceived)
                    {
                        received(from.Jid, presence, to);
                    }
                }

                ShowNow(from, presence, to);
                return default;
        }
    }

    // Presence that cannot be delivered is dropped silently (RFC 6121 §8.5.1), and so is that of somebody who is blocked.
    private void ShowNow(Sender from, Element presence, Jid to)
    {
        if (to.Resource is null)
        {
            Broadcast(new PreparedStanza(presence.Copy().Set("to", null)), from.Jid, to);
        }
        else if (directory.FindLoaded(to.BareText) is { } account && !account.Blocks(from.Jid))
        {
            account.SessionOf(to.Resource)?.Send(presence);
        }
    }
}
