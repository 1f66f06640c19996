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
    public async Task The_size_counts_characters_of_one_kind()
    {
        (await Stores.Documents.Size(Juliet, "private")).ShouldBe(0);
        await Stores.Documents.Save(Notes with { Content = "Où?" });
        await Stores.Documents.Save(Notes with { Key = "other", Content = "four" });
        await Stores.Documents.Save(Notes with { Kind = "vcard", Content = "not counted" });
        await Stores.Documents.Save(Notes with { Account = Romeo });

        (await Stores.Documents.Size(Juliet, "private")).ShouldBe(7);
    }
}

public sealed class Documents_in_SQLite() : DocumentContract(new SqliteDatabase());

[Trait("Category", "Integration")]
public sealed class Documents_in_PostgreSQL(PostgreSqlServer server) : DocumentContract(new PostgreSqlDatabase(server));
