using Likeness.Storage.Tests.Databases;
using Likeness.Stores;
using Likeness.Xmpp.Sasl;

namespace Likeness.Storage.Tests.Contract;

[Trait("Requirement", "P-53")]
public abstract class SeenContract(TestDatabase database) : StoreContract(database)
{
    private static readonly DateOnly Today = new(2030, 4, 5);

    [Fact]
    public async Task Counts_add_up_by_day_and_go_by_and_by()
    {
        await Save(Juliet, PictureOf("one"));
        await Stores.Seen.Add([new(Juliet, Today, SeenWhat.Md5, 3), new(Juliet, Today.AddDays(-1), SeenWhat.Md5, 4), new(Juliet, Today, "size 64", 7)]);
        await Stores.Seen.Add([new(Juliet, Today, SeenWhat.Md5, 10)]);
        await Reopen();
        (await Counts(Today)).ShouldBe(["md5 13", "size 64 7"]);
        (await Counts(Today.AddDays(-1))).ShouldBe(["md5 17", "size 64 7"]);

        await Stores.Seen.Prune(Today);
        (await Counts(DateOnly.MinValue)).ShouldBe(["md5 13", "size 64 7"]);
        await Stores.Seen.Prune(Today.AddDays(1));
        (await Counts(DateOnly.MinValue)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Nobody_is_counted_who_shows_nothing_and_counts_go_with_the_account()
    {
        await Stores.Seen.Add([new(Juliet, Today, SeenWhat.Md5, 3)]);
        (await Counts(Today)).ShouldBeEmpty();

        var keys = new ScramCredentials([1], 4096, [2], [3]);
        await Stores.Accounts.Add(new AccountRecord(Juliet, keys, keys));
        await Save(Juliet, PictureOf("one"));
        await Stores.Seen.Add([new(Juliet, Today, SeenWhat.Md5, 3)]);
        (await Counts(Today)).ShouldBe(["md5 3"]);
        await Stores.Accounts.Remove(Juliet);
        (await Counts(Today)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Of_one_day_so_many_sites_are_told_apart_and_no_more()
    {
        await Save(Juliet, PictureOf("one"));
        await Stores.Seen.Add([.. Enumerable.Range(0, SeenTally.MaxSites - 1).Select(number => new SeenRow(Juliet, Today, $"site {number:00}.example", 1))]);
        await Stores.Seen.Add([new(Juliet, Today, "site x.example", 1), new(Juliet, Today, "site y.example", 2), new(Juliet, Today, "site z.example", 3)]);
        await Stores.Seen.Add([new(Juliet, Today, "site x.example", 1), new(Juliet, Today, "site w.example", 4), new(Juliet, Today.AddDays(1), "site w.example", 1)]);
        var counts = await Counts(Today);
        counts.Count.ShouldBe(SeenTally.MaxSites + 2);
        counts.ShouldContain("site x.example 2");
        counts.ShouldContain("site  9");
        counts.ShouldContain("site w.example 1");
    }

    private async Task<List<string>> Counts(DateOnly since) =>
        [.. (await Stores.Seen.Read(Juliet, since)).Select(count => $"{count.What} {count.Number}").Order(StringComparer.Ordinal)];
}

public sealed class Seen_in_SQLite() : SeenContract(new SqliteDatabase());

[Trait("Category", "Integration")]
public sealed class Seen_in_PostgreSQL(PostgreSqlServer server) : SeenContract(new PostgreSqlDatabase(server));
