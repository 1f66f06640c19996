using Likeness.Storage.Tests.Databases;
using Likeness.Stores;

namespace Likeness.Storage.Tests.Contract;

public abstract class BesideContract(TestDatabase database) : StoreContract(database)
{
    private const string Server = "likeness.example.org";
    private static readonly Picture Face = PictureOf("face");

    private static readonly BesideAccount Known = new(Juliet, Server)
    {
        State = BesideState.Shown,
        Seen = new string('a', 40),
        FromVCard = true,
        Written = new string('b', 40),
        WrittenAt = Noon,
        Alias = new string('c', 40),
        Refused = new string('d', 40),
        Access = "open,presence",
        Visibility = Visibility.Contacts,
        IsSubscribed = true,
        LocalVersion = 7,
        Checked = Noon,
        Missed = 1,
        Gone = Noon.AddDays(1),
    };

    [Fact]
    [Trait("Requirement", "B-41")]
    public async Task What_is_known_of_an_account_outlives_a_restart()
    {
        await Stores.Beside.Save(Known);
        await Reopen();
        (await Stores.Beside.Find(Juliet)).ShouldBe(Known);

        var bare = new BesideAccount(Juliet, Server);
        await Stores.Beside.Save(bare);
        (await Stores.Beside.Find(Juliet)).ShouldBe(bare);
        (await Stores.Beside.Find(Romeo)).ShouldBeNull();

        await Stores.Beside.Remove(Juliet);
        (await Stores.Beside.Find(Juliet)).ShouldBeNull();
    }

    [Fact]
    [Trait("Requirement", "B-41")]
    public async Task It_is_stored_with_the_portrait_or_not_at_all()
    {
        await Stores.Portraits.Save(new PortraitWrite(PortraitOf(Juliet, Face)) { Pictures = [Face], Alongside = [new StoreWrite.Beside(Known)] });
        (await Stores.Beside.Find(Juliet)).ShouldBe(Known);

        var stale = new PortraitWrite(PortraitOf(Juliet, null)) { Alongside = [new StoreWrite.Beside(Known with { Seen = "" })] };
        await Should.ThrowAsync<StaleWriteException>(async () => await Stores.Portraits.Save(stale));
        (await Stores.Beside.Find(Juliet)).ShouldBe(Known);
    }

    [Fact]
    [Trait("Requirement", "B-37")]
    public async Task Who_was_looked_at_longest_ago_is_the_next_and_who_is_gone_never()
    {
        await Stores.Beside.Learn(Server, [Romeo, Juliet]);
        await Stores.Beside.Save(new BesideAccount(Juliet, Server) { State = BesideState.Empty, Checked = Noon });
        var gone = new Identity("tybalt@example.org");
        await Stores.Beside.Save(new BesideAccount(gone, Server) { State = BesideState.Gone });

        (await Stores.Beside.Due(Server, Noon, 10)).ShouldBe([Romeo]);
        (await Stores.Beside.Due(Server, Noon.AddHours(1), 10)).ShouldBe([Romeo, Juliet]);
        (await Stores.Beside.Due(Server, Noon.AddHours(1), 1)).ShouldBe([Romeo]);
        (await Stores.Beside.Due("other.example", Noon.AddHours(1), 1)).ShouldBeEmpty();
        (await Stores.Beside.Learn(Server, [Romeo, gone, new Identity("nurse@example.org")])).ShouldBe(1);
        (await Stores.Beside.Find(Juliet))!.Checked.ShouldBe(Noon);
    }

    [Fact]
    [Trait("Requirement", "B-71")]
    public async Task Accounts_are_counted_by_state()
    {
        await Stores.Beside.Learn(Server, [Romeo]);
        await Stores.Beside.Save(Known with { Gone = null });
        (await Stores.Beside.Count(Server, Noon)).ShouldBe([new(BesideState.New, 1, 0), new(BesideState.Shown, 1, 1)], ignoreOrder: true);
        (await Stores.Beside.Page(Server, null, 10)).Select(one => one.Account).ShouldBe([Juliet, Romeo]);
        (await Stores.Beside.Page(Server, Juliet, 10)).Select(one => one.Account).ShouldBe([Romeo]);
    }

    [Fact]
    [Trait("Requirement", "B-56")]
    public async Task A_portrait_that_was_changed_here_waits_until_it_is_in_chats()
    {
        var version = await Save(Juliet, Face);
        (await Stores.Beside.Unwritten(null)).People.ShouldBe([Juliet]);
        await Reopen();
        (await Stores.Beside.Unwritten(null)).People.ShouldBe([Juliet]);
        (await Stores.Beside.Unwritten(Juliet)).People.ShouldBeEmpty();

        await Stores.Beside.Save(new BesideAccount(Juliet, Server) { LocalVersion = version });
        (await Stores.Beside.Unwritten(null)).People.ShouldBeEmpty();

        var removed = PortraitOf(Juliet, null) with { Version = version };
        await Stores.Portraits.Save(new PortraitWrite(removed));
        (await Stores.Beside.Unwritten(null)).People.ShouldBe([Juliet]);
    }

    [Fact]
    [Trait("Requirement", "B-8")]
    public async Task Somebody_on_a_server_beside_this_one_changes_the_portrait_like_somebody_with_an_account_here()
    {
        var own = new PortraitWrite(PortraitOf(Juliet, Face)) { Pictures = [Face], ByAccount = true };
        await Should.ThrowAsync<AccountGoneException>(async () => await Stores.Portraits.Save(own));
        await Stores.Beside.Learn(Server, [Juliet]);
        (await Stores.Portraits.Save(own)).ShouldBeGreaterThan(0);
        await Stores.Beside.Save(Known);
        await Stores.Beside.Save(Known with { State = BesideState.Gone });
        await Should.ThrowAsync<AccountGoneException>(async () => await Stores.Portraits.Save(own));
    }

    [Fact]
    [Trait("Requirement", "B-44")]
    public async Task A_portrait_that_came_from_chats_waits_for_nothing()
    {
        var portrait = PortraitOf(Juliet, Face) with { Origin = Origin.Beside };
        await Stores.Portraits.Save(new PortraitWrite(portrait) { Pictures = [Face], Alongside = [new StoreWrite.Beside(Known)] });
        (await Stores.Beside.Unwritten(null)).People.ShouldBeEmpty();
    }
}

public sealed class Accounts_beside_in_SQLite() : BesideContract(new SqliteDatabase());

[Trait("Category", "Integration")]
public sealed class Accounts_beside_in_PostgreSQL(PostgreSqlServer server) : BesideContract(new PostgreSqlDatabase(server));
