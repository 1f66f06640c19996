using Likeness.Storage.Tests.Databases;
using Likeness.Stores;

namespace Likeness.Storage.Tests.Contract;

public abstract class NodeContract(TestDatabase database) : StoreContract(database)
{
    private const long Plenty = 1_000_000;
    private static readonly NodeRecord Mood = new("mood", AccessModel.Presence, true, int.MaxValue, "on_sub_and_presence", "a=b");

    protected override Identity[] People => [Juliet, Romeo];

    [Fact]
    public async Task Nodes_come_back_as_configured()
    {
        var bookmarks = new NodeRecord("bookmarks", AccessModel.Whitelist, false, 1, "never", null);
        (await Save(Juliet, Mood)).ShouldBeTrue();
        (await Save(Juliet, bookmarks)).ShouldBeTrue();
        (await Save(Romeo, Mood)).ShouldBeTrue();
        (await Save(Juliet, Mood with { Access = AccessModel.Roster, Configuration = null })).ShouldBeTrue();
        await Reopen();

        (await Stores.Nodes.Load(Juliet)).ShouldBe(
            [bookmarks, Mood with { Access = AccessModel.Roster, Configuration = null }],
            ignoreOrder: true);
    }

    [Fact]
    public async Task Publishing_creates_a_new_node_and_leaves_an_existing_ones_configuration()
    {
        await Publish("one");
        (await Stores.Nodes.Load(Juliet)).ShouldBe([Mood]);

        (await Stores.Nodes.Publish(Juliet, Mood with { Access = AccessModel.Open }, ItemOf("two"), 10, Plenty)).ShouldBeTrue();
        (await Stores.Nodes.Load(Juliet)).ShouldBe([Mood]);
    }

    [Fact]
    public async Task Reconfiguring_a_node_keeps_its_items()
    {
        await Publish("one");
        (await Save(Juliet, Mood with { Access = AccessModel.Open })).ShouldBeTrue();

        (await Items()).ShouldBe(["one"]);
    }

    [Fact]
    public async Task Items_are_read_newest_first_and_no_more_than_asked_for()
    {
        await Publish("one");
        await Publish("two");
        await Publish("three");
        await Reopen();

        (await Items()).ShouldBe(["three", "two", "one"]);
        (await Items(most: 2)).ShouldBe(["three", "two"]);
        (await Page(new NodeQuery(1, Plenty)))!.Items.ShouldHaveSingleItem().ShouldBe(ItemOf("three"));
        (await Stores.Nodes.Items(Juliet, "other", new NodeQuery(9, Plenty)))!.Items.ShouldBeEmpty();
    }

    [Fact]
    public async Task Items_are_read_by_id_newest_first()
    {
        await Publish("one");
        await Publish("two");
        await Publish("three");

        (await Items(["one", "three", "missing", "one"])).ShouldBe(["three", "one"]);
        (await Items(["one", "three"], most: 1)).ShouldBe(["three"]);
        (await Items([])).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_item_published_again_is_overwritten_and_becomes_the_newest()
    {
        await Publish("one");
        await Publish("two");
        (await Stores.Nodes.Publish(Juliet, Mood, new NodeItem("one", "<again/>", Noon.AddHours(1)), 10, Plenty)).ShouldBeTrue();

        (await Items()).ShouldBe(["one", "two"]);
        (await Page(new NodeQuery(1, Plenty) { Ids = ["one"] }))!.Items.ShouldBe([new NodeItem("one", "<again/>", Noon.AddHours(1))]);
    }

    [Fact]
    public async Task Publishing_drops_the_oldest_items_beyond_the_limit()
    {
        await Publish("one");
        await Publish("two");
        await Publish("three", most: 2);
        (await Items()).ShouldBe(["three", "two"]);

        await Publish("two", most: 1);
        (await Items()).ShouldBe(["two"]);
    }

    [Fact]
    public async Task Items_are_retracted_one_by_one_or_purged()
    {
        await Publish("one");
        await Publish("two");
        (await Stores.Nodes.Retract(Juliet, "mood", "one")).ShouldBeTrue();
        (await Stores.Nodes.Retract(Juliet, "mood", "one")).ShouldBeFalse();
        (await Items()).ShouldBe(["two"]);

        await Stores.Nodes.Purge(Juliet, "mood");
        (await Items()).ShouldBeEmpty();
        (await Stores.Nodes.Load(Juliet)).ShouldBe([Mood]);
    }

    [Fact]
    [Trait("Requirement", "U-12")]
    public async Task Several_items_come_and_go_at_once_or_not_at_all()
    {
        (await Stores.Nodes.Change(Juliet, Mood, [ItemOf("one"), ItemOf("two"), ItemOf("three")], [], Plenty)).ShouldBeTrue();
        (await Stores.Nodes.Load(Juliet)).ShouldBe([Mood]);
        (await Stores.Nodes.Change(Juliet, Mood, [new NodeItem("one", "<again/>", Noon), ItemOf("four")], ["two", "missing"], Plenty)).ShouldBeTrue();
        (await Items()).ShouldBe(["four", "one", "three"]);
        (await Page(new NodeQuery(1, Plenty)))!.Count.ShouldBe(3);
        await ShouldCountWhatThereIs();

        var size = await Stores.Nodes.Size(Juliet);
        (await Stores.Nodes.Change(Juliet, Mood, [ItemOf("a longer one")], ["four"], size)).ShouldBeFalse();
        (await Items()).ShouldBe(["four", "one", "three"]);
        (await Stores.Nodes.Change(Juliet, Mood, [], ["four", "one"], 0)).ShouldBeTrue();
        (await Items()).ShouldBe(["three"]);
        await ShouldCountWhatThereIs();
    }

    [Fact]
    public async Task A_removed_node_takes_its_items_along()
    {
        await Publish("one");
        (await Stores.Nodes.Remove(Juliet, "mood")).ShouldBeTrue();
        (await Stores.Nodes.Remove(Juliet, "mood")).ShouldBeFalse();

        (await Stores.Nodes.Load(Juliet)).ShouldBeEmpty();
        (await Save(Juliet, Mood)).ShouldBeTrue();
        (await Items()).ShouldBeEmpty();
    }

    [Fact]
    [Trait("Requirement", "C-225")]
    public async Task What_an_account_keeps_is_counted_in_bytes_with_every_change()
    {
        (await Stores.Nodes.Size(Juliet)).ShouldBe(0);
        await Publish("one");
        await Publish("twò");
        await Stores.Nodes.Publish(Juliet, new NodeRecord("häuser", AccessModel.Open, true, 5, "never", "größe=1"), ItemOf("x"), 5, Plenty);
        await Stores.Nodes.Publish(Romeo, Mood, ItemOf("another's"), 5, Plenty);
        await ShouldCountWhatThereIs();

        await Stores.Nodes.Publish(Juliet, Mood, new NodeItem("one", "<überschrieben/>", Noon), 10, Plenty);
        await ShouldCountWhatThereIs();

        await Publish("three", most: 2);
        await ShouldCountWhatThereIs();

        await Save(Juliet, Mood with { Configuration = "a longer one" });
        await Stores.Nodes.Retract(Juliet, "mood", "three");
        await Reopen();
        await ShouldCountWhatThereIs();

        await Stores.Nodes.Purge(Juliet, "mood");
        await ShouldCountWhatThereIs();

        await Stores.Nodes.Remove(Juliet, "häuser");
        await Stores.Nodes.Remove(Juliet, "mood");
        (await Stores.Nodes.Size(Juliet)).ShouldBe(0);
    }

    [Fact]
    [Trait("Requirement", "C-225")]
    public async Task A_change_beyond_the_limit_changes_nothing_and_one_that_makes_it_less_is_taken()
    {
        var room = Mood.Size + (2 * ItemOf("one").Size);
        (await Stores.Nodes.Publish(Juliet, Mood, ItemOf("one"), 10, Mood.Size)).ShouldBeFalse();
        (await Stores.Nodes.Load(Juliet)).ShouldBeEmpty();

        (await Stores.Nodes.Publish(Juliet, Mood, ItemOf("one"), 10, room)).ShouldBeTrue();
        (await Stores.Nodes.Publish(Juliet, Mood, ItemOf("two"), 10, room)).ShouldBeTrue();
        (await Stores.Nodes.Publish(Juliet, Mood, ItemOf("six"), 10, room)).ShouldBeFalse();
        (await Stores.Nodes.Save(Juliet, Mood with { Node = "other" }, room)).ShouldBeFalse();
        (await Stores.Nodes.Save(Juliet, Mood with { Configuration = "a=bcd" }, room)).ShouldBeFalse();
        (await Items()).ShouldBe(["two", "one"]);
        (await Stores.Nodes.Load(Juliet)).ShouldBe([Mood]);

        // The limit was lowered since: what there is stays, and may become less.
        (await Stores.Nodes.Publish(Juliet, Mood, new NodeItem("one", "<i/>", Noon), 10, 1)).ShouldBeTrue();
        (await Stores.Nodes.Publish(Juliet, Mood, ItemOf("six"), 1, 1)).ShouldBeTrue();
        (await Stores.Nodes.Save(Juliet, Mood with { Configuration = null }, 1)).ShouldBeTrue();
        (await Items()).ShouldBe(["six"]);
    }

    [Fact]
    [Trait("Requirement", "C-225")]
    public async Task Many_publishing_at_once_stay_within_the_limit()
    {
        var room = (4 * Mood.Size) + (10 * ItemOf("00").Size);
        var published = await Task.WhenAll(Enumerable.Range(10, 60).Select(number => Task.Run(async () =>
            await Stores.Nodes.Publish(Juliet, Mood with { Node = "abcd"[(number % 4)..][..1] + "ood" }, ItemOf($"{number}"), 100, room))));

        published.Count(done => done).ShouldBe(10);
        (await Stores.Nodes.Size(Juliet)).ShouldBeLessThanOrEqualTo(room);
    }

    [Fact]
    public async Task Items_are_read_in_pages_from_either_end()
    {
        foreach (var id in (string[])["1", "2", "3", "4", "5"])
        {
            await Publish(id);
        }

        var two = new NodeQuery(2, Plenty);
        (await PageOf(two)).ShouldBe("5 4 at 0 of 5");
        (await PageOf(two with { After = "4" })).ShouldBe("3 2 at 2 of 5");
        (await PageOf(two with { After = "2" })).ShouldBe("1 at 4 of 5");
        (await PageOf(two with { After = "1" })).ShouldEndWith("of 5");
        (await PageOf(two with { Before = "" })).ShouldBe("2 1 at 3 of 5");
        (await PageOf(two with { Before = "2" })).ShouldBe("4 3 at 1 of 5");
        (await PageOf(two with { Before = "4" })).ShouldBe("5 at 0 of 5");
        (await PageOf(two with { Index = 3 })).ShouldBe("2 1 at 3 of 5");
        (await PageOf(two with { Index = 9 })).ShouldEndWith("of 5");
        (await PageOf(two with { MaxItems = 0 })).ShouldBe(" at 0 of 5");
        (await Page(two with { After = "missing" })).ShouldBeNull();
        (await Page(two with { Before = "missing" })).ShouldBeNull();
    }

    [Fact]
    public async Task A_page_ends_when_it_has_its_bytes_but_holds_one_item_at_least()
    {
        foreach (var id in (string[])["1", "2", "3", "4", "5"])
        {
            await Publish(id);
        }

        var three = new NodeQuery(9, 3 * ItemOf("1").Size);
        (await PageOf(three)).ShouldBe("5 4 3 at 0 of 5");
        (await PageOf(three with { Before = "" })).ShouldBe("3 2 1 at 2 of 5");
        (await PageOf(three with { MaxBytes = three.MaxBytes - 1 })).ShouldBe("5 4 at 0 of 5");
        (await PageOf(three with { MaxBytes = 1, After = "4" })).ShouldBe("3 at 2 of 5");
        (await PageOf(three with { MaxBytes = 1, Ids = ["2", "missing", "4", "2"] })).ShouldBe("4 at 0 of 2");
        (await PageOf(three with { MaxBytes = three.MaxBytes - 1, Ids = ["2", "4", "5", "none"] })).ShouldBe("5 4 at 0 of 3");
    }

    [Fact]
    [Trait("Requirement", "X84-45")]
    public async Task The_last_items_of_many_accounts_are_read_at_once_by_who_sees_them()
    {
        var (tune, quiet) = (Mood with { Node = "tune" }, Mood with { Node = "quiet", SendLast = "never" });
        await Publish("1");
        await Publish("2");
        await Stores.Nodes.Publish(Juliet, tune, ItemOf("t"), 9, Plenty);
        await Stores.Nodes.Publish(Juliet, quiet, ItemOf("q"), 9, Plenty);
        await Stores.Nodes.Save(Juliet, Mood with { Node = "empty" }, Plenty);
        await Stores.Nodes.Publish(Romeo, Mood, ItemOf("r"), 9, Plenty);
        await Stores.Rosters.Save(Juliet, new RosterRecord("nurse@example.org", null, 3, false, null, true, ["Kin", "Staff"]));
        await Stores.Rosters.Save(Juliet, new RosterRecord("paris@example.org", null, 1, false, null, true, []));
        await Stores.Rosters.Save(Romeo, new RosterRecord("nurse@example.org", null, 2, false, null, true, []));
        await Stores.Documents.Save(new AccountDocument(Romeo, "blocklist", "", "nurse@example.org"));

        var all = await Last("nurse@example.org", Plenty, "mood", "tune", "quiet", "empty", "none");
        all.Select(of => of.Account).ShouldBe([Juliet, Romeo], ignoreOrder: true);
        var juliet = all.Single(of => of.Account == Juliet);
        juliet.Groups.ShouldBe(["Kin", "Staff"]);
        juliet.Blocked.ShouldBeNull();
        juliet.Items.OrderBy(last => last.Node.Node).ShouldBe([(Mood, ItemOf("2")), (tune, ItemOf("t"))]);
        all.Single(of => of.Account == Romeo).Blocked.ShouldBe("nurse@example.org");

        // Who only sees is told by what is not there; who sees nobody, by nothing.
        (await Last("nurse@example.org", Plenty, "none")).SelectMany(of => of.Items).ShouldBeEmpty();
        (await Last("paris@example.org", Plenty, "mood")).ShouldBeEmpty();

        // It ends behind an account that has enough.
        (await Last("nurse@example.org", 1, "mood", "tune")).ShouldHaveSingleItem();
    }

    private ValueTask<IReadOnlyList<LastItemsOf>> Last(string contact, long maxBytes, params string[] nodes) =>
        Stores.Nodes.LastItems([Juliet, Romeo, new Identity("nobody@example.org")], contact, nodes, maxBytes);

    private static NodeItem ItemOf(string id) => new(id, $"<item of='{id}'/>", Noon);

    private ValueTask<bool> Save(Identity account, NodeRecord node) => Stores.Nodes.Save(account, node, Plenty);

    private ValueTask<bool> Publish(string id, int most = 10) => Stores.Nodes.Publish(Juliet, Mood, ItemOf(id), most, Plenty);

    private ValueTask<NodePage?> Page(NodeQuery query) => Stores.Nodes.Items(Juliet, "mood", query);

    private async Task<string> PageOf(NodeQuery query)
    {
        var page = (await Page(query)).ShouldNotBeNull();
        return $"{string.Join(' ', page.Items.Select(item => item.Id))} at {page.Index} of {page.Count}";
    }

    private async Task<IEnumerable<string>> Items(string[]? ids = null, int most = int.MaxValue) =>
        (await Page(new NodeQuery(most, Plenty) { Ids = ids }))!.Items.Select(item => item.Id);

    private async Task ShouldCountWhatThereIs()
    {
        var bytes = 0L;
        foreach (var node in await Stores.Nodes.Load(Juliet))
        {
            var page = (await Stores.Nodes.Items(Juliet, node.Node, new NodeQuery(int.MaxValue, Plenty)))!;
            page.Count.ShouldBe(page.Items.Count);
            bytes += node.Size + page.Items.Sum(item => item.Size);
        }

        (await Stores.Nodes.Size(Juliet)).ShouldBe(bytes);
    }
}

public sealed class Nodes_in_SQLite() : NodeContract(new SqliteDatabase());

[Trait("Category", "Integration")]
public sealed class Nodes_in_PostgreSQL(PostgreSqlServer server) : NodeContract(new PostgreSqlDatabase(server));
