using Likeness.Storage.Tests.Databases;
using Likeness.Stores;

namespace Likeness.Storage.Tests.Contract;

public abstract class NodeContract(TestDatabase database) : StoreContract(database)
{
    protected override Identity[] People => [Juliet, Romeo];

    private static readonly NodeRecord Mood = new("mood", AccessModel.Presence, true, int.MaxValue, "on_sub_and_presence", "a=b");

    [Fact]
    public async Task Nodes_come_back_as_configured()
    {
        var bookmarks = new NodeRecord("bookmarks", AccessModel.Whitelist, false, 1, "never", null);
        await Stores.Nodes.Save(Juliet, Mood);
        await Stores.Nodes.Save(Juliet, bookmarks);
        await Stores.Nodes.Save(Romeo, Mood);
        await Stores.Nodes.Save(Juliet, Mood with { Access = AccessModel.Roster, Configuration = null });
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

        await Stores.Nodes.Publish(Juliet, Mood with { Access = AccessModel.Open }, ItemOf("two"), 10);
        (await Stores.Nodes.Load(Juliet)).ShouldBe([Mood]);
    }

    [Fact]
    public async Task Reconfiguring_a_node_keeps_its_items()
    {
        await Publish("one");
        await Stores.Nodes.Save(Juliet, Mood with { Access = AccessModel.Open });

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
        (await Stores.Nodes.Items(Juliet, "mood", null, 1)).ShouldHaveSingleItem().ShouldBe(ItemOf("three"));
        (await Stores.Nodes.Items(Juliet, "other", null, 9)).ShouldBeEmpty();
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
        await Stores.Nodes.Publish(Juliet, Mood, new NodeItem("one", "<again/>", Noon.AddHours(1)), 10);

        (await Items()).ShouldBe(["one", "two"]);
        (await Stores.Nodes.Items(Juliet, "mood", ["one"], 1)).ShouldBe([new NodeItem("one", "<again/>", Noon.AddHours(1))]);
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
    public async Task A_removed_node_takes_its_items_along()
    {
        await Publish("one");
        (await Stores.Nodes.Remove(Juliet, "mood")).ShouldBeTrue();
        (await Stores.Nodes.Remove(Juliet, "mood")).ShouldBeFalse();

        (await Stores.Nodes.Load(Juliet)).ShouldBeEmpty();
        await Stores.Nodes.Save(Juliet, Mood);
        (await Items()).ShouldBeEmpty();
    }

    private static NodeItem ItemOf(string id) => new(id, $"<item of='{id}'/>", Noon);

    private ValueTask Publish(string id, int most = 10) => Stores.Nodes.Publish(Juliet, Mood, ItemOf(id), most);

    private async Task<IEnumerable<string>> Items(string[]? ids = null, int most = int.MaxValue) =>
        (await Stores.Nodes.Items(Juliet, "mood", ids, most)).Select(item => item.Id);
}

public sealed class Nodes_in_SQLite() : NodeContract(new SqliteDatabase());

[Trait("Category", "Integration")]
public sealed class Nodes_in_PostgreSQL(PostgreSqlServer server) : NodeContract(new PostgreSqlDatabase(server));
