using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Server.Accounts;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features.PubSub;

/// <summary>Who of those that listen hears an event.</summary>
[Flags]
internal enum Listeners
{
    None = 0,
    Own = 1,
    Contacts = 2,
    All = Own | Contacts,
}

/// <summary>Sends events to the resources that want them by their capabilities; serialised once for all (XEP-0163 §4.3).</summary>
internal sealed class PepEvents(AccountDirectory directory)
{
    private const string Addresses = "http://jabber.org/protocol/address";

    /// <summary>An event of a node under its own access model.</summary>
    public void Send(Account owner, string node, NodeOptions options, Element content, Jid? publisher)
    {
        PreparedStanza? prepared = null;
        Send(owner, node, Listeners.All, contact => NodeAccess.Hears(contact, options.Access, options.RosterGroups), () => prepared ??= Prepare(owner, content, publisher));
    }

    /// <summary>An event of an avatar node; what it says is made only when somebody listens.</summary>
    public void Send(Account owner, string node, Listeners listeners, Func<Element> content, Jid? publisher)
    {
        PreparedStanza? prepared = null;
        Send(owner, node, listeners, null, () => prepared ??= Prepare(owner, content(), publisher));
    }

    /// <summary>The last item for one resource, with the time it was published (X84-45).</summary>
    public static void SendLast(Account owner, string node, PepItem item, Session to) =>
        to.Send(Message(owner, Items(node, item))
            .Set("to", to.Jid.Text)
            .Add(Xep0203DelayedDelivery.Stamp(item.Published, owner.Jid.Text)));

    public static Element Items(string node, PepItem item) =>
        new Element("items", Ns.PubSubEvent).Set("node", node).Add(item.ToElement(Ns.PubSubEvent));

    public static Element Retracted(string node, string id) =>
        new Element("items", Ns.PubSubEvent).Set("node", node).Add(new Element("retract", Ns.PubSubEvent).Set("id", id));

    public static Element Purged(string node) => new Element("purge", Ns.PubSubEvent).Set("node", node);

    public static Element Deleted(string node) => new Element("delete", Ns.PubSubEvent).Set("node", node);

    private void Send(Account owner, string node, Listeners listeners, Func<RosterItem, bool>? mayHear, Func<PreparedStanza> prepare)
    {
        if (listeners.HasFlag(Listeners.Own))
        {
            Send(owner, node, prepare);
        }

        if (!listeners.HasFlag(Listeners.Contacts))
        {
            return;
        }

        foreach (var contact in owner.Roster.Subscribers)
        {
            if ((mayHear is null || mayHear(contact))
                && directory.FindLoaded(contact.Contact.Text) is { } account
                && !owner.Blocks(contact.Contact)
                && !account.Blocks(owner.Jid))
            {
                Send(account, node, prepare);
            }
        }
    }

    private static void Send(Account to, string node, Func<PreparedStanza> prepare)
    {
        foreach (var session in to.Sessions)
        {
            if (session.IsAvailable && session.Interests.Contains(node))
            {
                session.SendToFull(prepare());
            }
        }
    }

    // X84-44: everybody who hears is a presence subscriber or the owner, so the publishing resource may be named.
    private static PreparedStanza Prepare(Account owner, Element content, Jid? publisher)
    {
        var message = Message(owner, content);
        if (publisher is { Resource: not null } && publisher.BareText == owner.Jid.Text)
        {
            message.Add(new Element("addresses", Addresses)
                .Add(new Element("address", Addresses).Set("type", "replyto").Set("jid", publisher.Text)));
        }

        return new PreparedStanza(message);
    }

    private static Element Message(Account owner, Element content) =>
        new Element("message", Ns.Client)
            .Set("from", owner.Jid.Text)
            .Set("type", "headline")
            .Set("id", StanzaId.New())
            .Add(new Element("event", Ns.PubSubEvent).Add(content));
}
