using System.Text;
using Likeness.Storage.Migrations;
using Likeness.Storage.PostgreSql;
using Likeness.Storage.Tests.Contract;
using Likeness.Storage.Tests.Databases;
using Likeness.Stores;
using Npgsql;

namespace Likeness.Storage.Tests.Migrations;

public abstract class MigrationContract(TestDatabase database) : StoreContract(database)
{
    private static readonly int Newest = Migration.All[^1].Number;
    private readonly TestDatabase _database = database;

    private Engine Engine => ((OpenStores)Stores).Engine;

    [Fact]
    public void Migrations_are_numbered_from_one_and_no_number_is_given_twice()
    {
        Migration.All[0].Number.ShouldBe(1);
        Migration.All.Select(migration => migration.Number).ShouldBeUnique();
    }

    [Fact]
    public async Task A_migration_with_a_number_left_out_so_far_is_applied_when_it_comes()
    {
        await Apply(new Migration(Newest + 2, "later", "CREATE TABLE later (number BIGINT);"));
        await Apply(
            new Migration(Newest + 1, "earlier", "CREATE TABLE earlier (number BIGINT);"),
            new Migration(Newest + 2, "later", "CREATE TABLE later (number BIGINT);"));

        (await Applied()).Count.ShouldBe(Migration.All.Count + 2);
    }

    [Fact]
    public async Task Opening_again_applies_nothing_again()
    {
        await Save(Juliet, PictureOf("picture"));
        var before = await Applied();
        await Reopen();

        (await Applied()).ShouldBe(before);
        (await Stores.Portraits.Find(Juliet)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Only_what_is_missing_is_applied()
    {
        await Apply(new Migration(Newest + 1, "later", "CREATE TABLE later (number BIGINT PRIMARY KEY, bytes BLOB) WITHOUT ROWID; INSERT INTO later VALUES (1, NULL);"));

        (await Applied()).Count.ShouldBe(Migration.All.Count + 1);
        (await Engine.Read(session => session.First("SELECT count(*) FROM later", row => row.Number(0)), default)).ShouldBe(1);
    }

    [Fact]
    [Trait("Requirement", "C-225")]
    public async Task Nodes_that_were_there_before_sizes_were_counted_are_counted_when_the_program_is_newer()
    {
        await Register(Juliet);
        var node = new NodeRecord("h\u00e4user", AccessModel.Open, true, 5, "never", "gr\u00f6\u00dfe=1\\n");
        await Stores.Nodes.Publish(Juliet, node, new NodeItem("\u00e9", "<x>\\001 \u20ac</x>", Noon), 5, 10_000);
        await Stores.Nodes.Publish(Juliet, node, new NodeItem("2", "<y/>", Noon), 5, 10_000);
        await Stores.Nodes.Save(Juliet, node with { Node = "empty", Configuration = null }, 10_000);
        var counted = await Stores.Nodes.Size(Juliet);
        await Engine.Write("test", session => session.Run("UPDATE nodes SET items = 7, bytes = 0"), default);

        var script = Migration.All.Single(migration => migration.Name.Contains("node-sizes", StringComparison.Ordinal)).Script;
        await Engine.Write("test", session => session.Run(Engine.Translate(script[script.IndexOf("UPDATE", StringComparison.Ordinal)..])), default);

        (await Stores.Nodes.Size(Juliet)).ShouldBe(counted);
        (await Stores.Nodes.Items(Juliet, node.Node, new NodeQuery(1, 1)))!.Count.ShouldBe(2);
    }

    [Fact]
    [Trait("Requirement", "A-30")]
    public async Task What_rooms_kept_before_there_were_archives_is_in_their_archives_when_the_program_is_newer()
    {
        const string garden = "garden@rooms.example.org";
        await Stores.Rooms.Save(new RoomRecord(garden, "", false, "", [1], Juliet, Noon), []);
        await Stores.Rooms.Save(new RoomRecord("hall@rooms.example.org", "", false, "", [1], Juliet, Noon), []);
        await Register(Juliet);
        var hers = await Stores.Archives.Open(Juliet.Value);
        await Engine.Write("test", session => session.Run(Engine.Translate(TableOf("0008", "room_messages"))), default);
        await Engine.Write("test", async session =>
        {
            foreach (var (number, text) in new[] { (7, "gr\u00fc\u00dfe \\001"), (8, "two") })
            {
                await session.Execute(
                    "INSERT INTO room_messages (room, number, id, sent, xml, bytes) VALUES ($1, $2, $3, $4, $5, $6)",
                    garden, number, $"id-{number}", Noon.AddSeconds(number), $"<message type='groupchat'><body>{text}</body><stanza-id xmlns='urn:xmpp:sid:0' id='id-{number}' by='{garden}'/></message>", 50L);
            }
        }, default);

        var script = Migration.All.Single(migration => migration.Name.Contains("room-archives", StringComparison.Ordinal)).Script;
        await Engine.Write("test", session => session.Run(Engine.Translate(script)), default);

        var archive = await Stores.Archives.Open(garden);
        (archive.Archive > hers.Archive, archive.Last, archive.Total).ShouldBe((true, 8, 300));
        var page = await Stores.Archives.Read(archive.Archive, new ArchiveFilter(), false, 10, 10_000);
        page.Messages.Select(message => (message.Number, message.Sent, Encoding.UTF8.GetString(message.Stanza))).ShouldBe(
        [
            (7, Noon.AddSeconds(7), "<message xmlns='jabber:client' type='groupchat'><body>gr\u00fc\u00dfe \\001</body></message>"),
            (8, Noon.AddSeconds(8), "<message xmlns='jabber:client' type='groupchat'><body>two</body></message>"),
        ]);
        (await Stores.Archives.Open("hall@rooms.example.org")).Archive.ShouldBe(archive.Archive + 1);
    }

    [Fact]
    public async Task A_database_newer_than_the_program_is_refused_in_a_sentence()
    {
        await Apply(new Migration(Newest + 1, "later", "CREATE TABLE later (number BIGINT);"));
        await Stores.DisposeAsync();

        (await Should.ThrowAsync<DatabaseTooNewException>(_database.Open)).Message
            .ShouldStartWith($"The database is at version {Newest + 1} and this program knows versions up to {Newest}");
    }

    [Fact]
    public async Task A_migration_that_fails_half_way_leaves_nothing_behind()
    {
        await Should.ThrowAsync<StorageException>(() => Apply(
            new Migration(Newest + 1, "good", "CREATE TABLE good (number BIGINT);"),
            new Migration(Newest + 2, "bad", "CREATE TABLE half (number BIGINT); INSERT INTO missing VALUES (1);")));

        (await Applied()).Count.ShouldBe(Migration.All.Count);
        await Reopen();
        await Apply(new Migration(Newest + 1, "repaired", "CREATE TABLE good (number BIGINT); CREATE TABLE half (number BIGINT);"));
        (await Applied()).Count.ShouldBe(Migration.All.Count + 1);
    }

    private static string TableOf(string migration, string table)
    {
        var script = Migration.All.Single(one => one.Name.StartsWith(migration, StringComparison.Ordinal)).Script;
        var begin = script.IndexOf($"CREATE TABLE {table}", StringComparison.Ordinal);
        return script[begin..(script.IndexOf(';', begin) + 1)];
    }

    private Task Apply(params Migration[] later) =>
        Migrator.Apply(Engine, [.. Migration.All, .. later], TimeProvider.System, default).AsTask();

    private async Task<List<string>> Applied() =>
        await Engine.Read(session => session.All("SELECT name, applied FROM migrations", row => $"{row.Text(0)} {row.Number(1)}"), default);
}

public sealed class Migrations_in_SQLite() : MigrationContract(new SqliteDatabase());

[Trait("Category", "Integration")]
public sealed class Migrations_in_PostgreSQL(PostgreSqlServer server) : MigrationContract(new PostgreSqlDatabase(server))
{
    private readonly PostgreSqlServer _server = server;

    [Fact]
    public async Task Processes_that_start_at_once_migrate_once()
    {
        var options = await new PostgreSqlDatabase(_server).Options();
        var opened = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Database.Open(options)));
        foreach (var stores in opened)
        {
            (await stores.Portraits.Find(Juliet)).ShouldBeNull();
            await stores.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_migration_may_take_longer_than_other_statements()
    {
        var impatient = new NpgsqlConnectionStringBuilder((await new PostgreSqlDatabase(_server).Options()).PostgreSql) { CommandTimeout = 1 };
        await using var engine = PostgreSqlEngine.Open(impatient.ConnectionString);
        await Migrator.Apply(engine, [new Migration(1, "long", "SELECT pg_sleep(2)")], TimeProvider.System, default);
        (await engine.Read(session => session.First("SELECT name FROM migrations", row => row.Text(0)), default)).ShouldBe("long");
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_named_in_a_sentence() =>
        (await Should.ThrowAsync<StorageException>(() => Database.Open(new StorageOptions { PostgreSql = "Host=/nowhere;Username=likeness" })))
            .Message.ShouldStartWith("PostgreSQL cannot be reached");
}
