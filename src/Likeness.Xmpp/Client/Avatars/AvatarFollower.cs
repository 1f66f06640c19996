using System.Threading.Channels;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Client.Avatars;

public enum AvatarKnowledge
{
    /// <summary>Nothing was said, or the picture was not to be had.</summary>
    Unknown,

    /// <summary>It was said that there is none.</summary>
    None,

    Picture,
}

/// <summary>What is known of somebody's picture.</summary>
/// <param name="Of">An account's bare address, or an occupant of a room.</param>
/// <param name="Id">SHA-1 of the bytes in lower-case hexadecimal.</param>
/// <param name="MediaType">By its content: PNG, GIF, JPEG or WebP.</param>
/// <param name="IsFromNode">It was published at a node (XEP-0084), not in a vCard.</param>
/// <param name="Width">In pixels, by its content; it is not to be shown larger than it is (XEP-0084 §7.3).</param>
/// <param name="Height">As <paramref name="Width"/>.</param>
public sealed record FollowedAvatar(
    Jid Of, AvatarKnowledge Knowledge, string? Id = null, string? MediaType = null, ReadOnlyMemory<byte> Bytes = default, bool IsFromNode = false, int Width = 0, int Height = 0);

/// <summary>How pictures are followed.</summary>
public sealed record AvatarFollowerOptions
{
    /// <summary>Pictures that are here are not asked for; one cache may serve several clients.</summary>
    public AvatarCache Cache { get; init; } = new();

    /// <summary>Fetches pictures that are only linked (XEP-0084 §4.2.1); null: such pictures are unknown.</summary>
    public FetchAvatarLink? FetchLink { get; init; }

    /// <summary>Bytes of one picture; larger ones are not taken.</summary>
    public int MaxBytes { get; init; } = 512 * 1024;
}

/// <summary>
/// Follows the pictures of the account, its contacts and the occupants of its rooms, from events (XEP-0084) and from the hash in presence
/// (XEP-0153). Each hash is asked for once, whoever shows it; what is known is not asked for.
/// </summary>
public sealed class AvatarFollower : IAsyncDisposable
{
    /// <summary>What a client that follows has to have among its <see cref="XmppClientOptions.Abilities"/>.</summary>
    public const string Feature = Ns.AvatarMetadata + "+notify";

    private const int MaxPeople = 20_000;
    private readonly XmppClient _client;
    private readonly AvatarFetcher _fetcher;
    private readonly Lock _lock = new();
    private readonly Dictionary<Jid, Person> _people = [];
    private readonly Channel<Person> _changed = Channel.CreateUnbounded<Person>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationToken _stopped;
    private readonly Task _working;

    private AvatarFollower(XmppClient client, AvatarFollowerOptions options)
    {
        (_client, _fetcher) = (client, new AvatarFetcher(client, options));
        _stopped = _stopping.Token;
        client.Came += Hear;
        _working = Task.Run(Work);
    }

    /// <summary>Somebody's picture is another one than before, or there is none any more. One at a time; listeners must not wait.</summary>
    public event Action<FollowedAvatar>? Changed;

    /// <summary>Begins to follow; call before the first presence is sent, so that nothing is missed. Loads the roster.</summary>
    /// <exception cref="StanzaErrorException">The server does not give the roster.</exception>
    public static async Task<AvatarFollower> Begin(XmppClient client, AvatarFollowerOptions? options = null, CancellationToken cancellationToken = default)
    {
        var follower = new AvatarFollower(client, options ?? new AvatarFollowerOptions());
        await client.Roster.Load(cancellationToken);
        return follower;
    }

    /// <summary>What is known of somebody now.</summary>
    /// <param name="of">Of an account any of its addresses will do.</param>
    public FollowedAvatar this[Jid of]
    {
        get
        {
            lock (_lock)
            {
                return (_people.GetValueOrDefault(of) ?? _people.GetValueOrDefault(of.Bare))?.Shown ?? new FollowedAvatar(of, AvatarKnowledge.Unknown);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Came -= Hear;
        await _stopping.CancelAsync();
        await _working;
        _stopping.Dispose();
    }

    /// <summary>The picture of anybody, asked for now: what the nodes say, else the vCard.</summary>
    /// <exception cref="TimeoutException">Nobody answers.</exception>
    /// <exception cref="IOException">The session was lost.</exception>
    public static async Task<FollowedAvatar> Look(XmppClient client, Jid of, AvatarFollowerOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new AvatarFollowerOptions();
        var fetcher = new AvatarFetcher(client, options);
        if (of.IsBare && await LookAtNode(client, of, fetcher, cancellationToken) is { } atNode)
        {
            return atNode;
        }

        try
        {
            var photo = await VCards.Read(client, of, cancellationToken) is { } vCard ? Xep0054VCard.ReadPhoto(vCard) : new VCardPhoto(VCardPhotoKind.None);
            return photo.Bytes is { } bytes && bytes.Length <= options.MaxBytes && RasterHeader.Read(bytes) is not null ? Found(of, Xep0084UserAvatar.IdOf(bytes), bytes, isFromNode: false)
                : new FollowedAvatar(of, photo.Kind == VCardPhotoKind.None ? AvatarKnowledge.None : AvatarKnowledge.Unknown);
        }
        catch (StanzaErrorException)
        {
            return new FollowedAvatar(of, AvatarKnowledge.Unknown);
        }
    }

    // Null: there are no nodes, or not for us, or what they name is not there.
    private static async Task<FollowedAvatar?> LookAtNode(XmppClient client, Jid of, AvatarFetcher fetcher, CancellationToken cancellationToken)
    {
        try
        {
            var items = new Element("items", Ns.PubSub).Set("node", Ns.AvatarMetadata).Set("max_items", "1");
            var answer = await client.Request(new Element("iq", Ns.Client).Set("type", "get").Set("to", of.BareText).Add(new Element("pubsub", Ns.PubSub).Add(items)), cancellationToken);
            var infos = Xep0084UserAvatar.LastMetadata(answer.Child("pubsub", Ns.PubSub)?.Child("items"));
            if (infos is { Count: 0 })
            {
                return new FollowedAvatar(of, AvatarKnowledge.None, IsFromNode: true);
            }

            foreach (var info in InOrder(infos ?? []))
            {
                if (await fetcher.Get(new AvatarPlace(of, info.Id, info), cancellationToken) is { } bytes)
                {
                    return Found(of, info.Id, bytes, isFromNode: true);
                }
            }
        }
        catch (StanzaErrorException)
        {
            // The vCard may be for us.
        }

        return null;
    }

    private static FollowedAvatar Found(Jid of, string id, byte[] bytes, bool isFromNode)
    {
        var header = RasterHeader.Read(bytes) ?? default;
        return new FollowedAvatar(of, AvatarKnowledge.Picture, id, header.MediaType, bytes, isFromNode, header.Width, header.Height);
    }

    // XEP-0084 §7.3: what is at the node before what is elsewhere, PNG first.
    private static IEnumerable<AvatarInfo> InOrder(IReadOnlyList<AvatarInfo> infos) =>
        infos.OrderBy(info => info.Url is not null).ThenBy(info => info.Type != "image/png");

    private void Hear(Element stanza)
    {
        if (!Jid.TryParse(stanza["from"] ?? _client.Address.BareText, out var from))
        {
            return;
        }

        if (stanza.Name == "presence")
        {
            HearPresence(stanza, from);
        }
        else if (stanza.Name == "message" && stanza["type"] != "error" && from.IsBare && stanza.Child("event", Ns.PubSubEvent) is { } what && IsTrusted(from))
        {
            HearEvent(what, from);
        }
    }

    // Events come of those whose presence the account has, and of itself; nobody else's nodes are asked.
    private bool IsTrusted(Jid from) => from.Equals(_client.Address.Bare) || _client.Roster[from]?.Subscription is ContactSubscription.To or ContactSubscription.Both;

    private void HearEvent(Element what, Jid from)
    {
        IReadOnlyList<AvatarInfo>? infos = null;
        foreach (var child in what.Where(child => child["node"] == Ns.AvatarMetadata))
        {
            infos = child.Name switch
            {
                "items" => Xep0084UserAvatar.LastMetadata(child) ?? infos,
                "purge" or "delete" => [],
                _ => infos,
            };
        }

        if (infos is not null)
        {
            Change(from, person => person.Node = infos);
        }
    }

    private void HearPresence(Element presence, Jid from)
    {
        var occupant = presence.Child("x", Ns.MucUser);
        var isGone = presence["type"] == "unavailable";
        if (occupant is not null && isGone)
        {
            lock (_lock)
            {
                _people.Remove(from);
            }

            return;
        }

        if (presence["type"] is not null)
        {
            return;
        }

        var said = Xep0153VCardAvatars.Read(presence);
        if (said.Kind is PhotoUpdateKind.Picture or PhotoUpdateKind.NoPicture)
        {
            // In a room the real address is asked where it is known, else the occupant through the room (XEP-0045 §17.4).
            var real = occupant?.Child("item")?["jid"];
            var asked = occupant is null ? from.Bare : Jid.TryParse(real, out var known) ? known.Bare : from;
            Change(occupant is null ? from.Bare : from, person => (person.VCard, person.Asked) = (said.Hash ?? "", asked));
        }
    }

    private void Change(Jid of, Action<Person> change)
    {
        lock (_lock)
        {
            if (!_people.TryGetValue(of, out var person))
            {
                if (_people.Count >= MaxPeople)
                {
                    return;
                }

                _people[of] = person = new Person(of);
            }

            change(person);
            if (!person.IsQueued)
            {
                person.IsQueued = _changed.Writer.TryWrite(person);
            }
        }
    }

    private async Task Work()
    {
        try
        {
            await foreach (var person in _changed.Reader.ReadAllAsync(_stopped))
            {
                IReadOnlyList<AvatarPlace>? places;
                lock (_lock)
                {
                    person.IsQueued = false;
                    person.Turn++;
                    places = Places(person);
                }

                if (places is null)
                {
                    Show(person, person.Turn, new FollowedAvatar(person.Of, AvatarKnowledge.None, IsFromNode: person.Node is not null));
                }
                else
                {
                    _ = Follow(person, person.Turn, places);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // It is over.
        }
    }

    // Null: there is none. With a mutual subscription the node decides, else the vCard (XEP-0398 §5.1).
    private List<AvatarPlace>? Places(Person person)
    {
        var isMutual = person.Of.Equals(_client.Address.Bare) || _client.Roster[person.Of]?.Subscription == ContactSubscription.Both;
        var usesNode = person.Node is not null && (isMutual || person.VCard is null);
        if (usesNode ? person.Node!.Count == 0 : person.VCard is null or "")
        {
            return null;
        }

        var places = new List<AvatarPlace>();
        if (usesNode)
        {
            places.AddRange(InOrder(person.Node!).Select(info => new AvatarPlace(person.Of, info.Id, info)));
        }

        if (person.VCard is { Length: > 0 } hash && (!usesNode || person.Node!.Any(info => info.Id == hash)))
        {
            places.Add(new AvatarPlace(person.Asked, hash, null));
        }

        return places;
    }

    private async Task Follow(Person person, int turn, IReadOnlyList<AvatarPlace> places)
    {
        try
        {
            foreach (var place in places)
            {
                if (await _fetcher.Get(place, _stopped) is { } bytes)
                {
                    Show(person, turn, Found(person.Of, place.Id, bytes, place.Info is not null));
                    return;
                }
            }

            Show(person, turn, new FollowedAvatar(person.Of, AvatarKnowledge.Unknown));
        }
        catch (OperationCanceledException)
        {
            // It is over.
        }
    }

    private void Show(Person person, int turn, FollowedAvatar avatar)
    {
        lock (person)
        {
            lock (_lock)
            {
                var isSame = person.Shown is { } shown && shown.Knowledge == avatar.Knowledge && shown.Id == avatar.Id;
                if (person.Turn != turn || isSame)
                {
                    return;
                }

                person.Shown = avatar;
            }

            _client.Guard(() => Changed?.Invoke(avatar));
        }
    }

    private sealed class Person(Jid of)
    {
        public Jid Of { get; } = of;

        /// <summary>What the last event named; empty: none; null: none came.</summary>
        public IReadOnlyList<AvatarInfo>? Node { get; set; }

        /// <summary>The hash in presence; empty: none; null: nothing was said.</summary>
        public string? VCard { get; set; }

        /// <summary>Whose vCard it is.</summary>
        public Jid Asked { get; set; } = of;

        public FollowedAvatar? Shown { get; set; }

        public bool IsQueued { get; set; }

        public int Turn { get; set; }
    }
}
