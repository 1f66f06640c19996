using System.Data.Common;
using System.Security.Cryptography;
using Likeness.Stores;

namespace Likeness.Storage.Tables;

internal sealed class ArchiveStore(Engine engine) : IArchiveStore, IAsyncDisposable
{
    private const string NumbersSql = """
        INSERT INTO archive_numbers (number, last_archive, id_key) SELECT 1, coalesce(max(id), 0), $1 FROM archives WHERE true ON CONFLICT (number) DO NOTHING
        """;

    private const string IdKeySql = "SELECT id_key FROM archive_numbers";

    private const string MakeSql = """
        INSERT INTO archives (id, owner) SELECT $1, $2
        WHERE EXISTS (SELECT 1 FROM accounts WHERE account = $2) OR EXISTS (SELECT 1 FROM rooms WHERE room = $2)
        """;

    private const string FindSql = "SELECT id, last_number, last_total, latest, asked, rule, always, never FROM archives WHERE owner = $1";

    private const string NewestSql = "SELECT number, total, sent FROM archived_messages WHERE archive = $1 ORDER BY number DESC LIMIT 1";

    private const string OldestSql = "SELECT number, sent, total, total - length(stanza) FROM archived_messages WHERE archive = $1 ORDER BY number LIMIT $2";

    private const string RemovedSql = "UPDATE archives SET last_number = $2, last_total = $3 WHERE id = $1";

    private readonly ArchiveJournal _journal = new(engine);
    private byte[]? _idKey;

    public async ValueTask<byte[]> IdKey(CancellationToken cancellationToken = default) => _idKey ??= await engine.Write(
        "likeness archives",
        async session =>
        {
            await session.Execute(NumbersSql, RandomNumberGenerator.GetBytes(16));
            return (await session.First(IdKeySql, row => row.Bytes(0)))!;
        },
        cancellationToken);

    public async ValueTask<ArchiveState> Open(string owner, CancellationToken cancellationToken = default)
    {
        await _journal.Recover();
        var state = await engine.Read(session => Find(session, owner), cancellationToken) ?? await Make(owner, cancellationToken);

        // The archive is looked at again behind the journal: what is not in that any more is in the archive.
        var newest = _journal.Of(state.Archive);
        state = await engine.Read(session => Find(session, owner), cancellationToken) ?? throw new AccountGoneException(new Identity(owner));
        foreach (var message in newest)
        {
            state = message.Number <= state.Last ? state : state with { Last = message.Number, Total = message.Total, Latest = message.Sent > state.Latest ? message.Sent : state.Latest };
        }

        return state;
    }

    public Task Add(params ReadOnlySpan<ArchivedMessage> messages) => _journal.Add(messages);

    public async ValueTask<ArchivePage> Read(long archive, ArchiveFilter filter, bool isBackwards, int most, long maxBytes, CancellationToken cancellationToken = default)
    {
        await _journal.Recover();

        // Looked at first: what leaves the journal meanwhile is in the archive then.
        var newest = _journal.Of(archive);
        var older = newest.Length == 0 ? filter : filter with { To = Math.Min(filter.To, newest[0].Number - 1) };
        var meant = newest.Where(message => ArchiveRows.Means(filter, message));
        var page = new ArchivePageRows(most, maxBytes);
        if (isBackwards)
        {
            page.AddAll(meant.Reverse());
        }

        if (!page.IsCut && older.From <= older.To)
        {
            await engine.Read(session => ArchiveRows.Read(session, archive, older, isBackwards, page), cancellationToken);
        }

        if (!isBackwards)
        {
            page.AddAll(meant);
        }

        return page.Whole(isBackwards);
    }

    public async ValueTask<long> Count(long archive, ArchiveFilter filter, CancellationToken cancellationToken = default)
    {
        await _journal.Recover();
        var newest = _journal.Of(archive);
        var older = newest.Length == 0 ? filter : filter with { To = Math.Min(filter.To, newest[0].Number - 1) };
        var count = await engine.Read(session => ArchiveRows.Count(session, archive, older), cancellationToken);
        return count + newest.Count(message => ArchiveRows.Means(filter, message));
    }

    public async ValueTask<bool> Replace(long archive, long number, byte[] stanza, CancellationToken cancellationToken = default)
    {
        await _journal.Recover();
        await _journal.Sort();
        return await engine.Write(
            ArchiveJournal.Turn,
            async session => await session.Execute("UPDATE archived_messages SET stanza = $3 WHERE archive = $1 AND number = $2", archive, number, stanza) > 0,
            cancellationToken);
    }

    public async ValueTask Save(long archive, ArchiveRules rules, CancellationToken cancellationToken = default) =>
        await engine.Write(
            ArchiveJournal.Turn,
            session => session.Execute("UPDATE archives SET rule = $2, always = $3, never = $4 WHERE id = $1", archive, rules.Default, Lines(rules.Always), Lines(rules.Never)),
            cancellationToken);

    public async ValueTask SaveAsked(long archive, DateTimeOffset asked, CancellationToken cancellationToken = default) =>
        await engine.Write(ArchiveJournal.Turn, session => session.Execute("UPDATE archives SET asked = $2 WHERE id = $1", archive, asked), cancellationToken);

    public ValueTask<IReadOnlyList<ArchiveOwner>> Abandoned(int most, CancellationToken cancellationToken = default) =>
        engine.Read<IReadOnlyList<ArchiveOwner>>(
            async session => await session.All("SELECT id FROM archives WHERE owner IS NULL LIMIT $1", row => new ArchiveOwner(row.Number(0), null), most),
            cancellationToken);

    public ValueTask<IReadOnlyList<ArchiveOwner>> List(long after, int most, CancellationToken cancellationToken = default) =>
        engine.Read<IReadOnlyList<ArchiveOwner>>(
            async session => await session.All(
                "SELECT id, owner FROM archives WHERE id > $1 ORDER BY id LIMIT $2", row => new ArchiveOwner(row.Number(0), row.TextOrNull(1)), after, most),
            cancellationToken);

    // Most archives have nothing to remove, and that is no reason to write.
    public async ValueTask<int> Trim(ArchiveOwner owner, ArchiveLimits limits, int most, CancellationToken cancellationToken = default)
    {
        if (_journal.Of(owner.Archive).Length > 0)
        {
            await _journal.Sort();
        }

        var gone = await engine.Read(session => Gone(session, owner, limits, 1), cancellationToken);
        return owner.Owner is not null && gone.Count == 0
            ? 0
            : await engine.Write(ArchiveJournal.Turn, session => Trim(session, owner, limits, most), cancellationToken);
    }

    /// <summary>Completes when everything added before is in the database itself.</summary>
    public async Task Sort()
    {
        await _journal.Recover();
        await _journal.Sort();
    }

    /// <summary>What is in the journal goes where it belongs, so that little is to be done at the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        await _journal.Sort().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _journal.Dispose();
    }

    /// <summary>The owner is gone: nobody reads the archive any more, and what is in it is removed in steps.</summary>
    internal static async ValueTask Abandon(Session session, string owner) =>
        await session.Execute("UPDATE archives SET owner = NULL, always = '', never = '' WHERE owner = $1", owner);

    private ValueTask<ArchiveState> Make(string owner, CancellationToken cancellationToken) =>
        engine.Write(
            owner,
            async session =>
            {
                if (await Find(session, owner) is { } made)
                {
                    return made;
                }

                await session.Execute(NumbersSql, RandomNumberGenerator.GetBytes(16));
                var number = await session.First("UPDATE archive_numbers SET last_archive = last_archive + 1 RETURNING last_archive", row => row.Number(0));
                return await session.Execute(MakeSql, number, owner) > 0
                    ? (await Find(session, owner))!
                    : throw new AccountGoneException(new Identity(owner));
            },
            cancellationToken);

    private static async ValueTask<ArchiveState?> Find(Session session, string owner)
    {
        if (await session.First(FindSql, ReadState, owner) is not { } state)
        {
            return null;
        }

        var (last, total, sent) = await session.First(NewestSql, row => (row.Number(0), row.Number(1), row.Time(2)), state.Archive);
        return last == 0 ? state : state with { Last = last, Total = total, Latest = sent > state.Latest ? sent : state.Latest };
    }

    private static ArchiveState ReadState(DbDataReader row) => new(
        row.Number(0),
        row.Number(1),
        row.Number(2),
        row.Number(1),
        row.Number(2),
        row.Time(3),
        row.Number(4) == 0 ? null : row.Time(4),
        new ArchiveRules(row.Named<ArchiveRule>(5), OfLines(row.Text(6)), OfLines(row.Text(7))));

    private static async ValueTask<int> Trim(Session session, ArchiveOwner owner, ArchiveLimits limits, int most)
    {
        var gone = await Gone(session, owner, limits, most);
        if (gone.Count > 0)
        {
            await session.Execute("DELETE FROM archived_messages WHERE archive = $1 AND number <= $2", owner.Archive, gone[^1].Number);
            await session.Execute(RemovedSql, owner.Archive, gone[^1].Number, gone[^1].Total);
        }

        if (owner.Owner is null && gone.Count < most)
        {
            await session.Execute("DELETE FROM archives WHERE id = $1 AND owner IS NULL", owner.Archive);
        }

        return gone.Count;
    }

    /// <summary>The oldest messages, as far as they are not to be kept.</summary>
    private static async ValueTask<List<(long Number, DateTimeOffset Sent, long Total, long Before)>> Gone(Session session, ArchiveOwner owner, ArchiveLimits limits, int most)
    {
        var (last, total, _) = await session.First(NewestSql, row => (row.Number(0), row.Number(1), row.Time(2)), owner.Archive);
        return await session.While(OldestSql, row => (row.Number(0), row.Time(1), row.Number(2), row.Number(3)), IsGone, owner.Archive, most);

        bool IsGone((long Number, DateTimeOffset Sent, long Total, long Before) message) =>
            owner.Owner is null
            || message.Sent < limits.Before
            || message.Number <= last - limits.MaxMessages
            || total - message.Before + ArchivedMessage.Overhead > limits.MaxBytes;
    }

    private static string Lines(IEnumerable<string> texts) => string.Join('\n', texts);

    private static string[] OfLines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
