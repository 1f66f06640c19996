using Likeness.Storage.Tests.Databases;
using Likeness.Stores;

namespace Likeness.Storage.Tests.Contract;

public abstract class RosterContract(TestDatabase database) : StoreContract(database)
{
    protected override Identity[] People => [Juliet, Romeo];

    private static readonly RosterRecord Nurse = new("nurse@example.org", "Nurse", 3, false, null, true, ["Home", "Verona, Italy"]);
    private static readonly RosterRecord Stranger = new("tybalt@example.org", null, 0, true, "<presence type='subscribe'/>", false, []);

    [Fact]
    [Trait("Requirement", "C-100")]
    public async Task Contacts_come_back_as_they_were_saved()
    {
        await Stores.Rosters.Save(Juliet, Nurse);
        await Stores.Rosters.Save(Juliet, Stranger);
        await Stores.Rosters.Save(Romeo, Stranger);
        await Reopen();

        var found = await Stores.Rosters.Load(Juliet);
        found.Count.ShouldBe(2);
        ShouldBeTheSame(found.Single(item => item.Contact == Nurse.Contact), Nurse);
        ShouldBeTheSame(found.Single(item => item.Contact == Stranger.Contact), Stranger);
    }

    [Fact]
    public async Task A_contact_saved_again_is_replaced()
    {
        await Stores.Rosters.Save(Juliet, Nurse);
        var changed = Nurse with { Name = null, Subscription = 1, Asking = true, Groups = [], Approved = true };
        await Stores.Rosters.Save(Juliet, changed);

        ShouldBeTheSame((await Stores.Rosters.Load(Juliet)).ShouldHaveSingleItem(), changed);
    }

    [Fact]
    public async Task A_removed_contact_is_gone_from_this_roster_only()
    {
        await Stores.Rosters.Save(Juliet, Nurse);
        await Stores.Rosters.Save(Romeo, Nurse);
        await Stores.Rosters.Remove(Juliet, Nurse.Contact);

        (await Stores.Rosters.Load(Juliet)).ShouldBeEmpty();
        (await Stores.Rosters.Load(Romeo)).ShouldHaveSingleItem();
    }

    private static void ShouldBeTheSame(RosterRecord found, RosterRecord saved)
    {
        found.Groups.ShouldBe(saved.Groups);
        (found with { Groups = saved.Groups }).ShouldBe(saved);
    }
}

public sealed class Rosters_in_SQLite() : RosterContract(new SqliteDatabase());

[Trait("Category", "Integration")]
public sealed class Rosters_in_PostgreSQL(PostgreSqlServer server) : RosterContract(new PostgreSqlDatabase(server));
