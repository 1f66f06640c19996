using Likeness.Storage.Tests.Databases;
using Likeness.Stores;

namespace Likeness.Storage.Tests.Contract;

public abstract class DocumentContract(TestDatabase database) : StoreContract(database)
{
    protected override Identity[] People => [Juliet, Romeo];

    private static readonly AccountDocument Notes = new(Juliet, "private", "storage:notes", "<notes>Où?</notes>");

    [Fact]
    public async Task A_document_is_found_by_account_kind_and_key()
    {
        await Stores.Documents.Save(Notes);
        await Reopen();

        (await Stores.Documents.Find(Juliet, "private", "storage:notes")).ShouldBe(Notes);
        (await Stores.Documents.Find(Juliet, "private", "")).ShouldBeNull();
        (await Stores.Documents.Find(Juliet, "vcard", "storage:notes")).ShouldBeNull();
        (await Stores.Documents.Find(Romeo, "private", "storage:notes")).ShouldBeNull();
    }

    [Fact]
    public async Task A_document_is_replaced_and_removed_by_null()
    {
        await Stores.Documents.Save(Notes);
        await Stores.Documents.Save(Notes with { Content = "" });
        (await Stores.Documents.Find(Juliet, "private", "storage:notes"))!.Content.ShouldBe("");

        await Stores.Documents.Save(Notes with { Content = null });
        (await Stores.Documents.Find(Juliet, "private", "storage:notes")).ShouldBeNull();
    }

    [Fact]
    [Trait("Requirement", "C-225")]
    public async Task The_size_counts_bytes_of_one_kind()
    {
        (await Stores.Documents.Size(Juliet, "private")).ShouldBe(0);
        await Stores.Documents.Save(Notes with { Key = "é", Content = "Où\\?" });
        await Stores.Documents.Save(Notes with { Key = "other", Content = "four" });
        await Stores.Documents.Save(Notes with { Kind = "vcard", Content = "not counted" });
        await Stores.Documents.Save(Notes with { Account = Romeo });

        (await Stores.Documents.Size(Juliet, "private")).ShouldBe(100 + 2 + 5 + 100 + 5 + 4);
    }

    [Fact]
    [Trait("Requirement", "C-225")]
    public async Task Documents_are_saved_together_within_a_limit_or_not_at_all()
    {
        var (one, two) = (Notes with { Key = "1", Content = "one" }, Notes with { Key = "2", Content = "two" });
        (await Stores.Documents.Save([one, two], 207)).ShouldBeFalse();
        (await Stores.Documents.Size(Juliet, "private")).ShouldBe(0);

        (await Stores.Documents.Save([one, two], 208)).ShouldBeTrue();
        (await Stores.Documents.Save([one with { Content = "1" }, two with { Content = "longer" }], 208)).ShouldBeFalse();
        (await Stores.Documents.Save([one with { Content = "1" }, one with { Content = "longer" }], 208)).ShouldBeFalse();
        (await Stores.Documents.Find(Juliet, "private", "1")).ShouldBe(one);
        (await Stores.Documents.Find(Juliet, "private", "2")).ShouldBe(two);

        (await Stores.Documents.Save([one with { Content = "" }], 1)).ShouldBeTrue();
        (await Stores.Documents.Save([two with { Content = null }], 1)).ShouldBeTrue();
        (await Stores.Documents.Size(Juliet, "private")).ShouldBe(101);
    }

    [Fact]
    [Trait("Requirement", "C-225")]
    public async Task Many_saving_at_once_stay_within_the_limit()
    {
        var saved = await Task.WhenAll(Enumerable.Range(10, 40).Select(number => Task.Run(async () =>
            await Stores.Documents.Save([Notes with { Key = $"{number}", Content = "four" }], 5 * 106))));

        saved.Count(done => done).ShouldBe(5);
        (await Stores.Documents.Size(Juliet, "private")).ShouldBe(5 * 106);
    }
}

public sealed class Documents_in_SQLite() : DocumentContract(new SqliteDatabase());

[Trait("Category", "Integration")]
public sealed class Documents_in_PostgreSQL(PostgreSqlServer server) : DocumentContract(new PostgreSqlDatabase(server));
