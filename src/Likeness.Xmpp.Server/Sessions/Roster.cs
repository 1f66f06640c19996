using System.Collections.Immutable;
using System.Text;
using Likeness.Stores;

namespace Likeness.Xmpp.Server.Sessions;

/// <summary>How much a roster holds.</summary>
/// <param name="Listed">Contacts the user has put there or has something to do with.</param>
/// <param name="Bytes">Addresses, names and groups of those, UTF-8.</param>
/// <param name="Pending">Requests of others that wait for an answer.</param>
/// <param name="PendingBytes">Their stanzas, UTF-8.</param>
internal readonly record struct RosterSize(int Listed, long Bytes, int Pending, long PendingBytes)
{
    public static RosterSize operator +(RosterSize one, RosterSize other) =>
        new(one.Listed + other.Listed, one.Bytes + other.Bytes, one.Pending + other.Pending, one.PendingBytes + other.PendingBytes);

    public static RosterSize operator -(RosterSize one, RosterSize other) =>
        new(one.Listed - other.Listed, one.Bytes - other.Bytes, one.Pending - other.Pending, one.PendingBytes - other.PendingBytes);

    public static RosterSize Of(RosterItem? item) => item switch
    {
        null => default,
        { PendingIn: { } request } => new(item.Listed ? 1 : 0, BytesOf(item), 1, Encoding.UTF8.GetByteCount(request)),
        _ => new(item.Listed ? 1 : 0, BytesOf(item), 0, 0),
    };

    private static long BytesOf(RosterItem item)
    {
        if (!item.Listed)
        {
            return 0;
        }

        var bytes = Encoding.UTF8.GetByteCount(item.Contact.Text) + Encoding.UTF8.GetByteCount(item.Name ?? "");
        foreach (var group in item.Groups)
        {
            bytes += Encoding.UTF8.GetByteCount(group);
        }

        return bytes;
    }
}

/// <summary>An account's contacts: read without a lock, replaced whole by its owner's changes.</summary>
internal sealed class Roster
{
    private volatile Contacts _contacts;

    public Roster(IEnumerable<RosterRecord> records)
    {
        var items = records.Select(FromRecord).ToImmutableDictionary(item => item.Contact.Text, StringComparer.Ordinal);
        _contacts = new Contacts(items, [], items.Values.Aggregate(default(RosterSize), (size, item) => size + RosterSize.Of(item)));
    }

    /// <summary>All entries, those with only a pending inbound request included.</summary>
    public IEnumerable<RosterItem> Items => _contacts.Items.Values;

    public RosterSize Size => _contacts.Size;

    /// <summary>Contacts with subscription from or both: who gets our presence.</summary>
    public IReadOnlyList<RosterItem> Subscribers => _contacts.Subscribers;

    /// <summary>Contacts that see our presence no more and were not told yet: what is unavailable is told to them too.</summary>
    public ImmutableArray<Jid> Leaving => _contacts.Leaving;

    /// <param name="contact">Any address of the contact; the bare one counts.</param>
    public RosterItem? Find(Jid contact) => _contacts.Items.GetValueOrDefault(contact.BareText);

    /// <summary>The size the roster would have with this item in its place.</summary>
    public RosterSize SizeWith(RosterItem item) => Size - RosterSize.Of(Find(item.Contact)) + RosterSize.Of(item);

    /// <summary>Call under the account's gate.</summary>
    public void Put(RosterItem item) =>
        _contacts = new Contacts(_contacts.Items.SetItem(item.Contact.Text, item), LeavingAfter(item.Contact, item), SizeWith(item));

    /// <summary>Call under the account's gate.</summary>
    public void Remove(Jid contact) =>
        _contacts = new Contacts(_contacts.Items.Remove(contact.BareText), LeavingAfter(contact.Bare, null), Size - RosterSize.Of(Find(contact)));

    /// <summary>The contact was told. Call under the account's gate.</summary>
    public void Left(Jid contact) => _contacts = new Contacts(_contacts.Items, _contacts.Leaving.Remove(contact), Size);

    public static RosterRecord ToRecord(RosterItem item) =>
        new(item.Contact.Text, item.Name, (int)item.Subscription, item.Asking, item.PendingIn, item.Listed, item.Groups, item.Approved);

    private ImmutableArray<Jid> LeavingAfter(Jid contact, RosterItem? after)
    {
        var leaving = _contacts.Leaving;
        if (after is { SeesUs: true })
        {
            return leaving.Remove(contact);
        }

        // Whatever else changes with the contact before it is told, it is still to be told.
        return Find(contact) is { SeesUs: true } && !leaving.Contains(contact) ? leaving.Add(contact) : leaving;
    }

    private static RosterItem FromRecord(RosterRecord record) => new()
    {
        Contact = Jid.Parse(record.Contact),
        Name = record.Name,
        Groups = record.Groups,
        Subscription = (Subscription)record.Subscription,
        Asking = record.Asking,
        PendingIn = record.PendingIn,
        Listed = record.Listed,
        Approved = record.Approved,
    };

    /// <summary>One state of the roster. What is derived from it lives and dies with it: kept beside it, a slow reader could put an old list over a new one.</summary>
    private sealed class Contacts(ImmutableDictionary<string, RosterItem> items, ImmutableArray<Jid> leaving, RosterSize size)
    {
        private RosterItem[]? _subscribers;

        public ImmutableDictionary<string, RosterItem> Items => items;

        public ImmutableArray<Jid> Leaving => leaving;

        public RosterSize Size => size;

        public RosterItem[] Subscribers =>
            Volatile.Read(ref _subscribers) ?? (_subscribers = [.. items.Values.Where(item => item.SeesUs)]);
    }
}
