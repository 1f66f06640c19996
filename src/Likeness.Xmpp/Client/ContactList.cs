using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Client;

/// <summary>Whose presence is told to whom (RFC 6121 §2.1.2.5).</summary>
public enum ContactSubscription
{
    None,

    /// <summary>The account is told of the contact.</summary>
    To,

    /// <summary>The contact is told of the account.</summary>
    From,

    Both,
}

/// <summary>Somebody in the account's roster (RFC 6121 §2.1.2).</summary>
/// <param name="Address">Bare.</param>
/// <param name="IsAsked">The contact was asked for a subscription and has not answered.</param>
public sealed record Contact(Jid Address, string? Name, ContactSubscription Subscription, bool IsAsked, IReadOnlyList<string> Groups);

/// <summary>The contacts of the account, once asked for; changes come by themselves (RFC 6121 §2).</summary>
public sealed class ContactList
{
    private const int MaxContacts = 20_000;
    private readonly XmppClient _client;
    private readonly Lock _lock = new();
    private Dictionary<Jid, Contact> _contacts = [];
    private bool _isWanted;

    internal ContactList(XmppClient client) => _client = client;

    /// <summary>A contact came, changed, or went (null), in order. Listeners must not wait.</summary>
    public event Action<Jid, Contact?>? Changed;

    public IReadOnlyList<Contact> Contacts
    {
        get
        {
            lock (_lock)
            {
                return [.. _contacts.Values];
            }
        }
    }

    /// <summary>The contact with this address, or null.</summary>
    public Contact? this[Jid address]
    {
        get
        {
            lock (_lock)
            {
                return _contacts.GetValueOrDefault(address.Bare);
            }
        }
    }

    /// <summary>Asks for all contacts. From then on they are kept up to date, also across sessions.</summary>
    /// <exception cref="StanzaErrorException">The server refused.</exception>
    public async Task Load(CancellationToken cancellationToken = default)
    {
        _isWanted = true;
        var answer = await _client.Request(new Element("iq", Ns.Client).Set("type", "get").Add(new Element("query", Ns.Roster)), cancellationToken);
        var contacts = (answer.Child("query", Ns.Roster)?.AsEnumerable() ?? []).Select(Read).OfType<Contact>().Where(contact => contact.Subscription != Removed).Take(MaxContacts);
        lock (_lock)
        {
            _contacts = contacts.GroupBy(contact => contact.Address).ToDictionary(group => group.Key, group => group.Last());
        }
    }

    /// <summary>Adds a contact, or changes its name and groups.</summary>
    /// <exception cref="StanzaErrorException">The server refused.</exception>
    public Task Set(Jid address, string? name = null, IEnumerable<string>? groups = null, CancellationToken cancellationToken = default)
    {
        var item = new Element("item", Ns.Roster).Set("jid", address.BareText).Set("name", name);
        foreach (var group in groups ?? [])
        {
            item.Add("group", group);
        }

        return Change(item, cancellationToken);
    }

    /// <summary>Takes a contact out, subscriptions included.</summary>
    /// <exception cref="StanzaErrorException">The server refused.</exception>
    public Task Remove(Jid address, CancellationToken cancellationToken = default) =>
        Change(new Element("item", Ns.Roster).Set("jid", address.BareText).Set("subscription", "remove"), cancellationToken);

    internal void LoadAgain()
    {
        if (_isWanted)
        {
            _ = Reload();
        }
    }

    /// <summary>Only the own account may push (RFC 6121 §2.1.6); others get the answer of one that knows nothing of it.</summary>
    internal Element? TakePush(Element iq, Element query)
    {
        if (iq["from"] is { } from && !(Jid.TryParse(from, out var sender) && sender.Equals(_client.Address.Bare)))
        {
            return null;
        }

        foreach (var contact in query.Select(Read).OfType<Contact>())
        {
            var isRemoved = contact.Subscription == Removed;
            lock (_lock)
            {
                if (isRemoved)
                {
                    _contacts.Remove(contact.Address);
                }
                else if (_contacts.Count < MaxContacts || _contacts.ContainsKey(contact.Address))
                {
                    _contacts[contact.Address] = contact;
                }
            }

            _client.Guard(() => Changed?.Invoke(contact.Address, isRemoved ? null : contact));
        }

        return StanzaReply.Result(iq);
    }

    private const ContactSubscription Removed = (ContactSubscription)(-1);

    private static Contact? Read(Element item) => item.Is("item", Ns.Roster) && Jid.TryParse(item["jid"], out var address)
        ? new Contact(address.Bare, item["name"], Of(item["subscription"]), item["ask"] == "subscribe", [.. item.Where(child => child.Is("group", Ns.Roster)).Select(group => group.Text())])
        : null;

    private static ContactSubscription Of(string? text) => text switch
    {
        "to" => ContactSubscription.To,
        "from" => ContactSubscription.From,
        "both" => ContactSubscription.Both,
        "remove" => Removed,
        _ => ContactSubscription.None,
    };

    private Task Change(Element item, CancellationToken cancellationToken) =>
        _client.Request(new Element("iq", Ns.Client).Set("type", "set").Add(new Element("query", Ns.Roster).Add(item)), cancellationToken);

    private async Task Reload()
    {
        try
        {
            await Load();
        }
        catch (Exception failed) when (failed is IOException or TimeoutException or StanzaErrorException or ObjectDisposedException)
        {
            _client.Options.Report?.Invoke(failed);
        }
    }
}

/// <summary>The available resources that the account is told of, each with its last presence; strangers and occupants of rooms too.</summary>
public sealed class PresenceList
{
    private const int MaxResources = 20_000;
    private readonly Lock _lock = new();
    private readonly Dictionary<Jid, Dictionary<string, Element>> _presences = [];
    private int _count;

    internal PresenceList()
    {
    }

    /// <summary>The last presence of each resource of this bare address; of a room: of each occupant.</summary>
    public IReadOnlyList<Element> Of(Jid address)
    {
        lock (_lock)
        {
            return _presences.TryGetValue(address.Bare, out var resources) ? [.. resources.Values] : [];
        }
    }

    internal void Take(Element presence)
    {
        if (presence["type"] is not (null or "unavailable") || !Jid.TryParse(presence["from"], out var from))
        {
            return;
        }

        lock (_lock)
        {
            var resource = from.Resource ?? "";
            if (!_presences.TryGetValue(from.Bare, out var resources))
            {
                resources = new Dictionary<string, Element>(1, StringComparer.Ordinal);
            }

            if (presence["type"] is not null)
            {
                _count -= resources.Remove(resource) ? 1 : 0;
                if (resources.Count == 0)
                {
                    _presences.Remove(from.Bare);
                }
            }
            else if (resources.ContainsKey(resource) || _count < MaxResources)
            {
                _count += resources.ContainsKey(resource) ? 0 : 1;
                resources[resource] = presence;
                _presences[from.Bare] = resources;
            }
        }
    }

    internal void Clear()
    {
        lock (_lock)
        {
            _presences.Clear();
            _count = 0;
        }
    }
}
