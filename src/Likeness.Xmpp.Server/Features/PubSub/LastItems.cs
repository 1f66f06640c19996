using Likeness.Xmpp.Server.Accounts;
using Likeness.Xmpp.Server.Sessions;

namespace Likeness.Xmpp.Server.Features.PubSub;

/// <summary>Sends what was published last to those who begin to listen (XEP-0163 §4.3.4; X84-45). Contacts who are offline are heard too.</summary>
internal sealed class LastItems(AccountDirectory directory, AccountNodes nodes)
{
    /// <summary>A resource begins to listen to these nodes, of its own account and of every contact.</summary>
    public async ValueTask SendAll(Session session, IReadOnlyCollection<string> interests)
    {
        await Send(session.Account, session, interests);
        foreach (var contact in session.Account.Roster.Items)
        {
            var account = contact.IsSeen ? directory.FindLoaded(contact.Contact.Text) ?? await directory.Find(contact.Contact) : null;
            if (account?.Roster.Find(session.Jid) is { SeesUs: true })
            {
                await Send(account, session, interests);
            }
        }
    }

    /// <summary>A contact's resources begin to see this account.</summary>
    public async ValueTask SendAll(Account owner, Account contact)
    {
        foreach (var session in contact.Sessions)
        {
            if (session.IsAvailable)
            {
                await Send(owner, session, session.Interests);
            }
        }
    }

    private async ValueTask Send(Account owner, Session session, IReadOnlyCollection<string> interests)
    {
        if (owner.Blocks(session.Jid) || session.Account.Blocks(owner.Jid))
        {
            return;
        }

        foreach (var name in interests)
        {
            var node = await nodes.Open(owner, name);
            if (node.Options?.SendLast == NodeOptions.OnPresence
                && NodeAccess.Allows(owner, node, session.Jid)
                && await node.Items(PepItem.Last) is { Items: [var last, ..] })
            {
                PepEvents.SendLast(owner, name, last, session);
            }
        }
    }
}
