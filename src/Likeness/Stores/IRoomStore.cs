namespace Likeness.Stores;

/// <summary>Rooms that stay when nobody is in them, with their affiliations (XEP-0045). Addresses are bare and normalised.</summary>
public interface IRoomStore
{
    /// <summary>The room with its affiliations; null when there is none.</summary>
    ValueTask<StoredRoom?> Find(string room, CancellationToken cancellationToken = default);

    /// <summary>In one transaction: the room as it is now, and these affiliations of it; the others stay. What was destroyed under this address is forgotten.</summary>
    ValueTask Save(RoomRecord room, IReadOnlyList<RoomAffiliation> changed, CancellationToken cancellationToken = default);

    /// <summary>Removes the room with its affiliations and its archive. False: there was none.</summary>
    /// <param name="left">What a newcomer is told for a while; null: nothing.</param>
    ValueTask<bool> Remove(string room, DestroyedRoom? left, CancellationToken cancellationToken = default);

    /// <summary>What was destroyed under this address and is still told of; null when nothing is.</summary>
    ValueTask<DestroyedRoom?> FindDestroyed(string room, DateTimeOffset now, CancellationToken cancellationToken = default);

    /// <summary>Rooms of a service in the database's order, from behind <paramref name="after"/>; null: from the first.</summary>
    /// <param name="isListed">Those of the public list only.</param>
    ValueTask<IReadOnlyList<RoomSummary>> List(string service, bool isListed, string? after, int most, CancellationToken cancellationToken = default);

    /// <summary>How many rooms a service has.</summary>
    ValueTask<long> Count(string service, bool isListed, CancellationToken cancellationToken = default);

    /// <summary>How many rooms there are that this person made.</summary>
    ValueTask<long> CountOf(Identity creator, CancellationToken cancellationToken = default);
}

/// <summary>A room that is kept.</summary>
/// <param name="Room">Its address.</param>
/// <param name="Title">Shown in the list.</param>
/// <param name="IsListed">In the list of public rooms.</param>
/// <param name="Configuration">Text that its owner wrote and reads.</param>
/// <param name="OccupantKey">What occupant ids are made with (XEP-0421).</param>
public sealed record RoomRecord(string Room, string Title, bool IsListed, string Configuration, byte[] OccupantKey, Identity Creator, DateTimeOffset Created)
{
    /// <summary>The subject; null: none was set.</summary>
    public string? Subject { get; init; }

    /// <summary>The occupant's address it was set from.</summary>
    public string? SubjectBy { get; init; }

    public DateTimeOffset? SubjectSet { get; init; }

    /// <summary>The vCard without its picture, which is the room's portrait; null: none.</summary>
    public string? VCard { get; init; }
}

/// <summary>A person, or a whole domain, that is something in a room.</summary>
/// <param name="Affiliation"><c>owner</c>, <c>admin</c>, <c>member</c> or <c>outcast</c>; null: nothing any more.</param>
/// <param name="Nick">Reserved for the person; null: none.</param>
public sealed record RoomAffiliation(string Person, string? Affiliation, string? Nick = null, string? Reason = null);

/// <summary>A room with everybody who is something in it.</summary>
public sealed record StoredRoom(RoomRecord Record, IReadOnlyList<RoomAffiliation> Affiliations);

/// <summary>A room in a list.</summary>
public sealed record RoomSummary(string Room, string Title, bool IsListed);

/// <summary>A room that is no more.</summary>
/// <param name="Until">Told of until then.</param>
/// <param name="Alternate">The address of a room to go to instead; null: none.</param>
public sealed record DestroyedRoom(DateTimeOffset Until, string? Alternate, string? Reason);
