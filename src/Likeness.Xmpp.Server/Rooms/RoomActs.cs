using Likeness.Stores;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Server.Archive;
using Likeness.Xmpp.Server.Avatars;
using Likeness.Xmpp.Server.Routing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Likeness.Xmpp.Server.Rooms;

/// <summary>What operators do with rooms: the same in a running server, whose occupants see it at once, and without one. Refusals are <see cref="StanzaErrorException"/> with a text for people.</summary>
public sealed class RoomActs
{
    private const int PageSize = 1000;
    private readonly Func<ValueTask<IAsyncDisposable>>? _claim;
    private readonly RoomDirectory _directory;
    private readonly RoomEntrance _entrance;
    private readonly RoomAdministration _administration;
    private readonly RoomOwning _owning;
    private readonly IStores _stores;

    /// <param name="claim">Makes sure that nobody else has rooms of this database in memory; null: this server does.</param>
    internal RoomActs(
        RoomDirectory directory, RoomEntrance entrance, RoomAdministration administration, RoomOwning owning, IStores stores, DomainPolicies domains, XmppServerOptions options,
        Func<ValueTask<IAsyncDisposable>>? claim = null)
    {
        _claim = claim;
        (_directory, _entrance, _administration, _owning, _stores) = (directory, entrance, administration, owning, stores);
        Services = options.Rooms.ServicesOf(domains);
    }

    /// <summary>The domains of rooms.</summary>
    public IReadOnlyList<string> Services { get; }

    /// <summary>For a process that serves no chats: nobody is in any room. What changes something claims the role of the one that does, and throws where that is taken.</summary>
    public static RoomActs Offline(IStores stores, PortraitBook book, AddressBook addresses, DomainPolicies domains, XmppServerOptions options, TimeProvider time)
    {
        // What another process may change is read anew each time.
        options = options with { Rooms = options.Rooms with { MaxEmptyRooms = 0 } };
        var archives = new Archives(stores.Archives, options, domains, time, NullLogger<Archives>.Instance);
        var directory = new RoomDirectory(stores, new RoomArchive(archives, new ArchiveReading(archives, time)), options, time);
        var presences = new RoomPresence(new Router(NullLogger<Router>.Instance), options, time);
        var entrance = new RoomEntrance(directory, presences, stores, domains, options, time);
        var administration = new RoomAdministration(directory, entrance, presences);
        var cards = new RoomCards(directory, book, addresses, new AvatarService(book), domains);
        return new RoomActs(directory, entrance, administration, new RoomOwning(directory, entrance, presences, administration, cards, options, time), stores, domains, options,
            () => stores.Claim("chats", "a command about rooms", static _ => { }));
    }

    /// <summary>The server goes: every occupant is told (status 332), as far as that takes no longer.</summary>
    public async Task Close(TimeSpan atMost, TimeProvider time)
    {
        try
        {
            await Task.WhenAll(_directory.Loaded.Select(Close)).WaitAsync(atMost, time);
        }
        catch (TimeoutException)
        {
            // Their streams end all the same.
        }
    }

    /// <summary>Every room there is, those that are kept first.</summary>
    public async Task<IReadOnlyList<RoomSummary>> List(CancellationToken cancellationToken = default)
    {
        var rooms = new List<RoomSummary>();
        foreach (var service in Services)
        {
            IReadOnlyList<RoomSummary> page;
            do
            {
                page = await _stores.Rooms.List(service, isListed: false, rooms.LastOrDefault(room => room.Room.EndsWith("@" + service, StringComparison.Ordinal))?.Room, PageSize, cancellationToken);
                rooms.AddRange(page);
            }
            while (page.Count == PageSize);
        }

        rooms.AddRange(_directory.Loaded.Where(room => !room.Configuration.IsPersistent)
            .Select(room => new RoomSummary(room.Address.Text, room.Configuration.Title, room.Configuration.IsPublic))
            .OrderBy(room => room.Room, StringComparer.Ordinal));
        return rooms;
    }

    /// <summary>Everything about one room.</summary>
    public async Task<RoomView> Show(Jid address)
    {
        using var turn = await _directory.Enter(address);
        var room = turn.Room ?? throw NoRoom(address);
        var settings = RoomConfigurationForm.Write(room.Configuration, "result", isLabelled: false).Fields
            .ToDictionary(field => RoomConfigurationForm.ShortName(field.Variable), field => string.Join(",", field.Values));
        return new RoomView(room.Record, settings, [.. room.Standings.Select(RoomDirectory.AffiliationOf)], room.Occupants.Count);
    }

    /// <summary>Makes a room that is kept.</summary>
    /// <param name="settings">As in <see cref="RoomView.Settings"/>.</param>
    public async Task Create(Jid address, Jid owner, IReadOnlyDictionary<string, string> settings)
    {
        await using var alone = await Claim();
        if (address is not { Local: not null, Resource: null } || !Services.Contains(address.Domain))
        {
            throw new StanzaErrorException(StanzaCondition.NotAcceptable, $"'{address}' is no address of a room here: NAME@{(Services.Count > 0 ? Services[0] : "rooms.DOMAIN")}.");
        }

        if (owner.Local is null)
        {
            throw new StanzaErrorException(StanzaCondition.NotAcceptable, $"'{owner}' is a whole domain: a room is owned by people.");
        }

        using (var existing = await _directory.Enter(address))
        {
            if (existing.Room is not null)
            {
                throw new StanzaErrorException(StanzaCondition.Conflict, $"There is a room {address} already.");
            }
        }

        using var turn = await _directory.Create(address, owner, lockedSince: null, isLimited: false);
        await Configure(turn.Room!, RoomConfiguration.Default with { IsPersistent = true }, settings);
    }

    public async Task Set(Jid address, IReadOnlyDictionary<string, string> settings)
    {
        await using var alone = await Claim();
        using var turn = await _directory.Enter(address);
        var room = turn.Room ?? throw NoRoom(address);
        await room.Said;
        await Configure(room, room.Configuration, settings);
    }

    /// <summary>Puts everybody out; nothing is left of the room.</summary>
    /// <param name="alternate">Where it goes on.</param>
    public async Task Destroy(Jid address, string? alternate, string? reason)
    {
        await using var alone = await Claim();
        using var turn = await _directory.Enter(address);
        var room = turn.Room ?? throw NoRoom(address);
        await room.Said;
        await _owning.Destroy(room, alternate, reason, null);
    }

    /// <param name="person">A person, or a domain that is to be banned.</param>
    /// <param name="affiliation"><c>owner</c>, <c>admin</c>, <c>member</c>, <c>outcast</c> or <c>none</c>.</param>
    public async Task Affiliate(Jid address, Jid person, string affiliation, string? reason)
    {
        var word = StandingWords.Affiliation(affiliation)
            ?? throw new StanzaErrorException(StanzaCondition.BadRequest, $"'{affiliation}' is no affiliation: owner, admin, member, outcast or none.");
        await using var alone = await Claim();
        using var turn = await _directory.Enter(address);
        var room = turn.Room ?? throw NoRoom(address);
        await room.Said;
        await _administration.Affiliate(room, [new RoomAffiliation(person.BareText, word == Affiliation.None ? null : word.Word(), null, reason)], null);
    }

    /// <summary>Who sees a room's picture: everybody, if the room is in the public list.</summary>
    public static Visibility PictureVisibility(RoomRecord room) => RoomCards.VisibilityOf(room);

    private async ValueTask<IAsyncDisposable?> Claim() => _claim is null ? null : await _claim();

    private async Task Close(Room known)
    {
        using var turn = await _directory.Enter(known.Address);
        if (turn.Room is { } room)
        {
            await room.Said;
            _entrance.Close(room);
        }
    }

    private static StanzaErrorException NoRoom(Jid address) => new(StanzaCondition.ItemNotFound, $"There is no room {address}.");

    private ValueTask Configure(Room room, RoomConfiguration before, IReadOnlyDictionary<string, string> settings)
    {
        var fields = new List<FormField>();
        foreach (var (name, value) in settings)
        {
            fields.Add(FormField.Of(
                RoomConfigurationForm.Variable(name) ?? throw new StanzaErrorException(StanzaCondition.NotAcceptable, $"'{name}' is no setting of a room: {string.Join(", ", RoomConfigurationForm.ShortNames)}."),
                RoomConfigurationForm.IsList(name) ? value.Split(',', StringSplitOptions.RemoveEmptyEntries) : [value]));
        }

        var configuration = RoomConfigurationForm.Apply(before, new DataForm("submit", null, fields), int.MaxValue);
        return configuration.IsPersistent || room.Occupants.Count > 0
            ? _owning.Configure(room, configuration, [])
            : throw new StanzaErrorException(StanzaCondition.NotAcceptable, $"Nobody is in {room.Address}: without persistentroom it would be gone at once.");
    }
}

/// <summary>A room as its operator sees it.</summary>
/// <param name="Settings">The fields of <c>muc#roomconfig</c> by their short names; several values are separated by commas.</param>
/// <param name="Occupants">Who is in it now, clients of one person under one nick counted once.</param>
public sealed record RoomView(RoomRecord Record, IReadOnlyDictionary<string, string> Settings, IReadOnlyList<RoomAffiliation> Affiliations, int Occupants);
