using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Routing;

/// <summary>Answers who is there: for a client's probe and, without any probe on the wire, for a session that becomes available (RFC 6121 §4.3).</summary>
internal sealed class PresenceProbes(AccountDirectory directory, PresenceBroadcast broadcast, Router router)
{
    /// <summary>The presence of every contact the session's account may see, as fast as the client takes it. Who is not in memory is not online and costs nothing.</summary>
    public async ValueTask CollectFor(Session session)
    {
        foreach (var contact in session.Account.Roster.Items)
        {
            if (!contact.IsSeen)
            {
                continue;
            }

            if (directory.FindLoaded(contact.Contact.Text) is not { } account)
            {
                AskElsewhere(session, contact.Contact);
            }
            else if (!account.Sessions.IsEmpty)
            {
                if (!await session.Writable())
                {
                    return;
                }

                SendPresenceOf(account, session);
            }
        }

        // Own resources see each other; the new one hears of those that were there.
        foreach (var own in session.Account.Sessions)
        {
            if (!ReferenceEquals(own, session))
            {
                broadcast.Show(own, session, static (_, _) => true);
            }
        }
    }

    /// <summary>Unauthorised and nonexistent look the same (RFC 6121 §4.3.2); who is blocked hears nothing at all (XEP-0191 §3.3).</summary>
    public async ValueTask Answer(Sender asker, Jid to)
    {
        var account = await directory.Find(to);
        if (account?.Blocks(asker.Jid) == true)
        {
            return;
        }

        if (account is null || !MaySee(asker, account))
        {
            asker.Reply(From(to.Bare, "unsubscribed").Set("to", asker.Jid.BareText));
            return;
        }

        if (!SendPresenceOf(account, asker, to.Resource))
        {
            asker.Reply(From(to, "unavailable").Set("to", asker.Jid.Text));
        }
    }

    // RFC 6121 §4.3.1: who is not of this server is asked.
    private void AskElsewhere(Session session, Jid contact)
    {
        if (contact.Domain != session.Jid.Domain && router.To(contact) is { IsThere: true } and not LocalAccounts)
        {
            router.Send(new ServerSender(session.Jid), From(session.Jid, "probe").Set("to", contact.Text), contact);
        }
    }

    private static bool MaySee(Sender asker, Account account)
    {
        var isAllowed = asker.Jid.BareText == account.Jid.Text || account.Roster.Find(asker.Jid) is { SeesUs: true };
        return isAllowed && !account.Blocks(asker.Jid);
    }

    private bool SendPresenceOf(Account account, Sender receiver, string? resource = null)
    {
        var any = false;
        foreach (var session in account.Sessions)
        {
            if (resource is null || session.Jid.Resource == resource)
            {
                any |= broadcast.Show(session, receiver, static (shown, asker) => MaySee(asker, shown.Account));
            }
        }

        return any;
    }

    private static Element From(Jid from, string type) =>
        new Element("presence", Ns.Client).Set("from", from.Text).Set("type", type);
}
