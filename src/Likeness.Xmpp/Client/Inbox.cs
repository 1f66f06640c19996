using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Client;

/// <summary>Stanzas that came and that nobody has taken were more than may wait: the oldest were let go.</summary>
public sealed class StanzasLostException(int count) : IOException($"{count} stanzas came that nobody took in time; the oldest were let go.")
{
    public int Count { get; } = count;
}

/// <summary>
/// Stanzas that came and that somebody waits for or will ask for, bounded in number and bytes. While somebody takes them all, the connection is
/// read no further than there is room; where nobody does, the oldest are let go, and who asks next is told.
/// </summary>
internal sealed class Inbox(int maxCount, int maxBytes)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<(Element Stanza, int Bytes)> _kept = new();
    private readonly List<(Func<Element, bool> Fits, TaskCompletionSource<Element> Waiter)> _waiting = [];
    private TaskCompletionSource? _room;
    private Exception? _end;
    private int _bytes;
    private int _readers;
    private int _lost;

    /// <summary>Completes when the stanza is kept or handed over.</summary>
    public async ValueTask Post(Element stanza)
    {
        var bytes = BytesOf(stanza);
        while (!TryKeep(stanza, bytes, out var room))
        {
            await room;
        }
    }

    /// <summary>The first stanza that fits, already here or yet to come.</summary>
    /// <exception cref="StanzasLostException">Some were let go before; said once.</exception>
    public async Task<Element> Take(Func<Element, bool> fits, CancellationToken cancellationToken)
    {
        var waiter = new TaskCompletionSource<Element>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            if (_lost > 0)
            {
                var lost = _lost;
                _lost = 0;
                throw new StanzasLostException(lost);
            }

            for (var node = _kept.First; node is not null; node = node.Next)
            {
                if (fits(node.Value.Stanza))
                {
                    Remove(node);
                    return node.Value.Stanza;
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

    /// <summary>Somebody begins to take everything, in order.</summary>
    public void Join()
    {
        lock (_lock)
        {
            _readers++;
        }
    }

    public void Leave()
    {
        lock (_lock)
        {
            _readers--;
            MakeRoom();
        }
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
            MakeRoom();
        }
    }

    private bool TryKeep(Element stanza, int bytes, out Task room)
    {
        room = Task.CompletedTask;
        lock (_lock)
        {
            for (var index = 0; index < _waiting.Count; index++)
            {
                var (fits, waiter) = _waiting[index];
                if (fits(stanza) && waiter.TrySetResult(stanza))
                {
                    _waiting.RemoveAt(index);
                    return true;
                }
            }

            while (_kept.First is { } oldest && (_kept.Count >= maxCount || _bytes + bytes > maxBytes))
            {
                if (_readers > 0 && _end is null)
                {
                    room = (_room ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
                    return false;
                }

                Remove(oldest);
                _lost++;
            }

            _kept.AddLast((stanza, bytes));
            _bytes += bytes;
            return true;
        }
    }

    private void Remove(LinkedListNode<(Element Stanza, int Bytes)> node)
    {
        _kept.Remove(node);
        _bytes -= node.Value.Bytes;
        MakeRoom();
    }

    private void MakeRoom()
    {
        _room?.TrySetResult();
        _room = null;
    }

    private void Cancel(TaskCompletionSource<Element> waiter, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _waiting.RemoveAll(one => one.Waiter == waiter);
        }

        waiter.TrySetCanceled(cancellationToken);
    }

    // As written, closely enough for a bound.
    private static int BytesOf(Element element)
    {
        var bytes = (2 * element.Name.Length) + 5;
        foreach (ref readonly var attribute in element.Attributes)
        {
            bytes += attribute.Name.Length + attribute.Value.Length + 4;
        }

        foreach (var node in element.Nodes)
        {
            bytes += node is Element child ? BytesOf(child) : ((string)node).Length;
        }

        return bytes;
    }
}
