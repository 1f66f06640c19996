using System.Text;
using Likeness.Libravatar;
using Likeness.Storage.Tables;
using Likeness.Storage.Tests.Contract;
using Likeness.Storage.Tests.Databases;
using Likeness.Stores;

namespace Likeness.Storage.Tests.Copies;

/// <summary>A copy out of one database and into another, of the same kind or the other one.</summary>
public abstract class CopyContract(TestDatabase database, TestDatabase target) : StoreContract(database)
{
    protected override Identity[] People => [Juliet, Romeo];

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await target.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Every_table_there_is_is_copied()
    {
        await using var copy = new SqliteDatabase();
        await using var stores = (OpenStores)await copy.Open();
        var tables = await stores.Engine.Read(
            session => session.All("SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'migrations'", row => row.Text(0)), default);

        TableList.All.ShouldBe(tables, ignoreOrder: true);
    }

    [Fact]
    public async Task What_was_kept_is_kept_in_the_other_database_too()
    {
        var portrait = PortraitOf(Juliet, PictureOf("picture")) with
        {
            Lock = new PortraitLock("it's \"quoted\"\nand long ✓", Noon),
            Published = new PublishedMetadata("id", "<metadata/>"),
            DataAccess = AccessModel.Presence,
        };
        var version = await Stores.Portraits.Save(portrait, [PictureOf("picture")], new AccountDocument(Juliet, "vcard", "", "<vCard/>"));
        await Stores.Portraits.AddAddress(Juliet, Juliet.Value, Address.Email(Juliet.Value).Hashes);
        await Stores.Portraits.SaveDraft(Juliet, PictureOf("draft"), Noon);
        await Stores.Nodes.Publish(Juliet, new NodeRecord("urn:n", AccessModel.Open, true, 5, "never", null), new NodeItem("1", "<x/>", Noon), 5, 1000);
        await Stores.Blocks.Save(new PictureBlock(PictureOf("bad").Id, PictureOf("bad").Id, ulong.MaxValue, null, Noon));
        var parts = await Parts();

        await DatabaseCopy.Restore(await target.Options(), DatabaseCopy.Version, false, () => parts);

        await using var restored = await target.Open();
        (await restored.Portraits.Find(Juliet)).ShouldBe(portrait with { Version = version });
        (await restored.Portraits.FindPicture(PictureOf("picture").Id))!.Bytes.ToArray().ShouldBe(PictureOf("picture").Bytes.ToArray());
        (await restored.Portraits.Resolve(AddressHash.Md5(Juliet.Value))).ShouldBe(Juliet);
        (await restored.Documents.Find(Juliet, "vcard", ""))!.Content.ShouldBe("<vCard/>");
        (await restored.Nodes.Items(Juliet, "urn:n", new NodeQuery(5, 1000)))!.Items.ShouldHaveSingleItem().Xml.ShouldBe("<x/>");
        (await restored.Blocks.List()).ShouldHaveSingleItem().Near.ShouldBe(ulong.MaxValue);
    }

    [Fact]
    public async Task A_copy_has_the_messages_that_are_not_in_their_archives_yet_and_what_it_replaces_adds_none()
    {
        var archive = (await Stores.Archives.Open(Juliet.Value)).Archive;
        await Stores.Archives.Add(new ArchivedMessage(archive, 1, Noon, 100, Romeo.Value, null, "copied"u8.ToArray()));
        var parts = await Parts();
        await using (var before = (OpenStores)await target.Open())
        {
            var row = JournalRow.Write([new ArchivedMessage(archive, 2, Noon, 200, Romeo.Value, null, "of before"u8.ToArray())]);
            await before.Engine.WriteJournal(session => session.Execute("INSERT INTO archive_journal (number, messages) VALUES (7, $1)", row));
        }

        await DatabaseCopy.Restore(await target.Options(), DatabaseCopy.Version, true, () => parts);

        await using var restored = await target.Open();
        var page = await restored.Archives.Read(archive, new ArchiveFilter(), false, 10, 1000);
        Encoding.UTF8.GetString(page.Messages.ShouldHaveSingleItem().Stanza).ShouldBe("copied");
    }

    [Fact]
    public async Task A_copy_made_while_others_write_is_of_one_moment()
    {
        using var stop = new CancellationTokenSource();
        var writers = Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            // Each portrait with its picture: half of that would be a portrait whose picture is missing.
            for (var version = 1; !stop.IsCancellationRequested; version++)
            {
                var person = new Identity($"{writer}-{version % 5}@example.org");
                await Stores.Portraits.Save(PortraitOf(person, PictureOf($"{writer} {version}")), [PictureOf($"{writer} {version}")], null);
            }
        })).ToList();
        for (var round = 0; round < 5; round++)
        {
            var parts = await Parts();

            // The database refuses a portrait without its picture, and a picture nobody refers to is seen here.
            await DatabaseCopy.Restore(await target.Options(), DatabaseCopy.Version, true, () => parts);
            await using var restored = (OpenStores)await target.Open();
            (await Count(restored, "SELECT count(*) FROM pictures")).ShouldBe(await Count(restored, "SELECT count(DISTINCT picture) FROM portraits"));
        }

        await stop.CancelAsync();
        await Task.WhenAll(writers);
    }

    [Fact]
    public async Task A_database_that_holds_something_is_replaced_only_when_told_to_and_then_whole()
    {
        await Save(Juliet, PictureOf("new"));
        var parts = await Parts();
        await using (var before = await target.Open())
        {
            await before.Portraits.Save(PortraitOf(Romeo, PictureOf("old")), [PictureOf("old")], null);
        }

        var options = await target.Options();
        (await Should.ThrowAsync<StorageException>(() => DatabaseCopy.Restore(options, DatabaseCopy.Version, false, () => parts))).Message.ShouldBe("The database is not empty.");
        await Should.ThrowAsync<StorageException>(() => DatabaseCopy.Restore(options, DatabaseCopy.Version, true, () => [.. parts, Damaged()]));
        await using (var kept = await target.Open())
        {
            (await kept.Portraits.Find(Romeo)).ShouldNotBeNull();
            (await kept.Portraits.Find(Juliet)).ShouldBeNull();
        }

        await DatabaseCopy.Restore(options, DatabaseCopy.Version, true, () => parts);
        await using var after = await target.Open();
        (await after.Portraits.Find(Romeo)).ShouldBeNull();
        (await after.Portraits.Find(Juliet)).ShouldNotBeNull();
    }

    [Fact]
    public async Task An_older_copy_is_brought_to_this_version_and_a_newer_one_refused()
    {
        var old = new TablePart("documents", Encoding.UTF8.GetBytes("[\"account\",\"kind\",\"key\",\"content\"]\n[\"juliet@example.org\",\"vcard\",\"\",\"<vCard/>\"]\n"));
        await DatabaseCopy.Restore(await target.Options(), 1, false, () => [old]);

        await using var restored = await target.Open();
        (await restored.Documents.Find(Juliet, "vcard", ""))!.Content.ShouldBe("<vCard/>");
        (await restored.Blocks.List()).ShouldBeEmpty();
        await Should.ThrowAsync<DatabaseTooNewException>(async () => await DatabaseCopy.Restore(await target.Options(), DatabaseCopy.Version + 1, true, () => []));
    }

    private static TablePart Damaged() => new("portraits; DROP TABLE accounts", "[\"identity\"]\n[\"x\"]\n"u8.ToArray());

    private static async Task<long> Count(OpenStores stores, string sql) => await stores.Engine.Read(session => session.First(sql, row => row.Number(0)), default);

    private async Task<List<TablePart>> Parts()
    {
        var parts = new List<TablePart>();
        await DatabaseCopy.Write(Stores, part =>
        {
            parts.Add(part with { Lines = part.Lines.ToArray() });
            return Task.CompletedTask;
        });
        return parts;
    }
}

public sealed class Copies_from_SQLite_to_SQLite() : CopyContract(new SqliteDatabase(), new SqliteDatabase());

[Trait("Category", "Integration")]
public sealed class Copies_from_SQLite_to_PostgreSQL(PostgreSqlServer server) : CopyContract(new SqliteDatabase(), new PostgreSqlDatabase(server));

[Trait("Category", "Integration")]
public sealed class Copies_from_PostgreSQL_to_SQLite(PostgreSqlServer server) : CopyContract(new PostgreSqlDatabase(server), new SqliteDatabase());
