using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Routing;

/// <summary>
/// Sends a session's presence to its subscribers and to the account's own resources; serialised once for all, and again only when it changes (RFC 6121 §4.2, §4.4, §4.5).
/// Everything here runs under the account's presence gate, so that nobody is told an older state after a newer one.
/// </summary>
internal sealed class PresenceBroadcast(Router router, FeatureRegistry registry)
{
    /// <summary>Sends the current presence again, stamped with the state of this moment; nothing for an unavailable session.</summary>
    public void Send(Session session)
    {
        lock (session.Account.PresenceGate)
        {
            if (Current(session) is { } presence)
            {
                ToSubscribers(session, presence);
            }
        }
    }

    public void SendUnavailable(Session session, Element unavailable)
    {
        lock (session.Account.PresenceGate)
        {
            var prepared = new PreparedStanza(unavailable);
            ToSubscribers(session, prepared);
            foreach (var contact in session.Account.Roster.Leaving)
            {
                router.To(contact).Broadcast(prepared, session.Account.Jid, contact);
            }
        }
    }

    /// <summary>Shows a session's presence to somebody who may see it; false: it is unavailable or may not be seen.</summary>
    /// <param name="maySee">Asked under the gate: a contact that is just being removed is not shown what it was told the end of.</param>
    public bool Show(Session session, Sender to, Func<Session, Sender, bool> maySee)
    {
        lock (session.Account.PresenceGate)
        {
            if (Current(session) is not { } presence || !maySee(session, to))
            {
                return false;
            }

            to.Reply(presence);
            return true;
        }
    }

    /// <summary>Shows a session's presence to every available resource of a contact, unless the contact may not see it any more.</summary>
    public void Show(Session session, Jid contact)
    {
        lock (session.Account.PresenceGate)
        {
            if (MaySee(session, contact) && Current(session) is { } presence)
            {
                router.To(contact).Broadcast(presence, session.Account.Jid, contact);
            }
        }
    }

    /// <summary>Takes the presence of every resource away from a contact, unless it may see it again by now.</summary>
    public void Hide(Account account, Jid contact)
    {
        lock (account.PresenceGate)
        {
            foreach (var session in account.Sessions)
            {
                if (session.IsAvailable && !MaySee(session, contact))
                {
                    router.To(contact).Broadcast(new PreparedStanza(Unavailable(session)), account.Jid, contact);
                }
            }

            lock (account.Gate)
            {
                account.Roster.Left(contact);
            }
        }
    }

    public static Element Unavailable(Session session) =>
        new Element("presence", Ns.Client).Set("type", "unavailable").Set("from", session.Jid.Text);

    /// <summary>The presence with everything the features add for this audience.</summary>
    public Element Stamp(Session session, Element presence, PresenceAudience audience)
    {
        foreach (var stamp in registry.PresenceStamps)
        {
            presence = stamp(session, audience).Apply(presence);
        }

        return presence;
    }

    private static bool MaySee(Session session, Jid contact) =>
        session.Account.Roster.Find(contact) is { SeesUs: true } && !session.Account.Blocks(contact);

    private PreparedStanza? Current(Session session)
    {
        if (session.Presence is not { } presence)
        {
            session.Prepared = null;
            return null;
        }

        if (session.Prepared is not { } prepared || !IsCurrent(prepared, session, presence))
        {
            session.Prepared = prepared = Prepare(session, presence);
        }

        return prepared.Stanza;
    }

    private bool IsCurrent(PreparedPresence prepared, Session session, Element presence)
    {
        if (!ReferenceEquals(prepared.Presence, presence))
        {
            return false;
        }

        for (var index = 0; index < prepared.Stamps.Length; index++)
        {
            if (!ReferenceEquals(prepared.Stamps[index], registry.PresenceStamps[index](session, PresenceAudience.Subscribers)))
            {
                return false;
            }
        }

        return true;
    }

    private PreparedPresence Prepare(Session session, Element presence)
    {
        IPresenceStamp[] stamps = [.. registry.PresenceStamps.Select(stamp => stamp(session, PresenceAudience.Subscribers))];
        var stamped = stamps.Aggregate(presence, (current, stamp) => stamp.Apply(current));
        return new PreparedPresence(presence, stamps, new PreparedStanza(stamped));
    }

    private void ToSubscribers(Session session, PreparedStanza presence)
    {
        var account = session.Account;
        foreach (var contact in account.Roster.Subscribers)
        {
            if (!account.Blocks(contact.Contact))
            {
                router.To(contact.Contact).Broadcast(presence, account.Jid, contact.Contact);
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
