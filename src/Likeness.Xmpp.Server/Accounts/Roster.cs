using System.Collections.Immutable;
using Likeness.Stores;

namespace Likeness.Xmpp.Server.Accounts;

/// <summary>An account's contacts: read without a lock, replaced whole by its owner's changes.</summary>
public sealed class Roster
{
    private ImmutableDictionary<string, RosterItem> _items;
    private RosterItem[]? _subscribers;

    public Roster(IEnumerable<RosterRecord> records) =>
        _items = records.Select(FromRecord).ToImmutableDictionary(item => item.Contact.Text, StringComparer.Ordinal);

    /// <summary>All entries, those with only a pending inbound request included.</summary>
    public IEnumerable<RosterItem> Items => Volatile.Read(ref _items).Values;

    public int Count => Volatile.Read(ref _items).Count;

    /// <summary>Contacts with subscription from or both: who gets our presence.</summary>
    public IReadOnlyList<RosterItem> Subscribers =>
        Volatile.Read(ref _subscribers) ?? (_subscribers = [.. Items.Where(item => item.SeesUs)]);

    /// <param name="contact">Any address of the contact; the bare one counts.</param>
    public RosterItem? Find(Jid contact) => Volatile.Read(ref _items).GetValueOrDefault(contact.BareText);

    /// <summary>Call under the account's gate.</summary>
    public void Put(RosterItem item)
    {
        _items = _items.SetItem(item.Contact.Text, item);
        _subscribers = null;
    }

    /// <summary>Call under the account's gate.</summary>
    public void Remove(Jid contact)
    {
        _items = _items.Remove(contact.BareText);
        _subscribers = null;
    }

    public static RosterRecord ToRecord(RosterItem item) =>
        new(item.Contact.Text, item.Name, (int)item.Subscription, item.Asking, item.PendingIn, item.Listed, item.Groups);

    private static RosterItem FromRecord(RosterRecord record) => new()
    {
        Contact = Jid.Parse(record.Contact),
        Name = record.Name,
        Groups = record.Groups,
        Subscription = (Subscription)record.Subscription,
        Asking = record.Asking,
        PendingIn = record.PendingIn,
        Listed = record.Listed,
    };
}
