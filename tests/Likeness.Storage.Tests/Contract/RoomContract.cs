using Likeness.Storage.Tests.Databases;
using Likeness.Stores;

namespace Likeness.Storage.Tests.Contract;

public abstract class RoomContract(TestDatabase database) : StoreContract(database)
{
    private const string Service = "rooms.example.org";
    private const string Garden = "garden@rooms.example.org";

    protected override Identity[] People => [Juliet, Romeo];

    [Fact]
    [Trait("Requirement", "M-56")]
    public async Task A_room_is_kept_with_everything_it_is()
    {
        var room = Room(Garden) with { Subject = "roses", SubjectBy = $"{Garden}/juliet", SubjectSet = Noon, VCard = "<vCard/>" };
        await Stores.Rooms.Save(room, [new(Juliet.Value, "owner"), new(Romeo.Value, "member", "romeo", "a friend")]);
        await Reopen();

        var stored = (await Stores.Rooms.Find(Garden)).ShouldNotBeNull();
        stored.Record.OccupantKey.ShouldBe(room.OccupantKey);
        (stored.Record with { OccupantKey = room.OccupantKey }).ShouldBe(room);
        stored.Affiliations.ShouldBe([new(Juliet.Value, "owner"), new(Romeo.Value, "member", "romeo", "a friend")], ignoreOrder: true);
    }

    [Fact]
    public async Task A_change_keeps_the_affiliations_it_does_not_name()
    {
        await Stores.Rooms.Save(Room(Garden), [new(Juliet.Value, "owner"), new(Romeo.Value, "member")]);

        await Stores.Rooms.Save(Room(Garden) with { Title = "Orchard", IsListed = false, Subject = null }, [new(Romeo.Value, null), new("example.net", "outcast")]);

        var stored = (await Stores.Rooms.Find(Garden)).ShouldNotBeNull();
        (stored.Record.Title, stored.Record.IsListed).ShouldBe(("Orchard", false));
        stored.Affiliations.ShouldBe([new(Juliet.Value, "owner"), new("example.net", "outcast")], ignoreOrder: true);
    }

    [Fact]
    [Trait("Requirement", "M-49")]
    public async Task A_removed_room_leaves_nothing_but_what_newcomers_are_told()
    {
        await Stores.Rooms.Save(Room(Garden), [new(Juliet.Value, "owner")]);
        var left = new DestroyedRoom(Noon.AddDays(1), "orchard@rooms.example.org", "moved");

        (await Stores.Rooms.Remove(Garden, left)).ShouldBeTrue();
        (await Stores.Rooms.Remove(Garden, null)).ShouldBeFalse();
        (await Stores.Rooms.Find(Garden)).ShouldBeNull();
        (await Stores.Rooms.FindDestroyed(Garden, Noon)).ShouldBe(left);
        (await Stores.Rooms.FindDestroyed(Garden, Noon.AddDays(1))).ShouldBeNull();

        await Stores.Rooms.Save(Room(Garden), []);
        (await Stores.Rooms.FindDestroyed(Garden, Noon)).ShouldBeNull("somebody made it again");
        (await Stores.Rooms.Find(Garden)).ShouldNotBeNull().Affiliations.ShouldBeEmpty();
    }

    [Fact]
    [Trait("Requirement", "M-4")]
    public async Task Rooms_are_listed_in_pages_each_service_by_itself()
    {
        foreach (var name in new[] { "b", "c", "a", "d" })
        {
            await Stores.Rooms.Save(Room($"{name}@{Service}") with { IsListed = name != "c" }, []);
        }

        await Stores.Rooms.Save(Room("a@conference.example.org"), []);

        (await Names(true, null, 10)).ShouldBe(["a", "b", "d"]);
        (await Names(true, $"a@{Service}", 1)).ShouldBe(["b"]);
        (await Names(false, null, 10)).ShouldBe(["a", "b", "c", "d"]);
        (await Stores.Rooms.Count(Service, true)).ShouldBe(3);
        (await Stores.Rooms.Count(Service, false)).ShouldBe(4);
        (await Stores.Rooms.CountOf(Juliet)).ShouldBe(5);
        (await Stores.Rooms.CountOf(Romeo)).ShouldBe(0);

        async Task<IEnumerable<string>> Names(bool isListed, string? after, int most) =>
            (await Stores.Rooms.List(Service, isListed, after, most)).Select(room => room.Room.Split('@')[0]);
    }

    [Fact]
    public async Task Who_gets_the_name_of_a_removed_account_is_nothing_in_its_rooms_unless_it_was_banned()
    {
        await Stores.Rooms.Save(Room(Garden), [new(Juliet.Value, "owner"), new(Romeo.Value, "outcast")]);

        await Stores.Accounts.Remove(Juliet);
        await Stores.Accounts.Remove(Romeo);

        (await Stores.Rooms.Find(Garden)).ShouldNotBeNull().Affiliations.ShouldBe([new(Romeo.Value, "outcast")]);
    }

    private static RoomRecord Room(string address) => new(address, "The garden", true, "configuration", [1, 2, 3], Juliet, Noon);
}

public sealed class Rooms_in_SQLite() : RoomContract(new SqliteDatabase());

[Trait("Category", "Integration")]
public sealed class Rooms_in_PostgreSQL(PostgreSqlServer server) : RoomContract(new PostgreSqlDatabase(server));
