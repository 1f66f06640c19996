using Likeness.Stores;

namespace Likeness.Storage.Tables;

/// <summary>Adds messages to archives: what comes while a transaction becomes durable is the next one. Nobody waits longer than for two of them, and the order is that of the calls.</summary>
internal sealed class ArchiveAppending(Engine engine)
{
    /// <summary>Messages of one transaction.</summary>
    public const int MaxAtOnce = 2000;

    public const string Turn = "likeness archived messages";

    private const string AddSql = """
        INSERT INTO archived_messages (archive, number, sent, total, peer, resource, author, stanza) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """;

    private const string DisorderedSql = "UPDATE archives SET disordered = $2, latest = $3 WHERE id = $1";

    private readonly Lock _gate = new();
    private readonly Queue<Batch> _batches = new();
    private Batch? _open;
    private bool _isWriting;

    public Task Add(ReadOnlySpan<ArchivedMessage> messages)
    {
        Task durable;
        lock (_gate)
        {
            if (_open is null || _open.Messages.Count >= MaxAtOnce)
            {
                _open = new Batch();
                _batches.Enqueue(_open);
            }

            _open.Messages.AddRange(messages);
            durable = _open.Durable.Task;
            if (_isWriting)
            {
                return durable;
            }

            _isWriting = true;
        }

        _ = Write();
        return durable;
    }

    private async Task Write()
    {
        while (true)
        {
            Batch batch;
            lock (_gate)
            {
                if (!_batches.TryDequeue(out batch!))
                {
                    _isWriting = false;
                    return;
                }

                _open = batch == _open ? null : _open;
            }

            try
            {
                await engine.Write(Turn, session => Insert(session, batch.Messages), CancellationToken.None);
                batch.Durable.SetResult();
            }
#pragma warning disable CA1031 // It is told to everybody who waits for it.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                batch.Durable.SetException(failure);
            }
        }
    }

    private static async ValueTask Insert(Session session, List<ArchivedMessage> messages)
    {
        foreach (var message in messages)
        {
            await session.Execute(
                AddSql, message.Archive, message.Number, message.Sent, message.Total, message.Peer, message.Resource, message.Author, message.Stanza);
            if (message.Latest is { } latest)
            {
                await session.Execute(DisorderedSql, message.Archive, message.Number, latest);
            }
        }
    }

    private sealed class Batch
    {
        public List<ArchivedMessage> Messages { get; } = [];

        // Many wait for one: none of them goes on here.
        public TaskCompletionSource Durable { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
