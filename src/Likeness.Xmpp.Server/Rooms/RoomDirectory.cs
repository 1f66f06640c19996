using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Likeness.Stores;
using Likeness.Xmpp.Server.Routing;

namespace Likeness.Xmpp.Server.Rooms;

/// <summary>
/// Finds rooms, loading what is not in memory, and makes them. Of one room there is never a second one in memory: it leaves
/// it only while nobody else holds its order, and who waited for that looks again.
/// </summary>
internal sealed class RoomDirectory(IStores stores, RoomArchive archive, XmppServerOptions options, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Room> _rooms = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Task<Room?>> _loading = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ImmutableArray<Room>> _visited = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Identity, int> _temporary = new();
    private readonly ConcurrentQueue<Room> _empty = new();
    private readonly ConcurrentDictionary<Room, bool> _passing = new();

    /// <summary>Public rooms that are there while somebody is in them, in no order.</summary>
    public IEnumerable<Room> Passing => _passing.Keys;

    /// <summary>Rooms in memory, in no order.</summary>
    public IEnumerable<Room> Loaded => _rooms.Values;

    /// <summary>A room that is in memory.</summary>
    public Room? Find(string address) => _rooms.GetValueOrDefault(address);

    /// <summary>Takes a room's turn; without a room when there is none. To be disposed by <see cref="Leave"/>.</summary>
    public async ValueTask<RoomTurn> Enter(Jid address)
    {
        while (true)
        {
            var room = _rooms.GetValueOrDefault(address.BareText) ?? await Load(address.Bare);
            if (room is null)
            {
                return default;
            }

            var holder = await room.Order.Enter();
            if (!room.IsGone)
            {
                return new RoomTurn(this, room, holder);
            }

            holder.Dispose();
        }
    }

    /// <summary>Takes the turn of a new room; somebody else may have made it meanwhile.</summary>
    /// <exception cref="StanzaErrorException"><c>resource-constraint</c>: there are as many rooms as there may be.</exception>
    /// <param name="isLimited">False: an operator makes it.</param>
    public async ValueTask<RoomTurn> Create(Jid address, Jid creator, DateTimeOffset? lockedSince, bool isLimited = true)
    {
        if (isLimited)
        {
            await RefuseTooMany(creator.Bare);
        }

        var record = new RoomRecord(address.Bare.Text, "", false, "", RandomNumberGenerator.GetBytes(32), new Identity(creator.BareText), time.GetUtcNow());
        var room = new Room(address.Bare, record) { LockedSince = lockedSince };
        room.Take(new RoomAffiliation(creator.BareText, Affiliation.Owner.Word()));
        var holder = await room.Order.Enter();
        if (_rooms.TryAdd(address.BareText, room))
        {
            _temporary.AddOrUpdate(record.Creator, 1, static (_, count) => count + 1);
            return new RoomTurn(this, room, holder);
        }

        holder.Dispose();
        return await Enter(address);
    }

    /// <summary>Stores a change of the room, if the room is one that is kept, and only then takes it in.</summary>
    public async ValueTask Change(Room room, RoomRecord record, params IReadOnlyList<RoomAffiliation> changed)
    {
        var wasKept = room.Configuration.IsPersistent;
        var isKept = record.Configuration == room.Record.Configuration ? wasKept : RoomConfiguration.Read(record.Configuration).IsPersistent;
        if (isKept)
        {
            await stores.Rooms.Save(record, wasKept ? changed : [.. room.Standings.Select(AffiliationOf), .. changed]);
        }
        else if (wasKept)
        {
            await stores.Rooms.Remove(record.Room, null);
        }

        room.Take(record);
        foreach (var one in changed)
        {
            room.Take(one);
        }

        await archive.Open(room);
        if (room.Configuration is { IsPublic: true, IsPersistent: false })
        {
            _passing[room] = true;
        }
        else
        {
            _passing.TryRemove(room, out _);
        }

        if (wasKept != isKept)
        {
            CountTemporary(record.Creator, isKept ? -1 : 1);
        }
    }

    public static RoomAffiliation AffiliationOf(KeyValuePair<string, Standing> standing) =>
        new(standing.Key, standing.Value.Affiliation.Word(), standing.Value.Nick, standing.Value.Reason);

    /// <summary>The room is no more. Call while holding its turn.</summary>
    public async ValueTask Remove(Room room, DestroyedRoom? left)
    {
        if (room.Configuration.IsPersistent || left is not null)
        {
            await stores.Rooms.Remove(room.Address.Text, left);
        }

        Drop(room);
    }

    /// <summary>A client of this person is in the room.</summary>
    public void Came(Jid person, Room room) => _visited.AddOrUpdate(person.BareText, [room], (_, rooms) => rooms.Add(room));

    /// <summary>It is no more.</summary>
    public void Went(Jid person, Room room)
    {
        while (_visited.TryGetValue(person.BareText, out var rooms))
        {
            var left = rooms.Remove(room);
            if (left.IsEmpty ? _visited.TryRemove(KeyValuePair.Create(person.BareText, rooms)) : _visited.TryUpdate(person.BareText, left, rooms))
            {
                return;
            }
        }
    }

    /// <summary>The rooms a person is in.</summary>
    public IEnumerable<Room> VisitedBy(string person) => _visited.TryGetValue(person, out var rooms) ? rooms.Distinct() : [];

    /// <summary>Called when a turn ends.</summary>
    internal void Leave(Room room, AsyncLock.Holder holder)
    {
        if (room.Occupants.Count == 0 && !room.IsGone)
        {
            if (!room.Configuration.IsPersistent)
            {
                Drop(room);
            }
            else
            {
                _empty.Enqueue(room);
                _ = Shrink(options.Rooms.MaxEmptyRooms);
            }
        }

        holder.Dispose();
    }

    /// <summary>Forgets the rooms nobody is in: they are read anew.</summary>
    public Task ForgetEmpty() => Shrink(0);

    // Rooms nobody is in are forgotten beyond a number, those that were left first at first.
    private async Task Shrink(int most)
    {
        while (_empty.Count > most && _empty.TryDequeue(out var room))
        {
            using var holder = await room.Order.Enter();
            if (room.Occupants.Count == 0 && !room.IsGone)
            {
                Drop(room);
            }
        }
    }

    private void Drop(Room room)
    {
        room.IsGone = true;
        _passing.TryRemove(room, out _);
        if (_rooms.TryRemove(KeyValuePair.Create(room.Address.Text, room)) && !room.Configuration.IsPersistent)
        {
            CountTemporary(room.Record.Creator, -1);
        }
    }

    private void CountTemporary(Identity creator, int by)
    {
        if (_temporary.AddOrUpdate(creator, by, (_, count) => count + by) <= 0)
        {
            _temporary.TryRemove(KeyValuePair.Create(creator, 0));
        }
    }

    private async ValueTask RefuseTooMany(Jid creator)
    {
        var identity = new Identity(creator.BareText);
        if (_rooms.Count >= options.Rooms.MaxRooms
            || _temporary.GetValueOrDefault(identity) + await stores.Rooms.CountOf(identity) >= options.Rooms.MaxRoomsPerCreator)
        {
            throw new StanzaErrorException(StanzaCondition.ResourceConstraint, $"One person makes at most {options.Rooms.MaxRoomsPerCreator} rooms, and the service holds {options.Rooms.MaxRooms} at once.");
        }
    }

    private async ValueTask<Room?> Load(Jid address)
    {
        var loading = _loading.GetOrAdd(address.Text, static (_, read) => read.Directory.Read(read.Address), (Directory: this, Address: address));
        try
        {
            return await loading;
        }
        finally
        {
            _loading.TryRemove(KeyValuePair.Create(address.Text, loading));
        }
    }

    private async Task<Room?> Read(Jid address)
    {
        await Task.Yield();
        if (await stores.Rooms.Find(address.Text) is not { } stored)
        {
            return null;
        }

        var room = new Room(address, stored.Record);
        foreach (var affiliation in stored.Affiliations)
        {
            room.Take(affiliation);
        }

        await archive.Open(room);
        return _rooms.GetOrAdd(address.Text, room);
    }
}

/// <summary>A room's turn, held until disposed.</summary>
internal readonly struct RoomTurn(RoomDirectory directory, Room room, AsyncLock.Holder holder) : IDisposable
{
    /// <summary>Null: there is no such room.</summary>
    public Room? Room => room;

    public void Dispose()
    {
        if (room is not null)
        {
            directory.Leave(room, holder);
        }
    }
}
