using Likeness.Storage.Tests.Databases;
using Likeness.Stores;
using Likeness.Xmpp.Sasl;

namespace Likeness.Storage.Tests.Sqlite;

public sealed class SqliteWriterTests : IAsyncLifetime
{
    private static readonly Identity Juliet = new("juliet@example.org");
    private readonly SqliteDatabase _database = new();
    private IStores _stores = null!;

    private Engine Engine => ((OpenStores)_stores).Engine;

    public async ValueTask InitializeAsync()
    {
        _stores = await _database.Open();
        var keys = new ScramCredentials([1], 4096, [2], [3]);
        await _stores.Accounts.Add(new AccountRecord(Juliet, keys, keys));
    }

    public async ValueTask DisposeAsync()
    {
        await _stores.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Writes_that_queued_up_during_a_commit_share_the_next_one()
    {
        using var held = HoldWriter();
        var first = Save("first");
        var second = Engine.Write("", _ => new ValueTask<bool>(IsStored("first")), default).AsTask();
        held.Release();
        await Task.WhenAll(first, second);

        (await second).ShouldBeFalse();
        IsStored("first").ShouldBeTrue();
    }

    [Fact]
    public async Task A_refused_write_takes_no_other_of_its_group_with_it()
    {
        using var held = HoldWriter();
        var before = Save("before");
        var refused = Engine.Write("", HalfDone, default).AsTask();
        var after = Save("after");
        held.Release();

        await Task.WhenAll(before, after);
        (await Should.ThrowAsync<StoreConflictException>(refused)).Message.ShouldBe("half done");
        IsStored("before").ShouldBeTrue();
        IsStored("half").ShouldBeFalse();
        IsStored("after").ShouldBeTrue();
    }

    [Fact]
    public async Task A_refused_write_that_was_alone_leaves_nothing_behind()
    {
        (await Should.ThrowAsync<StoreConflictException>(() => Engine.Write("", HalfDone, default).AsTask())).Message.ShouldBe("half done");
        await Save("after");

        IsStored("half").ShouldBeFalse();
        IsStored("after").ShouldBeTrue();
    }

    [Fact]
    public async Task A_write_that_ends_the_groups_transaction_fails_alone()
    {
        using var held = HoldWriter();
        var before = Save("before");
        var culprit = Engine.Write("", session => session.Execute("ROLLBACK"), default).AsTask();
        var after = Save("after");
        held.Release();

        await Task.WhenAll(before, after);
        await Should.ThrowAsync<StorageException>(culprit);
        IsStored("before").ShouldBeTrue();
        IsStored("after").ShouldBeTrue();
    }

    [Fact]
    public async Task A_refusal_is_judged_again_when_what_it_stood_against_came_to_nothing()
    {
        var runs = 0;
        using var held = HoldWriter();
        var first = Engine.Write("", session => ++runs == 1 ? Insert(session, "taken") : throw new StorageException("changed its mind"), default).AsTask();
        var second = Engine.Write("", session => Insert(session, "taken"), default).AsTask();
        var culprit = Engine.Write("", session => session.Execute("ROLLBACK"), default).AsTask();
        held.Release();

        await second;
        await Should.ThrowAsync<StorageException>(first);
        await Should.ThrowAsync<StorageException>(culprit);
        IsStored("taken").ShouldBeTrue();
    }

    [Fact]
    public async Task Writes_are_applied_in_the_order_they_were_asked_for()
    {
        using var held = HoldWriter();
        var writes = Enumerable.Range(0, 1000).Select(number => Save("same", $"{number}")).ToArray();
        held.Release();
        await Task.WhenAll(writes);

        (await _stores.Documents.Find(Juliet, "same", ""))!.Content.ShouldBe("999");
    }

    [Fact]
    public async Task A_write_cancelled_in_the_queue_is_not_made()
    {
        using var held = HoldWriter();
        using var cancellationToken = new CancellationTokenSource();
        var cancelled = _stores.Documents.Save(new AccountDocument(Juliet, "cancelled", "", "x"), cancellationToken.Token).AsTask();
        await cancellationToken.CancelAsync();
        held.Release();

        await Should.ThrowAsync<OperationCanceledException>(cancelled);
        IsStored("cancelled").ShouldBeFalse();
    }

    [Fact]
    public async Task Closing_makes_everything_queued_durable_and_takes_nothing_more()
    {
        var writes = Enumerable.Range(0, 100).Select(number => Save($"{number}")).ToArray();
        await _stores.DisposeAsync();
        await Task.WhenAll(writes);
        await Should.ThrowAsync<ObjectDisposedException>(async () => await Save("late"));

        _stores = await _database.Open();
        Enumerable.Range(0, 100).ShouldAllBe(number => IsStored($"{number}"));
    }

    [Fact]
    public async Task When_the_database_is_full_a_write_fails_alone_and_the_writer_goes_on()
    {
        await Save("earlier");
        var pages = await Engine.Read(session => session.First("PRAGMA page_count", row => row.Number(0)), default);
        await Engine.Write("", session => session.First($"PRAGMA max_page_count = {pages + 8}", row => row.Number(0)), default);

        using var held = HoldWriter();
        var neighbour = Save("neighbour");
        var large = Save("large", new string('x', 200_000));
        held.Release();

        await neighbour;
        var refused = await Should.ThrowAsync<StorageException>(large);
        refused.Message.ShouldContain("full");
        refused.IsFull.ShouldBeTrue();
        await Save("later");
        string[] stored = ["earlier", "neighbour", "later"];
        stored.ShouldAllBe(kind => IsStored(kind));
        IsStored("large").ShouldBeFalse();
    }

    private static async ValueTask<bool> HalfDone(Session session)
    {
        await Insert(session, "half");
        throw new StoreConflictException("half done");
    }

    private static ValueTask<int> Insert(Session session, string kind) =>
        session.Execute("INSERT INTO documents VALUES ($1, $2, $3, $4)", Juliet, kind, "", "x");

    private Task Save(string kind, string content = "x") =>
        _stores.Documents.Save(new AccountDocument(Juliet, kind, "", content)).AsTask();

    private bool IsStored(string kind)
    {
        var found = _stores.Documents.Find(Juliet, kind, "");
        return found.IsCompletedSuccessfully && found.Result is not null;
    }

    /// <summary>Keeps the writer inside a write until released, so that a group gathers behind it.</summary>
    private SemaphoreSlim HoldWriter()
    {
        var release = new SemaphoreSlim(0);
        using var inside = new SemaphoreSlim(0);
        _ = Engine.Write(
            "",
            _ =>
            {
                inside.Release();
                release.Wait();
                return new ValueTask<bool>(true);
            },
            default).AsTask();
        inside.Wait();
        return release;
    }
}
