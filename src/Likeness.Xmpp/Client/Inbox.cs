using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Client;

/// <summary>Stanzas that came and that somebody waits for or will ask for; the oldest are forgotten when too many lie about.</summary>
internal sealed class Inbox(int most)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Element> _kept = new();
    private readonly List<(Func<Element, bool> Fits, TaskCompletionSource<Element> Waiter)> _waiting = [];
    private Exception? _end;

    public void Post(Element stanza)
    {
        lock (_lock)
        {
            for (var index = 0; index < _waiting.Count; index++)
            {
                var (fits, waiter) = _waiting[index];
                if (fits(stanza) && waiter.TrySetResult(stanza))
                {
                    _waiting.RemoveAt(index);
                    return;
                }
            }

            _kept.AddLast(stanza);
            if (_kept.Count > most)
            {
                _kept.RemoveFirst();
            }
        }
    }

    /// <summary>The first stanza that fits, already here or yet to come.</summary>
    public async Task<Element> Take(Func<Element, bool> fits, CancellationToken cancellationToken)
    {
        var waiter = new TaskCompletionSource<Element>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            for (var node = _kept.First; node is not null; node = node.Next)
            {
                if (fits(node.Value))
                {
                    _kept.Remove(node);
                    return node.Value;
                }
            }

            if (_end is not null)
            {
                throw _end;
            }

            _waiting.Add((fits, waiter));
        }

        await using var registration = cancellationToken.Register(() => Cancel(waiter, cancellationToken));
        return await waiter.Task;
    }

    public void End(Exception reason)
    {
        lock (_lock)
        {
            _end ??= reason;
            foreach (var (_, waiter) in _waiting)
            {
                waiter.TrySetException(reason);
            }

            _waiting.Clear();
        }
    }

    private void Cancel(TaskCompletionSource<Element> waiter, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _waiting.RemoveAll(one => one.Waiter == waiter);
        }

        waiter.TrySetCanceled(cancellationToken);
    }
}
