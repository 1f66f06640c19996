using System.Collections.Immutable;
using Likeness.Xmpp.Server;

namespace Likeness.Server.Options;

/// <summary>Where rooms are, who makes them, and how large they get (XEP-0045).</summary>
internal static class RoomKeys
{
    private const string All = "all settings together";

    public static ImmutableArray<OptionKey> Keys { get; } =
    [
        new("rooms", "rooms. before each domain", "conference.example.org",
            "A domain of chat rooms; several may be named. off: no rooms.",
            (options, values) => With(options, rooms => rooms with { Services = values is ["off"] ? [] : OptionText.Domains(values) }))
        {
            Repeatable = true,
        },
        new("room-creation", "local", "nobody",
            "Who makes rooms: local, the people of the domains; anybody; nobody but the operator.",
            (options, values) => With(options, rooms => rooms with { Creation = (RoomCreation)OptionText.OneOf(values, "local", "anybody", "nobody") })),
        Number("most-rooms-per-person", "100", "20", "Rooms one person may have made.", 0, 100_000,
            (rooms, number) => rooms with { MaxRoomsPerCreator = number }),
        Number("most-rooms", "100000", "5000", "Rooms in memory: those somebody is in, and a few that were left lately.", 1, 10_000_000,
            (rooms, number) => rooms with { MaxRooms = number }),
        Number("most-room-stanzas-per-second", "20", "5", "Messages and presences one client may send to a room evenly over time, ten seconds' worth at once; 0: as many as come.", 0, 1_000_000,
            (rooms, number) => rooms with { MaxStanzasPerSecond = number }),
        Number("most-occupants", "5000", "500", "Occupants that the owner of a room may allow; 200 until they choose.", 10, 100_000,
            (rooms, number) => rooms with { MaxOccupants = number }),
    ];

    /// <summary>A domain is either people's or rooms'.</summary>
    public static IEnumerable<OptionProblem> Problems(LikenessOptions options) =>
        (options.Chat.Rooms.Services ?? []).Where(options.Domains.Contains)
            .Select(name => new OptionProblem("rooms", All, $"'{name}' is a domain of people", $"rooms.{name}"));

    private static LikenessOptions With(LikenessOptions options, Func<RoomOptions, RoomOptions> change) =>
        options with { Chat = options.Chat with { Rooms = change(options.Chat.Rooms) } };

    private static OptionKey Number(string name, string byDefault, string example, string meaning, int least, int most, Func<RoomOptions, int, RoomOptions> apply) =>
        new(name, byDefault, example, meaning, (options, values) => With(options, rooms => apply(rooms, OptionText.Number(values, least, most))));
}
