using Likeness.Stores;

namespace Likeness.Storage.Tables;

/// <summary>
/// Adds messages to archives. What comes while a transaction becomes durable is the next one; nobody waits longer than for two of them, and the
/// order is that of the calls. A transaction is one row of the journal, wherever its messages belong: writing each into its archive at once
/// would touch two pages for every message. They are sorted in thousands at a time, while the journal goes on, and read from memory until then.
/// </summary>
internal sealed class ArchiveJournal(Engine engine) : IDisposable
{
    /// <summary>Messages of one transaction.</summary>
    public const int MaxAtOnce = 2000;

    /// <summary>Messages in the journal; then they are sorted in.</summary>
    public const int MaxWaiting = 16_000;

    /// <summary>Bytes of those.</summary>
    public const long MaxWaitingBytes = 16 * 1024 * 1024;

    /// <summary>Messages in the journal when sorting them in does not succeed, or is too slow; no more are taken until it is done.</summary>
    public const int MaxStuck = 40_000;

    /// <summary>Bytes of those.</summary>
    public const long MaxStuckBytes = 64 * 1024 * 1024;

    public const string Turn = "likeness archived messages";

    private const string RowsSql = "SELECT number, messages FROM archive_journal ORDER BY number";
    private const string DoneSql = "DELETE FROM archive_journal WHERE number > $1 AND number <= $2";
    private static readonly TimeSpan SortedAfter = TimeSpan.FromSeconds(5);
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _sorting = new(1);
    private readonly Queue<Batch> _batches = new();
    private readonly Dictionary<long, List<ArchivedMessage>> _waiting = [];
    private Timer? _timer;
    private Task? _recovered;
    private Batch? _newest;
    private bool _isWriting;
    private (long Before, long Last) _rows;
    private int _messages;
    private long _bytes;
    private int _isSorting;

    /// <summary>Completes when the messages are durable.</summary>
    public Task Add(ReadOnlySpan<ArchivedMessage> messages)
    {
        lock (_gate)
        {
            if (_newest is not { IsBegun: false } batch || batch.Messages.Count >= MaxAtOnce)
            {
                _newest = batch = new Batch();
                _batches.Enqueue(batch);
            }

            batch.Messages.AddRange(messages);
            if (!_isWriting)
            {
                _isWriting = true;
                _ = Task.Run(Write);
            }

            return batch.Done.Task;
        }
    }

    /// <summary>Completes when everything added before is where it belongs.</summary>
    public async Task Sort()
    {
        Task added;
        lock (_gate)
        {
            added = _newest?.Done.Task ?? Task.CompletedTask;
        }

        await added.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await SortIn();
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
            return _recovered is null or { IsFaulted: true } or { IsCanceled: true } ? _recovered = SortInWhatIsLeft() : _recovered;
        }
    }

    public void Dispose()
    {
        _timer?.Dispose();
        _sorting.Dispose();
    }

    private async Task Write()
    {
        // What could not be read stays in the journal, and the next who asks tries again; new messages are numbered behind those.
        await Recover().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (Next() is { } batch)
        {
            try
            {
                await Journal(batch);
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

    private Batch? Next()
    {
        lock (_gate)
        {
            if (_batches.TryDequeue(out var next))
            {
                next.IsBegun = true;
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
        if (_messages >= MaxStuck || _bytes >= MaxStuckBytes)
        {
            try
            {
                await SortIn();
            }
            catch (Exception stuck)
            {
                throw new StorageException("The message was not stored: archives cannot be written.", stuck);
            }
        }

        var row = JournalRow.Write(batch.Messages);
        var rows = await engine.WriteJournal(session => Journal(session, row));
        lock (_gate)
        {
            _rows = rows;
            foreach (var message in batch.Messages)
            {
                if (!_waiting.TryGetValue(message.Archive, out var waiting))
                {
                    _waiting.Add(message.Archive, waiting = []);
                }

                waiting.Add(message);
                _bytes += Bytes(message);
            }

            _messages += batch.Messages.Count;
        }

        if ((_messages >= MaxWaiting || _bytes >= MaxWaitingBytes) && Interlocked.Exchange(ref _isSorting, 1) == 0)
        {
            _ = Task.Run(SortMeanwhile);
        }
    }

    private static long Bytes(ArchivedMessage message) => message.Stanza.Length + ArchivedMessage.Overhead;

    private async Task SortMeanwhile()
    {
        var sorting = SortIn();
        await Settled(sorting);
        if (!sorting.IsCompletedSuccessfully)
        {
            // It is tried again, but not with each message.
            await Task.Delay(SortedAfter);
        }

        Volatile.Write(ref _isSorting, 0);
    }

    // Rows that an earlier process left, should they still be there, are before this one's.
    private async ValueTask<(long Before, long Last)> Journal(Session session, byte[] messages)
    {
        var (before, last) = _rows;
        if (last == 0)
        {
            before = last = await session.First("SELECT coalesce(max(number), 0) FROM archive_journal", row => row.Number(0));
        }

        await session.Execute("INSERT INTO archive_journal (number, messages) VALUES ($1, $2)", last + 1, messages);
        return (before, last + 1);
    }

    // One at a time. Where the process ends in the middle of it, messages are in the journal that are in their archives already.
    private async Task SortIn()
    {
        await _sorting.WaitAsync();
        try
        {
            ArchivedMessage[] sorted;
            (long Before, long Last) rows;
            lock (_gate)
            {
                rows = _rows;
                sorted = [.. _waiting.OrderBy(archive => archive.Key).SelectMany(archive => archive.Value)];
            }

            if (sorted.Length > 0)
            {
                await ArchiveInsert.Into(engine, sorted);
                await engine.WriteJournal(session => session.Execute(DoneSql, rows.Before, rows.Last));
                Forget(sorted);
            }
        }
        finally
        {
            _sorting.Release();
        }
    }

    private void Forget(ArchivedMessage[] sorted)
    {
        lock (_gate)
        {
            for (var at = 0; at < sorted.Length;)
            {
                var waiting = _waiting[sorted[at].Archive];
                var count = 1;
                while (at + count < sorted.Length && sorted[at + count].Archive == sorted[at].Archive)
                {
                    count++;
                }

                waiting.RemoveRange(0, count);
                if (waiting.Count == 0)
                {
                    _waiting.Remove(sorted[at].Archive);
                }

                at += count;
            }

            _messages -= sorted.Length;
            _bytes -= sorted.Sum(Bytes);
        }
    }

    private async Task SortInWhatIsLeft()
    {
        // Also where earlier versions kept it.
        await Left(write => engine.Write(Turn, write, CancellationToken.None));
        if (engine.HasSeparateJournal)
        {
            await Left(engine.WriteJournal);
        }
    }

    private async Task Left(Func<Func<Session, ValueTask<List<(long, byte[])>>>, ValueTask<List<(long Number, byte[] Messages)>>> journal)
    {
        var rows = await journal(session => session.All(RowsSql, row => (row.Number(0), row.Bytes(1)!)));
        if (rows.Count > 0)
        {
            await ArchiveInsert.Into(engine, await ArchiveInsert.Missing(engine, rows.SelectMany(row => JournalRow.Read(row.Messages))));
            await journal(async session =>
            {
                await session.Execute(DoneSql, 0L, rows[^1].Number);
                return rows;
            });
        }
    }

    private sealed class Batch
    {
        public List<ArchivedMessage> Messages { get; } = [];

        /// <summary>It is on its way to the disk; nothing is added to it.</summary>
        public bool IsBegun { get; set; }

        // Many wait for one: none of them goes on here.
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
