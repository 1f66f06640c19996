using Likeness.Storage.Tests.Databases;
using Likeness.Stores;

namespace Likeness.Storage.Tests.Contract;

public abstract class OfflineContract(TestDatabase database) : StoreContract(database)
{
    protected override Identity[] People => [Juliet, Romeo];

    [Fact]
    public async Task Messages_wait_oldest_first_until_removed()
    {
        await Add("one");
        await Add("two");
        await Reopen();
        await Add("three");

        var waiting = await Stores.Offline.Load(Juliet);
        waiting.Select(message => message.Xml).ShouldBe(["one", "two", "three"]);
        waiting.Select(message => message.Number).ShouldBeInOrder(SortDirection.Ascending);
        waiting[0].Received.ShouldBe(Noon);
        (await Stores.Offline.Load(Juliet)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Removal_takes_the_messages_up_to_a_number_and_no_later_one()
    {
        await Add("one");
        await Add("two");
        await Add("three");
        var numbers = (await Stores.Offline.Load(Juliet)).Select(message => message.Number).ToArray();

        await Stores.Offline.Remove(Juliet, numbers[1]);
        (await Stores.Offline.Load(Juliet)).ShouldHaveSingleItem().Xml.ShouldBe("three");

        // A second resource that read the same messages removes late.
        await Stores.Offline.Remove(Juliet, numbers[2]);
        await Add("four");
        await Stores.Offline.Remove(Juliet, numbers[2]);
        (await Stores.Offline.Load(Juliet)).ShouldHaveSingleItem().Xml.ShouldBe("four");
    }

    [Fact]
    public async Task A_full_queue_takes_nothing_more_and_others_are_not_concerned()
    {
        (await Add("one", limit: 1)).ShouldBeTrue();
        (await Add("two", limit: 1)).ShouldBeFalse();
        (await Stores.Offline.Add(Romeo, new OfflineMessage(0, Noon, "his"), 1)).ShouldBeTrue();

        (await Stores.Offline.Load(Juliet)).ShouldHaveSingleItem().Xml.ShouldBe("one");
    }

    [Fact]
    public async Task The_limit_holds_when_many_messages_arrive_at_once()
    {
        var kept = await Task.WhenAll(Enumerable.Range(0, 60).Select(number => Add($"{number}", limit: 20)));

        kept.Count(stored => stored).ShouldBe(20);
        (await Stores.Offline.Load(Juliet)).Count.ShouldBe(20);
    }

    private Task<bool> Add(string xml, int limit = 10) =>
        Stores.Offline.Add(Juliet, new OfflineMessage(0, Noon, xml), limit).AsTask();
}

public sealed class Offline_messages_in_SQLite() : OfflineContract(new SqliteDatabase());

[Trait("Category", "Integration")]
public sealed class Offline_messages_in_PostgreSQL(PostgreSqlServer server) : OfflineContract(new PostgreSqlDatabase(server));
