using Likeness.Stores;
using Likeness.Xmpp.Server.Avatars;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features.PubSub;

/// <summary>
/// Sends what was published last to those who begin to listen (XEP-0163 §4.3.4). Contacts who are offline are heard too: what they
/// published is read for many at once, without bringing them into memory. A reader that does not keep up is waited for.
/// </summary>
internal sealed class LastItems(AccountDirectory directory, AccountNodes nodes, Subscribers subscribers, AvatarService avatars, IStores stores, Router router)
{
    private const int MaxBytes = 512 * 1024;

    /// <summary>A resource begins to listen to these nodes: of its own account, of every contact, and where it subscribed.</summary>
    public async ValueTask SendAll(Session session, IReadOnlyCollection<string> interests)
    {
        await Send(session.Account, session, interests);
        var offline = new List<Jid>();
        foreach (var contact in session.Account.Roster.Items)
        {
            if (!contact.IsSeen)
            {
                continue;
            }

            if (directory.FindLoaded(contact.Contact.Text) is not { } account)
            {
                offline.Add(contact.Contact);
            }
            else if (account.Roster.Find(session.Jid) is { SeesUs: true } && !await Send(account, session, interests))
            {
                return;
            }
        }

        foreach (var some in offline.Chunk(LastItemsOf.MaxAccounts))
        {
            if (!await SendOffline(some, session, interests))
            {
                return;
            }
        }

        await SendSubscribed(session, interests);
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

    /// <summary>A contact's resource on another server begins to listen.</summary>
    public async ValueTask SendElsewhere(Account owner, Jid listener, IReadOnlyCollection<string> interests)
    {
        foreach (var name in interests)
        {
            var node = await nodes.Open(owner, name);
            if (node.Options?.SendLast == NodeOptions.OnPresence
                && NodeAccess.Allows(owner, node, listener)
                && await node.Items(PepItem.Last) is { Items: [var last, ..] })
            {
                router.Send(new ServerSender(owner.Jid), PepEvents.Last(owner.Jid.Text, name, last).Set("to", listener.Text), listener);
            }
        }
    }

    private async ValueTask SendSubscribed(Session session, IReadOnlyCollection<string> interests)
    {
        foreach (var subscription in await subscribers.By(session.Jid))
        {
            var owner = Jid.Parse(subscription.Account.Value);
            var isHeardAnyway = owner == session.Account.Jid || session.Account.Roster.Find(owner) is { IsSeen: true };
            if (!isHeardAnyway
                && interests.Contains(subscription.Node)
                && (subscription.Address == subscription.Subscriber || subscription.Address == session.Jid.Text)
                && await directory.Find(owner) is { } account
                && !await Send(account, session, [subscription.Node]))
            {
                return;
            }
        }
    }

    /// <returns>False: the session has ended.</returns>
    private async ValueTask<bool> Send(Account owner, Session session, IReadOnlyCollection<string> interests)
    {
        if (owner.Blocks(session.Jid) || session.Account.Blocks(owner.Jid))
        {
            return true;
        }

        foreach (var name in interests)
        {
            var node = await nodes.Open(owner, name);
            if (node.Options?.SendLast == NodeOptions.OnPresence
                && NodeAccess.Allows(owner, node, session.Jid)
                && await node.Items(PepItem.Last) is { Items: [var last, ..] })
            {
                PepEvents.SendLast(owner.Jid.Text, name, last, session);
            }
        }

        return await session.Writable();
    }

    private async ValueTask<bool> SendOffline(Jid[] contacts, Session session, IReadOnlyCollection<string> interests)
    {
        // The data node is asked for by nobody who means well: it is not worth a way of its own.
        var hasData = interests.Contains(Ns.AvatarData);
        var stored = interests.Where(node => node is not (Ns.AvatarData or Ns.AvatarMetadata)).Chunk(LastItemsOf.MaxNodes).DefaultIfEmpty([]);
        var isFirst = true;
        foreach (var some in stored)
        {
            var left = contacts.Where(contact => !session.Account.Blocks(contact)).ToDictionary(contact => new Identity(contact.Text));
            for (var isCut = true; isCut && left.Count > 0;)
            {
                var found = await stores.Nodes.LastItems(left.Keys, session.Jid.BareText, some, MaxBytes);
                isCut = found.Sum(of => of.Size) > MaxBytes;
                foreach (var of in found)
                {
                    if (!await SendOffline(left[of.Account], of, session, some, isFirst && interests.Contains(Ns.AvatarMetadata), isFirst && hasData))
                    {
                        return false;
                    }

                    left.Remove(of.Account);
                }
            }

            isFirst = false;
        }

        return true;
    }

    private async ValueTask<bool> SendOffline(Jid contact, LastItemsOf of, Session session, string[] interests, bool metadata, bool data)
    {
        if (of.Blocked is not null || data)
        {
            string[] all = [.. interests, .. metadata ? [Ns.AvatarMetadata] : Array.Empty<string>(), .. data ? [Ns.AvatarData] : Array.Empty<string>()];
            return await directory.Find(contact) is not { } account || await Send(account, session, all);
        }

        var reader = new RosterItem { Contact = session.Account.Jid, Groups = of.Groups };
        if (metadata && (await avatars.See(of.Account)).For(AvatarRelation.Contact).Metadata is { } avatar)
        {
            PepEvents.SendLast(contact.Text, Ns.AvatarMetadata, new PepItem(avatar.Id, avatar.Payload, avatar.Published), session);
        }

        foreach (var (node, item) in of.Items)
        {
            if (NodeAccess.Hears(reader, node.Access, NodeOptions.Of(node).RosterGroups))
            {
                PepEvents.SendLast(contact.Text, node.Node, new PepItem(item.Id, XmlStreamReader.ParseElement(item.Xml), item.Published), session);
            }
        }

        return await session.Writable();
    }
}
