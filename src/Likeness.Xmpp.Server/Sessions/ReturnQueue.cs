using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Sessions;

/// <summary>What a session did not take, on its way back: batch by batch, in order.</summary>
/// <param name="maxBytes">Senders that outrun the way back by more than this lose what they send.</param>
internal sealed class ReturnQueue(long maxBytes, Func<IReadOnlyList<ReturnedStanza>, ValueTask> returnTo)
{
    // It is parsed again: not all at once.
    private const int AtOnce = 256 * 1024;
    private readonly Lock _gate = new();
    private readonly StanzaQueue _queue = new();
    private Task? _returning;

    public void Add(in QueuedStanza stanza)
    {
        lock (_gate)
        {
            if (_queue.Bytes + stanza.Length <= maxBytes)
            {
                _queue.Add(stanza);
                _returning ??= Task.Run(ReturnAll);
            }
        }
    }

    /// <summary>Completes when everything so far went back.</summary>
    public Task Empty()
    {
        lock (_gate)
        {
            return _returning ?? Task.CompletedTask;
        }
    }

    private async Task ReturnAll()
    {
        while (true)
        {
            var batch = new List<QueuedStanza>();
            lock (_gate)
            {
                for (var bytes = 0; bytes < AtOnce && _queue.Count > 0; bytes += batch[^1].Length)
                {
                    batch.Add(_queue.Take());
                }

                if (batch.Count == 0)
                {
                    _returning = null;
                    return;
                }
            }

            await returnTo(
            [
                .. batch.Where(waiting => waiting.Stanza is { IsStanza: true } stanza && stanza.Miss())
                    .Select(waiting => new ReturnedStanza(waiting.Stanza!.ToReturned(waiting.Addressee), waiting.Sent, waiting.IsInDoubt)),
            ]);
        }
    }
}

/// <summary>A stanza that its session did not take.</summary>
/// <param name="Sent">When it was given to the session.</param>
/// <param name="IsInDoubt">Its client may have it all the same: nobody is told that it did not arrive.</param>
internal readonly record struct ReturnedStanza(Element Stanza, DateTimeOffset Sent, bool IsInDoubt = false);

/// <summary>Whose an outbox is.</summary>
internal interface IOutboxOwner
{
    /// <summary>More waits than may: the session is to end, and <see cref="Outbox.Return"/> to begin. Called once, on a thread of its own.</summary>
    void Overflowed();

    /// <summary>What waits for a client that is away became this many bytes more, or less. Called under the outbox's gate.</summary>
    void Away(long bytes);

    /// <summary>A message or iq begins to wait for a client that is away. Called under the outbox's gate: return at once.</summary>
    void Waits(PreparedStanza stanza)
    {
        // Nobody has to care.
    }
}
