using Likeness.Stores;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;
using Microsoft.Extensions.Logging;

namespace Likeness.Xmpp.Server.Features.PubSub;

/// <summary>Who of those that listen hears an event.</summary>
[Flags]
internal enum Listeners
{
    None = 0,
    Own = 1,
    Contacts = 2,

    /// <summary>Who subscribed to the node without being a contact.</summary>
    Strangers = 4,
}

/// <summary>
/// Sends events to the resources that want them by their capabilities (XEP-0163 §4.3) and to who subscribed to the node
/// (XEP-0060 §7.1.2); nobody gets one twice, and it is serialised once for all.
/// </summary>
internal sealed partial class PepEvents(AccountDirectory directory, Subscribers subscribers, RemoteListeners elsewhere, Router router, ILogger<PepEvents> log)
{
    private const string Addresses = "http://jabber.org/protocol/address";

    /// <summary>An event of a node under its own access model. A subscription without access ends here.</summary>
    /// <param name="subscribed">Who subscribed, where the node is gone by now; null: who does.</param>
    public async ValueTask Send(Account owner, string node, NodeOptions options, Element content, Jid publisher, IReadOnlyList<NodeSubscription>? subscribed = null)
    {
        var stanza = new Event(by => Prepare(owner, content, by), publisher);
        SendToInterested(owner, node, Listeners.Own | Listeners.Contacts, contact => NodeAccess.Hears(contact, options.Access, options.RosterGroups), stanza);
        var served = new HashSet<Session>();
        foreach (var subscription in subscribed ?? await subscribers.Of(owner, node))
        {
            var address = Jid.Parse(subscription.Address);
            var hears = NodeAccess.Hears(owner, options.Access, options.RosterGroups, address);
            if (hears || options.Access == AccessModel.Open)
            {
                Deliver(owner, node, address, hears, stanza, served);
            }
            else
            {
                await subscribers.Remove(subscription);
            }
        }
    }

    /// <summary>An event of an avatar node; what it says is made only when somebody listens.</summary>
    /// <returns>How many clients of contacts here were told, and contacts elsewhere that may be.</returns>
    public int Send(Account owner, string node, Listeners listeners, Func<Element> content, Jid? publisher)
    {
        var stanza = new Event(by => Prepare(owner, content(), by), publisher);
        var told = SendToInterested(owner, node, listeners, static _ => true, stanza);
        _ = SendToSubscribers(owner, node, listeners, stanza);
        return told;
    }

    /// <summary>The last item for one resource, with the time it was published (XEP-0163 §4.3.4).</summary>
    /// <param name="owner">Bare address.</param>
    public static void SendLast(string owner, string node, PepItem item, Session to) =>
        to.Send(Last(owner, node, item).Set("to", to.Jid.Text));

    /// <summary>The last item for somebody who subscribed just now (XEP-0060 §6.1.7).</summary>
    public void SendLast(Account owner, IPepNode node, PepItem item, Jid subscriber) => Deliver(
        owner,
        node.Name,
        subscriber,
        NodeAccess.Hears(owner, node.Access, node.Options?.RosterGroups, subscriber),
        new Event(_ => new PreparedStanza(Last(owner.Jid.Text, node.Name, item)), null),
        []);

    public ValueTask<IReadOnlyList<NodeSubscription>> Subscribers(Account owner, string node) => subscribers.Of(owner, node);

    public static Element Items(string node, PepItem item) =>
        new Element("items", Ns.PubSubEvent).Set("node", node).Add(item.ToElement(Ns.PubSubEvent));

    public static Element Retracted(string node, string id) =>
        new Element("items", Ns.PubSubEvent).Set("node", node).Add(new Element("retract", Ns.PubSubEvent).Set("id", id));

    public static Element Purged(string node) => new Element("purge", Ns.PubSubEvent).Set("node", node);

    public static Element Deleted(string node) => new Element("delete", Ns.PubSubEvent).Set("node", node);

    private int SendToInterested(Account owner, string node, Listeners listeners, Func<RosterItem, bool> mayHear, Event stanza)
    {
        var told = 0;
        if (listeners.HasFlag(Listeners.Own))
        {
            SendToInterested(owner, node, stanza);
        }

        if (!listeners.HasFlag(Listeners.Contacts))
        {
            return told;
        }

        foreach (var contact in owner.Roster.Subscribers)
        {
            if (!mayHear(contact) || owner.Blocks(contact.Contact))
            {
                continue;
            }

            if (directory.FindLoaded(contact.Contact.Text) is not { } account)
            {
                elsewhere.Send(owner, contact.Contact, node, () => stanza.ForSubscribers);
                told += elsewhere.Hears(owner, contact.Contact, node) ? 1 : 0;
            }
            else if (!account.Blocks(owner.Jid))
            {
                told += SendToInterested(account, node, stanza);
            }
        }

        return told;
    }

    private static int SendToInterested(Account to, string node, Event stanza)
    {
        var told = 0;
        foreach (var session in to.Sessions)
        {
            if (session.IsAvailable && session.Interests.Contains(node))
            {
                session.SendToFull(stanza.ForSubscribers);
                told++;
            }
        }

        return told;
    }

    // Nobody waits for it: a change of a portrait is told to many, and must not depend on one of them.
    private async Task SendToSubscribers(Account owner, string node, Listeners listeners, Event stanza)
    {
        try
        {
            var served = new HashSet<Session>();
            using var held = await owner.State<AvatarEventOrder>().Enter();
            foreach (var subscription in await subscribers.Of(owner, node))
            {
                var address = Jid.Parse(subscription.Address);
                var (who, sees) = Relation(owner, address);
                if (listeners.HasFlag(who))
                {
                    Deliver(owner, node, address, sees, stanza, served);
                }
            }
        }
#pragma warning disable CA1031 // The portrait is stored, and whoever asks is shown it.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Log.NotSent(log, owner.Jid.Text, fault);
        }
    }

    private static (Listeners Who, bool Sees) Relation(Account owner, Jid address)
    {
        if (address.BareText == owner.Jid.Text)
        {
            return (Listeners.Own, true);
        }

        return owner.Roster.Find(address) is { SeesUs: true } ? (Listeners.Contacts, true) : (Listeners.Strangers, false);
    }

    // XEP-0163 §4.3.2: a full address gets it there, a bare one wherever there is interest, and without any as a message to the bare address does.
    private void Deliver(Account owner, string node, Jid address, bool hearsByInterest, Event stanza, HashSet<Session> served)
    {
        if (owner.Blocks(address))
        {
            return;
        }

        var prepared = Relation(owner, address).Sees ? stanza.ForSubscribers : stanza.ForStrangers;
        if (router.To(address) is not LocalAccounts and var destination)
        {
            if (!(hearsByInterest && elsewhere.Hears(owner, address, node)))
            {
                destination.Send(prepared, address);
            }

            return;
        }

        if (directory.FindLoaded(address.BareText) is not { } account || account.Blocks(owner.Jid))
        {
            return;
        }

        var anyInterest = address.Resource is null && account.Sessions.Any(session => session.IsAvailable && session.Interests.Contains(node));
        foreach (var session in account.Sessions)
        {
            var isInterested = session.Interests.Contains(node);
            var isMeant = address.Resource is null ? (anyInterest ? isInterested : session.Priority >= 0) : session.Jid == address;
            if (!isMeant || !session.IsAvailable || (isInterested && hearsByInterest) || !served.Add(session))
            {
                continue;
            }

            if (address.Resource is null && !anyInterest)
            {
                session.SendToBare(prepared);
            }
            else
            {
                session.SendToFull(prepared);
            }
        }
    }

    public static Element Last(string owner, string node, PepItem item) =>
        Message(owner, Items(node, item)).Add(Xep0203DelayedDelivery.Stamp(item.Published, owner));

    private static Element Message(string owner, Element content) =>
        new Element("message", Ns.Client)
            .Set("from", owner)
            .Set("type", "headline")
            .Set("id", StanzaId.New())
            .Add(new Element("event", Ns.PubSubEvent).Add(content));

    private static PreparedStanza Prepare(Account owner, Element content, Jid? publisher)
    {
        var message = Message(owner.Jid.Text, content);
        if (publisher is { Resource: not null } && publisher.BareText == owner.Jid.Text)
        {
            message.Add(new Element("addresses", Addresses)
                .Add(new Element("address", Addresses).Set("type", "replyto").Set("jid", publisher.Text)));
        }

        return new PreparedStanza(message);
    }

    private sealed class AvatarEventOrder : AsyncLock;

    /// <summary>One event as it is sent, made when the first one hears it. Only who sees the owner's presence may know the publishing resource (XEP-0163 §4.3.1).</summary>
    private sealed class Event(Func<Jid?, PreparedStanza> prepare, Jid? publisher)
    {
        private PreparedStanza? _forSubscribers;
        private PreparedStanza? _forStrangers;

        public PreparedStanza ForSubscribers => _forSubscribers ??= prepare(publisher);

        public PreparedStanza ForStrangers => publisher is null ? ForSubscribers : _forStrangers ??= prepare(null);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "A change of the portrait of {Account} could not be told to who subscribed to it")]
        public static partial void NotSent(ILogger logger, string account, Exception exception);
    }
}
