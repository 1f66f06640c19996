using Likeness.Xmpp.Server.Connections;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Sessions;

/// <summary>
/// What is on its way to a session. Attached to a connection that takes it, a stanza is written straight through; else it waits
/// here, in order, up to a number of bytes. Detached, it keeps what comes until it is attached again. Anybody may send at
/// any time and never waits; whoever pushes much asks <see cref="Writable"/> in between. Once it has ended, what waits and what
/// still comes goes back to whoever has to find another way for it.
/// </summary>
public sealed class Outbox(long maxBytes, IOutboxOwner owner)
{
    // What goes back is parsed again: not all at once.
    private const int ReturnedAtOnce = 256 * 1024;

    // As much as leaves with one flush while draining.
    private const int DrainedAtOnce = 32 * 1024;

    private const int HardLimit = 4;

    private readonly Lock _gate = new();
    private StreamOutput? _output;
    private Queue<Waiting>? _waiting;
    private long _waitingBytes;
    private TaskCompletionSource<bool>? _writable;
    private Func<IReadOnlyList<Element>, ValueTask>? _returnTo;
    private Task? _returning;
    private bool _isStopped;
    private bool _isFull;

    /// <summary>Bytes that no connection has taken yet.</summary>
    public long WaitingBytes => Volatile.Read(ref _waitingBytes);

    public void Send(Element stanza)
    {
        lock (_gate)
        {
            if (!TakesDirectly)
            {
                Keep(new PreparedStanza(stanza), []);
                return;
            }

            _output!.Write(stanza);
            if (_output.IsOver)
            {
                Keep(new PreparedStanza(stanza), []);
            }
        }
    }

    /// <param name="addressee">Attribute text, UTF-8, escaped; not changed any more.</param>
    public void Send(PreparedStanza stanza, byte[] addressee)
    {
        lock (_gate)
        {
            if (!TakesDirectly)
            {
                Keep(stanza, addressee);
                return;
            }

            stanza.WriteTo(_output!.Buffer, addressee);
            _output.Flush();
            if (_output.IsOver)
            {
                Keep(stanza, addressee);
            }
        }
    }

    /// <summary>Answers an iq with a payload that is serialised already.</summary>
    public void SendResult(Element iq, byte[] addressee, ReadOnlySpan<byte> payload)
    {
        lock (_gate)
        {
            if (!TakesDirectly)
            {
                Keep(PreparedStanza.Result(iq, addressee, payload), []);
                return;
            }

            PreparedStanza.WriteResult(_output!.Buffer, iq, addressee, payload);
            _output.Flush();
        }
    }

    /// <summary>True as soon as nothing waits and the connection takes more; false: stop pushing, nothing is taken any more.</summary>
    public ValueTask<bool> Writable(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (_isStopped || _returnTo is not null || _output is { IsOver: true })
            {
                return new(false);
            }

            return TakesDirectly ? new(true) : new(Released().WaitAsync(cancellationToken));
        }
    }

    /// <summary>Lets go whoever waits in <see cref="Writable"/>; what is sent still waits for the connection.</summary>
    public void StopWaiting()
    {
        lock (_gate)
        {
            _isStopped = true;
            Release(false);
        }
    }

    /// <summary>What waits leaves by this output from now on, and what comes behind it. Nobody else writes to the output meanwhile.</summary>
    public void Attach(StreamOutput output)
    {
        lock (_gate)
        {
            _output = output;
            _isStopped = false;
            output.TellWhenDrained(Drain);
        }

        Drain();
    }

    /// <summary>The connection is not written to any more; what comes waits.</summary>
    public void Detach()
    {
        lock (_gate)
        {
            _output?.TellWhenDrained(null);
            _output = null;
        }
    }

    /// <summary>Completes when the connection has taken everything or takes nothing any more.</summary>
    public Task Drained()
    {
        lock (_gate)
        {
            return TakesDirectly || _output is null or { IsOver: true } ? Task.CompletedTask : Released();
        }
    }

    /// <summary>Ends it: what waits goes back, in order, and so does what is still sent later. Completes when nothing waits.</summary>
    public Task Return(Func<IReadOnlyList<Element>, ValueTask> returnTo)
    {
        Detach();
        lock (_gate)
        {
            _returnTo = returnTo;
            Release(false);
            return Returning();
        }
    }

    private bool TakesDirectly => _waiting is null && _output is { IsReady: true };

    private void Keep(PreparedStanza stanza, byte[] addressee)
    {
        var length = stanza.LengthFor(addressee);
        if (_waitingBytes + length > maxBytes && !_isFull)
        {
            _isFull = true;
            ThreadPool.UnsafeQueueUserWorkItem(static owner => owner.Overflowed(), owner, preferLocal: false);
        }

        // What comes while the rest is already going back; senders that outrun even that lose what they send.
        if (_waitingBytes + length <= HardLimit * maxBytes)
        {
            (_waiting ??= new()).Enqueue(new Waiting(stanza, addressee));
            _waitingBytes += length;
        }

        if (_returnTo is not null)
        {
            _ = Returning();
        }
    }

    // The output is ready again, or over.
    private void Drain()
    {
        lock (_gate)
        {
            if (_output is not { } output)
            {
                return;
            }

            while (_waiting is not null && output.IsReady)
            {
                var batch = 0;
                while (batch < DrainedAtOnce && TryTake(out var next))
                {
                    next.Stanza.WriteTo(output.Buffer, next.Addressee);
                    batch += next.Length;
                }

                output.Flush();
            }

            if (TakesDirectly || output.IsOver)
            {
                Release(!output.IsOver);
            }
        }
    }

    private bool TryTake(out Waiting next)
    {
        if (_waiting is null || !_waiting.TryDequeue(out next))
        {
            next = default;
            return false;
        }

        _waitingBytes -= next.Length;
        _waiting = _waiting.Count == 0 ? null : _waiting;
        return true;
    }

    private Task<bool> Released() => (_writable ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    private void Release(bool isWritable)
    {
        _writable?.TrySetResult(isWritable);
        _writable = null;
    }

    private Task Returning() => _waiting is null ? _returning ?? Task.CompletedTask : _returning ??= Task.Run(ReturnAll);

    private async Task ReturnAll()
    {
        while (true)
        {
            var batch = new List<Waiting>();
            Func<IReadOnlyList<Element>, ValueTask> returnTo;
            lock (_gate)
            {
                for (var bytes = 0; bytes < ReturnedAtOnce && TryTake(out var next); bytes += next.Length)
                {
                    batch.Add(next);
                }

                if (batch.Count == 0)
                {
                    _returning = null;
                    return;
                }

                returnTo = _returnTo!;
            }

            await returnTo([.. batch.Where(waiting => waiting.Stanza.Miss()).Select(waiting => waiting.Stanza.ToReturned(waiting.Addressee))]);
        }
    }

    private readonly record struct Waiting(PreparedStanza Stanza, byte[] Addressee)
    {
        public int Length => Stanza.LengthFor(Addressee);
    }
}

/// <summary>Whose an outbox is.</summary>
public interface IOutboxOwner
{
    /// <summary>More waits than may: the session is to end, and <see cref="Outbox.Return"/> to begin. Called once, on a thread of its own.</summary>
    void Overflowed();
}
