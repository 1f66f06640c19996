using Likeness.Stores;

namespace Likeness.Storage.Tables;

/// <summary>
/// Adds messages to archives. What comes while a transaction becomes durable is the next one; nobody waits longer than for two of them, and the
/// order is that of the calls. A transaction is one row of the journal, wherever its messages belong: writing each into its archive at once
/// would touch two pages for every message. They are sorted in thousands at a time, and read from memory until then.
/// </summary>
internal sealed class ArchiveJournal(Engine engine) : IDisposable
{
    /// <summary>Messages of one transaction.</summary>
    public const int MaxAtOnce = 2000;

    /// <summary>Messages in the journal; then they are sorted in.</summary>
    public const int MaxWaiting = 4000;

    /// <summary>Bytes of those.</summary>
    public const long MaxWaitingBytes = 8 * 1024 * 1024;

    /// <summary>Messages in the journal when sorting them in does not succeed; then no more are taken.</summary>
    public const int MaxStuck = 40_000;

    public const string Turn = "likeness archived messages";

    private const int RowValues = 8;
    private const string InsertSql = "INSERT INTO archived_messages (archive, number, sent, total, peer, resource, author, stanza) VALUES ";
    private const string DisorderedSql = "UPDATE archives SET disordered = $2, latest = $3 WHERE id = $1";
    private static readonly TimeSpan SortedAfter = TimeSpan.FromSeconds(5);
    private static readonly string OneRowSql = Insert(1);
    private readonly string _rowsSql = Insert(engine.RowsAtOnce);
    private readonly Lock _gate = new();
    private readonly Queue<Batch> _batches = new();
    private readonly Dictionary<long, List<ArchivedMessage>> _waiting = [];
    private Timer? _timer;
    private Task? _recovered;
    private Batch? _open;
    private bool _isWriting;
    private long _number;
    private int _messages;
    private long _bytes;
    private int _sortedAt = MaxWaiting;
    private long _sortedAtBytes = MaxWaitingBytes;
    private Exception? _stuck;

    /// <summary>Completes when the messages are durable.</summary>
    public Task Add(ReadOnlySpan<ArchivedMessage> messages)
    {
        lock (_gate)
        {
            if (_open is null || _open.Messages.Count >= MaxAtOnce)
            {
                _open = new Batch();
                _batches.Enqueue(_open);
            }

            _open.Messages.AddRange(messages);
            return Begin(_open);
        }
    }

    /// <summary>Completes when everything added before is where it belongs.</summary>
    public Task Sort()
    {
        lock (_gate)
        {
            if (_messages == 0 && !_isWriting)
            {
                return Task.CompletedTask;
            }

            _open = null;
            var sorting = new Batch { IsSorting = true };
            _batches.Enqueue(sorting);
            return Begin(sorting);
        }
    }

    /// <summary>The newest messages of an archive, as far as they are durable and not in it yet, oldest first.</summary>
    public ArchivedMessage[] Of(long archive)
    {
        lock (_gate)
        {
            return _waiting.TryGetValue(archive, out var waiting) ? [.. waiting] : [];
        }
    }

    /// <summary>What a process that ended left in the journal is sorted in; once.</summary>
    public Task Recover()
    {
        lock (_gate)
        {
            return _recovered is null or { IsFaulted: true } or { IsCanceled: true } ? _recovered = engine.Write(Turn, Recover, CancellationToken.None).AsTask() : _recovered;
        }
    }

    public void Dispose() => _timer?.Dispose();

    // Called under the gate.
    private Task Begin(Batch batch)
    {
        if (!_isWriting)
        {
            _isWriting = true;
            _ = Task.Run(Write);
        }

        return batch.Done.Task;
    }

    private async Task Write()
    {
        await Recovering();
        while (Next() is { } batch)
        {
            try
            {
                if (batch.IsSorting)
                {
                    await SortIn();
                }
                else
                {
                    await Journal(batch);
                }

                batch.Done.SetResult();
            }
#pragma warning disable CA1031 // It is told to everybody who waits for it.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                batch.Done.SetException(failure);
            }
        }
    }

    private async Task Recovering()
    {
        try
        {
            await Recover();
        }
#pragma warning disable CA1031 // What could not be read stays in the journal; the next who asks tries again.
        catch (Exception)
#pragma warning restore CA1031
        {
            // New messages are numbered behind those that are there.
        }
    }

    private Batch? Next()
    {
        lock (_gate)
        {
            if (_messages >= _sortedAt || _bytes >= _sortedAtBytes)
            {
                // Should it not succeed, it is tried again when there is as much more.
                (_sortedAt, _sortedAtBytes) = (_messages + MaxWaiting, _bytes + MaxWaitingBytes);
                return new Batch { IsSorting = true };
            }

            if (_batches.TryDequeue(out var next))
            {
                _open = next == _open ? null : _open;
                return next;
            }

            _isWriting = false;
            if (_messages > 0)
            {
                _timer ??= new Timer(_ => _ = Settled(Sort()));
                _timer.Change(SortedAfter, Timeout.InfiniteTimeSpan);
            }

            return null;
        }
    }

    private static async Task Settled(Task sorting) => await sorting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task Journal(Batch batch)
    {
        if (_messages >= MaxStuck && _stuck is not null)
        {
            throw new StorageException("The message was not stored: archives cannot be written.", _stuck);
        }

        var bytes = JournalRow.Write(batch.Messages);
        await engine.Write(Turn, session => Journal(session, bytes), CancellationToken.None);
        lock (_gate)
        {
            foreach (var message in batch.Messages)
            {
                if (!_waiting.TryGetValue(message.Archive, out var waiting))
                {
                    _waiting.Add(message.Archive, waiting = []);
                }

                waiting.Add(message);
                _bytes += message.Stanza.Length + ArchivedMessage.Overhead;
            }

            _messages += batch.Messages.Count;
        }
    }

    private async ValueTask<int> Journal(Session session, byte[] bytes)
    {
        var number = _number == 0 ? await session.First("SELECT coalesce(max(number), 0) FROM archive_journal", row => row.Number(0)) : _number;
        _number = number + 1;
        return await session.Execute("INSERT INTO archive_journal (number, messages) VALUES ($1, $2)", _number, bytes);
    }

    // Nobody else adds to what waits meanwhile.
    private async Task SortIn()
    {
        ArchivedMessage[] sorted;
        lock (_gate)
        {
            sorted = [.. _waiting.OrderBy(archive => archive.Key).SelectMany(archive => archive.Value)];
        }

        try
        {
            await engine.Write(Turn, session => Insert(session, sorted, _number), CancellationToken.None);
        }
        catch (Exception failure)
        {
            _stuck = failure;
            throw;
        }

        lock (_gate)
        {
            _waiting.Clear();
            (_messages, _bytes, _sortedAt, _sortedAtBytes, _stuck) = (0, 0, MaxWaiting, MaxWaitingBytes, null);
        }
    }

    private async ValueTask<bool> Recover(Session session)
    {
        var rows = await session.All("SELECT number, messages FROM archive_journal ORDER BY number", row => (Number: row.Number(0), Messages: row.Bytes(1)));
        var known = new HashSet<long>();
        var left = new List<ArchivedMessage>();
        foreach (var message in rows.SelectMany(row => JournalRow.Read(row.Messages)))
        {
            if (known.Contains(message.Archive) || await session.First("SELECT 1 FROM archives WHERE id = $1", row => row.Number(0), message.Archive) > 0)
            {
                known.Add(message.Archive);
                left.Add(message);
            }
        }

        if (rows.Count > 0)
        {
            await Insert(session, [.. left.OrderBy(message => message.Archive)], rows[^1].Number);
        }

        return true;
    }

    private async ValueTask Insert(Session session, ArchivedMessage[] messages, long journaled)
    {
        for (var at = 0; at < messages.Length;)
        {
            var count = messages.Length - at >= engine.RowsAtOnce ? engine.RowsAtOnce : 1;
            var values = new object?[count * RowValues];
            for (var row = 0; row < count; row++)
            {
                var message = messages[at + row];
                ReadOnlySpan<object?> columns = [message.Archive, message.Number, message.Sent, message.Total, message.Peer, message.Resource, message.Author, message.Stanza];
                columns.CopyTo(values.AsSpan(row * RowValues));
            }

            await session.Execute(count == 1 ? OneRowSql : _rowsSql, values);
            at += count;
        }

        foreach (var message in messages)
        {
            if (message.Latest is { } latest)
            {
                await session.Execute(DisorderedSql, message.Archive, message.Number, latest);
            }
        }

        await session.Execute("DELETE FROM archive_journal WHERE number <= $1", journaled);
    }

    private static string Insert(int rows) =>
        InsertSql + string.Join(", ", Enumerable.Range(0, rows).Select(row => $"({string.Join(", ", Enumerable.Range(1 + (row * RowValues), RowValues).Select(value => $"${value}"))})")) + " ON CONFLICT (archive, number) DO NOTHING";

    private sealed class Batch
    {
        public List<ArchivedMessage> Messages { get; } = [];

        /// <summary>What waits is sorted in.</summary>
        public bool IsSorting { get; init; }

        // Many wait for one: none of them goes on here.
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
