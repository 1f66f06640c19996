using Likeness.Xmpp.Server.Accounts;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Routing;

/// <summary>Sends a session's presence to its subscribers and to the account's own resources; serialised once for all (RFC 6121 §4.2, §4.4, §4.5).</summary>
public sealed class PresenceBroadcast(AccountDirectory directory, LocalDelivery delivery, FeatureRegistry registry)
{
    /// <summary>Sends the current presence again, stamped with the state of this moment (X398-32); nothing for an unavailable session.</summary>
    public void Send(Session session)
    {
        if (session.Presence is { } presence)
        {
            ToSubscribers(session, Prepare(session, presence));
        }
    }

    public void SendUnavailable(Session session, Element unavailable) =>
        ToSubscribers(session, new PreparedStanza(unavailable));

    /// <summary>The session's presence as one local account is to see it, for probes and new subscriptions; null while unavailable.</summary>
    public PreparedStanza? CurrentFor(Session session) =>
        session.Presence is { } presence ? Prepare(session, presence) : null;

    /// <summary>The presence with everything the features add for this audience.</summary>
    public Element Stamp(Session session, Element presence, PresenceAudience audience)
    {
        foreach (var stamp in registry.PresenceStamps)
        {
            presence = stamp(session, presence, audience);
        }

        return presence;
    }

    private PreparedStanza Prepare(Session session, Element presence) =>
        new(Stamp(session, presence, PresenceAudience.Subscribers));

    private void ToSubscribers(Session session, PreparedStanza presence)
    {
        var account = session.Account;
        foreach (var contact in account.Roster.Subscribers)
        {
            if (directory.Serves(contact.Contact.Domain) && !account.Blocks(contact.Contact))
            {
                delivery.ToAvailable(contact.Contact, presence, account.Jid);
            }
        }

        foreach (var own in account.Sessions)
        {
            if (own.IsAvailable || ReferenceEquals(own, session))
            {
                own.SendToBare(presence);
            }
        }
    }
}
