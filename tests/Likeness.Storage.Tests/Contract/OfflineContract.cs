using Likeness.Storage.Tests.Databases;
using Likeness.Stores;

namespace Likeness.Storage.Tests.Contract;

public abstract class OfflineContract(TestDatabase database) : StoreContract(database)
{
    private const long Plenty = 1_000_000;

    protected override Identity[] People => [Juliet, Romeo];

    [Fact]
    public async Task Messages_wait_oldest_first_until_removed()
    {
        await Add("one");
        await Add("two");
        await Reopen();
        await Add("three");

        var waiting = await Stores.Offline.Load(Juliet, 0, Plenty);
        waiting.Select(message => message.Xml).ShouldBe(["one", "two", "three"]);
        waiting.Select(message => message.Number).ShouldBeInOrder(SortDirection.Ascending);
        waiting[0].Received.ShouldBe(Noon);
        (await Stores.Offline.Load(Juliet, 0, Plenty)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Removal_takes_the_messages_up_to_a_number_and_no_later_one()
    {
        await Add("one");
        await Add("two");
        await Add("three");
        var numbers = (await Stores.Offline.Load(Juliet, 0, Plenty)).Select(message => message.Number).ToArray();

        await Stores.Offline.Remove(Juliet, numbers[1]);
        (await Stores.Offline.Load(Juliet, 0, Plenty)).ShouldHaveSingleItem().Xml.ShouldBe("three");

        // A second resource that read the same messages removes late.
        await Stores.Offline.Remove(Juliet, numbers[2]);
        await Add("four");
        await Stores.Offline.Remove(Juliet, numbers[2]);
        (await Stores.Offline.Load(Juliet, 0, Plenty)).ShouldHaveSingleItem().Xml.ShouldBe("four");
    }

    [Fact]
    public async Task A_full_queue_takes_nothing_more_and_others_are_not_concerned()
    {
        (await Add("one", limit: 1)).ShouldBeTrue();
        (await Add("two", limit: 1)).ShouldBeFalse();
        (await Stores.Offline.Add(Romeo, new OfflineMessage(0, Noon, "his"), 1, Plenty)).ShouldBeTrue();

        (await Stores.Offline.Load(Juliet, 0, Plenty)).ShouldHaveSingleItem().Xml.ShouldBe("one");
    }

    [Fact]
    public async Task The_limit_holds_when_many_messages_arrive_at_once()
    {
        var kept = await Task.WhenAll(Enumerable.Range(0, 60).Select(number => Add($"{number}", limit: 20)));

        kept.Count(stored => stored).ShouldBe(20);
        (await Stores.Offline.Load(Juliet, 0, Plenty)).Count.ShouldBe(20);
    }

    [Fact]
    [Trait("Requirement", "C-225")]
    public async Task A_queue_holds_so_many_bytes_and_has_room_again_for_what_was_removed()
    {
        (await Add("1234567", bytes: 10)).ShouldBeTrue();
        (await Add("ÄÖ", bytes: 10)).ShouldBeFalse("four bytes of UTF-8");
        (await Add("abc", bytes: 10)).ShouldBeTrue();
        (await Add("12345678901", bytes: 10)).ShouldBeFalse();
        var waiting = await Stores.Offline.Load(Juliet, 0, Plenty);
        waiting.Select(message => message.Xml).ShouldBe(["1234567", "abc"]);

        await Stores.Offline.Remove(Juliet, waiting[0].Number);
        await Stores.Offline.Remove(Juliet, waiting[0].Number);
        (await Add("1234567", bytes: 10)).ShouldBeTrue();
        (await Add("1", bytes: 10)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_page_ends_where_its_bytes_do_and_has_one_message_at_least()
    {
        foreach (var xml in new[] { "12345", "12345", "123456", "1" })
        {
            await Add(xml);
        }

        (await Page(0, 10)).ShouldBe(["12345", "12345"]);
        var second = (await Stores.Offline.Load(Juliet, 0, 10))[^1].Number;
        (await Page(second, 3)).ShouldBe(["123456"]);
        (await Page(second, 7)).ShouldBe(["123456", "1"]);
        (await Page(second + 2, 7)).ShouldBeEmpty();

        async Task<IEnumerable<string>> Page(long after, long bytes) => (await Stores.Offline.Load(Juliet, after, bytes)).Select(message => message.Xml);
    }

    private Task<bool> Add(string xml, int limit = 10, long bytes = Plenty) =>
        Stores.Offline.Add(Juliet, new OfflineMessage(0, Noon, xml), limit, bytes).AsTask();
}

public sealed class Offline_messages_in_SQLite() : OfflineContract(new SqliteDatabase());

[Trait("Category", "Integration")]
public sealed class Offline_messages_in_PostgreSQL(PostgreSqlServer server) : OfflineContract(new PostgreSqlDatabase(server));
