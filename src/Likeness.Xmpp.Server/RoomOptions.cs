namespace Likeness.Xmpp.Server;

/// <summary>What an operator can decide about rooms.</summary>
public sealed record RoomOptions
{
    /// <summary>Domains of rooms; null: <c>rooms.</c> before each served domain. Empty: no rooms.</summary>
    public IReadOnlyList<string>? Services { get; init; }

    /// <summary>The domains of rooms beside these domains of people.</summary>
    public IReadOnlyList<string> ServicesOf(DomainPolicies domains) => Services ?? [.. domains.OfChats.Select(policy => $"rooms.{policy.Domain}")];

    /// <summary>Who may make rooms.</summary>
    public RoomCreation Creation { get; init; }

    /// <summary>Rooms in memory at once: those somebody is in, and a few that were left lately.</summary>
    public int MaxRooms { get; init; } = 100_000;

    /// <summary>Rooms made by one person, kept or not.</summary>
    public int MaxRoomsPerCreator { get; init; } = 100;

    /// <summary>Messages and presences by which one client may make a room send to everybody, evenly over time; ten seconds' worth at once. 0: as many as come.</summary>
    public int MaxStanzasPerSecond { get; init; } = 20;

    /// <summary>Occupants that the owner of a room may allow at most.</summary>
    public int MaxOccupants { get; init; } = 5000;

    /// <summary>Where more are in a room than this, comings and changes of plain participants within a tenth of a second are shown together.</summary>
    public int GathersFrom { get; init; } = 500;

    /// <summary>Rooms kept in memory because somebody was in them lately.</summary>
    public int MaxEmptyRooms { get; init; } = 100;
}

/// <summary>Who may make rooms.</summary>
public enum RoomCreation
{
    /// <summary>People of the served domains.</summary>
    Local,

    /// <summary>Whoever can reach the server.</summary>
    Anybody,

    /// <summary>Nobody but the operator.</summary>
    Nobody,
}
