using System.Globalization;
using Likeness.Xmpp;

namespace Likeness.Server.Administration;

/// <summary>Lists rooms, those that are kept first.</summary>
public sealed record ListRooms : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var rooms = await context.Rooms.List(cancellationToken);
        return new Answer
        {
            Lines = [.. rooms.Select(room => room.Title.Length > 0 ? $"{room.Room}  {room.Title}" : room.Room)],
            Rows = [.. rooms.Select(room => new Dictionary<string, string> { ["room"] = room.Room, ["name"] = room.Title, ["public"] = room.IsListed ? "yes" : "no" })],
        };
    }
}

/// <summary>Shows what a room is, and who is what in it.</summary>
public sealed record ShowRoom(string Room) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var view = await RoomOperations.Refusing(() => context.Rooms.Show(RoomOperations.Address(Room)));
        var row = new Dictionary<string, string>(view.Settings.Where(setting => setting.Key != "roomsecret"))
        {
            ["room"] = view.Record.Room,
            ["created"] = view.Record.Created.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            ["creator"] = view.Record.Creator.Value,
            ["subject"] = view.Record.Subject ?? "",
            ["occupants"] = view.Occupants.ToString(CultureInfo.InvariantCulture),
        };
        foreach (var group in view.Affiliations.GroupBy(affiliation => affiliation.Affiliation!))
        {
            row[group.Key] = string.Join(",", group.Select(affiliation => affiliation.Person).Order(StringComparer.Ordinal));
        }

        return new Answer { Lines = [.. row.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => $"{entry.Key}={entry.Value}")], Rows = [row] };
    }
}

/// <summary>Makes a room that is kept.</summary>
public sealed record CreateRoom(string Room, string Owner, IReadOnlyDictionary<string, string> Settings) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var room = RoomOperations.Address(Room);
        await RoomOperations.Refusing(() => context.Rooms.Create(room, RoomOperations.Person(Owner), Settings));
        return new Answer { Text = $"{room} is there, and {Owner} owns it.", Notes = [new AuditNote("room create", room.Text, Detail: Owner)] };
    }
}

/// <summary>Changes settings of a room.</summary>
public sealed record SetRoom(string Room, IReadOnlyDictionary<string, string> Settings) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var room = RoomOperations.Address(Room);
        await RoomOperations.Refusing(() => context.Rooms.Set(room, Settings));
        var names = string.Join(" ", Settings.Keys);
        return new Answer { Text = $"{room} has other settings: {names}.", Notes = [new AuditNote("room set", room.Text, Detail: names)] };
    }
}

/// <summary>Destroys a room with everything kept for it.</summary>
/// <param name="Alternate">The room where it goes on.</param>
public sealed record DestroyRoom(string Room, string? Alternate, string? Reason) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var room = RoomOperations.Address(Room);
        await RoomOperations.Refusing(() => context.Rooms.Destroy(room, Alternate, Reason));
        return new Answer { Text = $"{room} is gone, with everything kept for it.", Notes = [new AuditNote("room destroy", room.Text, Reason, Alternate)] };
    }
}

/// <summary>Makes a person something in a room.</summary>
public sealed record AffiliatePerson(string Room, string Person, string Affiliation, string? Reason) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var (room, person) = (RoomOperations.Address(Room), RoomOperations.Person(Person));
        await RoomOperations.Refusing(() => context.Rooms.Affiliate(room, person, Affiliation, Reason));
        return new Answer { Text = $"{person} is {Affiliation} in {room}.", Notes = [new AuditNote("room affiliation", room.Text, Reason, $"{person} {Affiliation}")] };
    }
}

/// <summary>What operations on rooms share.</summary>
internal static class RoomOperations
{
    public static Jid Address(string text) => Jid.TryParse(text, out var room) && room is { Local: not null, IsBare: true }
        ? room
        : throw new OperationRefusedException($"'{text}' is not the address of a room, such as garden@rooms.example.org.");

    public static Jid Person(string text) => Jid.TryParse(text, out var person) && person.IsBare
        ? person
        : throw new OperationRefusedException($"'{text}' is not the address of a person, such as juliet@example.org.");

    public static async Task Refusing(Func<Task> act) => await Refusing(async () =>
    {
        await act();
        return true;
    });

    public static async Task<T> Refusing<T>(Func<Task<T>> act)
    {
        try
        {
            return await act();
        }
        catch (StanzaErrorException refusal)
        {
            throw new OperationRefusedException(refusal.Message, refusal);
        }
    }
}
