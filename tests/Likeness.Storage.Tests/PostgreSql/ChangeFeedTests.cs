using System.Threading.Channels;
using Likeness.Libravatar;
using Likeness.Storage.Tests.Contract;
using Likeness.Storage.Tests.Databases;
using Likeness.Stores;
using Npgsql;

namespace Likeness.Storage.Tests.PostgreSql;

/// <summary>Two processes on one database.</summary>
[Trait("Category", "Integration")]
public sealed class ChangeFeedTests : StoreContract
{
    private readonly PostgreSqlDatabase _database;

    public ChangeFeedTests(PostgreSqlServer server)
        : this(new PostgreSqlDatabase(server))
    {
    }

    private ChangeFeedTests(PostgreSqlDatabase database)
        : base(database) => _database = database;

    protected override Identity[] People => [Juliet];

    [Fact]
    [Trait("Requirement", "S-41")]
    public async Task What_one_changes_the_other_reads_in_order_and_its_own_changes_it_does_not()
    {
        await using var other = await _database.Open();
        var start = await other.Changes.Last();
        var hashes = Address.Email("j@example.org").Hashes;

        var version = await Save(Juliet, PictureOf("face"));
        await Stores.Portraits.AddAddress(Juliet, "j@example.org", hashes);
        await other.Portraits.AddAddress(Romeo, Romeo.Value, Address.Email(Romeo.Value).Hashes);
        await Stores.Blocks.Save(new PictureBlock(PictureOf("bad").Id, PictureOf("bad").Id, null, null, Noon));
        await Stores.Accounts.Remove(Juliet);

        var page = await other.Changes.Read(start, 100);
        page.Changes.Select(change => (change.Kind, change.Subject)).ShouldBe(
        [
            (ChangeKind.Portrait, Juliet.Value),
            (ChangeKind.Address, Juliet.Value),
            (ChangeKind.Block, PictureOf("bad").Id.Hex),
            (ChangeKind.Portrait, Juliet.Value),
            (ChangeKind.Address, Juliet.Value),
            (ChangeKind.Account, Juliet.Value),
        ]);
        page.Changes[0].Id.ShouldBe(version);
        page.Changes[1].Detail.ShouldBe(string.Join(' ', hashes.Select(hash => hash.Text)));
        page.Last.ShouldBe(await Stores.Changes.Last());
        page.More.ShouldBeFalse();
        (await Stores.Changes.Read(start, 100)).Changes.ShouldHaveSingleItem().Subject.ShouldBe(Romeo.Value);
    }

    [Fact]
    [Trait("Requirement", "S-52")]
    public async Task Who_reads_up_to_a_number_has_missed_none_below_it()
    {
        await using var other = await _database.Open();
        var read = new List<long>();
        using var done = new CancellationTokenSource();
        var reading = Task.Run(async () =>
        {
            for (var last = 0L; !done.IsCancellationRequested || (await other.Changes.Read(last, 1)).Changes.Count > 0;)
            {
                var page = await other.Changes.Read(last, 7);
                read.AddRange(page.Changes.Select(change => change.Id));
                last = page.Last;
            }
        });

        var versions = await Task.WhenAll(Enumerable.Range(0, 100).Select(number => Task.Run(async () =>
            await Stores.Portraits.Save(new PortraitWrite(PortraitOf(new Identity($"person{number}@example.org"), PictureOf("shared"))) { Pictures = [PictureOf("shared")] }))));
        await done.CancelAsync();
        await reading;

        read.ShouldBe(versions.Order());
    }

    [Fact]
    [Trait("Requirement", "S-42")]
    public async Task A_change_is_hinted_at_and_a_cut_connection_is_told_of()
    {
        await using var other = await _database.Open();
        var hints = Channel.CreateUnbounded<bool>();
        var listening = other.Changes.Listen(() => hints.Writer.TryWrite(true), CancellationToken.None);
        await hints.Reader.ReadAsync();
        await Save(Juliet, PictureOf("face"));
        await hints.Reader.ReadAsync();

        await Cut("likeness change feed");

        await Should.ThrowAsync<StorageException>(listening);
        (await other.Changes.Read(0, 10)).Changes.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Changes_are_kept_for_a_day()
    {
        await Save(Juliet, PictureOf("face"));
        await using var other = await _database.Open();

        await Stores.Changes.Prune(DateTimeOffset.UtcNow.AddHours(23));
        (await other.Changes.Read(0, 10)).Changes.Count.ShouldBe(1);
        await Stores.Changes.Prune(DateTimeOffset.UtcNow.AddHours(25));
        (await other.Changes.Read(0, 10)).Changes.ShouldBeEmpty();
        (await other.Changes.Last()).ShouldBe(1);
    }

    [Fact]
    [Trait("Requirement", "S-40")]
    public async Task A_role_has_one_holder_and_others_are_told_its_name()
    {
        await using var other = await _database.Open();
        var held = await Stores.Claim("chats", "likeness on verona 1", _ => { });

        var refused = await Should.ThrowAsync<RoleTakenException>(async () => await other.Claim("chats", "likeness on mantua 2", _ => { }));
        refused.Holder.ShouldBe("likeness on verona 1");
        await (await other.Claim("another role", "likeness on mantua 2", _ => { })).DisposeAsync();

        await held.DisposeAsync();
        await (await other.Claim("chats", "likeness on mantua 2", _ => { })).DisposeAsync();
    }

    [Fact]
    [Trait("Requirement", "S-40")]
    public async Task A_role_that_is_given_back_is_free_at_once()
    {
        await using var other = await _database.Open();

        for (var turn = 0; turn < 20; turn++)
        {
            await (await Stores.Claim("chats", "likeness on verona 1", _ => { })).DisposeAsync();
            await (await other.Claim("chats", "likeness on mantua 2", _ => { })).DisposeAsync();
        }
    }

    [Fact]
    [Trait("Requirement", "S-40")]
    public async Task A_holder_that_is_cut_off_takes_the_role_again()
    {
        await using var other = await _database.Open();
        await using var held = await Stores.Claim("chats", "likeness on verona 1", _ => { });

        await Cut("likeness on verona 1");
        while (await Ask("SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE locktype = 'advisory' AND granted AND application_name = 'likeness on verona 1'") == 0)
        {
            await Task.Yield();
        }

        (await Should.ThrowAsync<RoleTakenException>(async () => await other.Claim("chats", "likeness on mantua 2", _ => { }))).Holder.ShouldBe("likeness on verona 1");
    }

    [Fact]
    [Trait("Requirement", "S-40")]
    public async Task A_holder_that_comes_back_too_late_learns_who_took_the_role()
    {
        var lost = new TaskCompletionSource<string>();
        await using var held = await Stores.Claim("chats", "likeness on rome 1", name => lost.TrySetResult(name));
        var settings = new NpgsqlConnectionStringBuilder((await _database.Options()).PostgreSql!) { ApplicationName = "likeness on mantua 2", Pooling = false };
        await using var rival = new NpgsqlConnection(settings.ConnectionString);
        await rival.OpenAsync();
        await using var next = new NpgsqlCommand("SELECT pg_advisory_lock(hashtextextended(current_schema() || ' chats', 0))", rival);
        var taken = next.ExecuteNonQueryAsync();
        while (await Ask("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'likeness on mantua 2' AND wait_event_type = 'Lock'") == 0)
        {
            await Task.Yield();
        }

        await Cut("likeness on rome 1");

        await taken;
        (await lost.Task).ShouldBe("likeness on mantua 2");
    }

    private async Task Cut(string name) =>
        await Ask($"SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE application_name = '{name}'");

    private async Task<long> Ask(string sql)
    {
        await using var source = NpgsqlDataSource.Create((await _database.Options()).PostgreSql!);
        await using var command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
