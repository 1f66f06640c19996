using System.Buffers;
using Likeness.Xmpp.Server.Connections;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Sessions;

/// <summary>
/// What is on its way to a session. Attached to a connection that takes it, a stanza is written straight through; else it waits
/// here, in order, up to a number of bytes. Detached, it keeps what comes until it is attached again. Once acknowledgements are agreed
/// on (XEP-0198), what was written is kept as well until the client has acknowledged it. Anybody may send at any time and never
/// waits; whoever pushes much asks <see cref="Writable"/> in between. Once it has ended, what waits, what was not acknowledged and what
/// still comes goes back to whoever has to find another way for it.
/// </summary>
public sealed class Outbox(long maxBytes, TimeProvider time, IOutboxOwner owner)
{
    /// <summary>Stanzas that may wait or be unacknowledged, once acknowledgements are agreed on.</summary>
    public const int MaxUnacknowledged = 10_000;

    // As much as leaves with one flush while draining.
    private const int DrainedAtOnce = 32 * 1024;

    private const int HardLimit = 4;

    private readonly Lock _gate = new();
    private StreamOutput? _output;
    private StanzaQueue? _waiting;
    private Unacknowledged? _window;
    private TaskCompletionSource<bool>? _writable;
    private ReturnQueue? _returned;
    private bool _isStopped;
    private bool _isFull;

    /// <summary>Bytes that no connection has taken yet.</summary>
    public long WaitingBytes => Volatile.Read(ref _waiting)?.Bytes ?? 0;

    /// <summary>Something that was sent is not kept any more: what the client did not take could not be sent again.</summary>
    public bool HasGap => Volatile.Read(ref _window) is { HasGap: true };

    public void Send(Element stanza)
    {
        lock (_gate)
        {
            if (IsPlain)
            {
                _output!.Write(stanza);
                if (!_output.IsOver)
                {
                    return;
                }
            }

            Take(new PreparedStanza(stanza), []);
        }
    }

    /// <param name="addressee">Attribute text, UTF-8, escaped; not changed any more.</param>
    public void Send(PreparedStanza stanza, byte[] addressee)
    {
        lock (_gate)
        {
            if (IsPlain)
            {
                stanza.WriteTo(_output!.Buffer, addressee);
                _output.Flush();
                if (!_output.IsOver)
                {
                    return;
                }
            }

            Take(stanza, addressee);
        }
    }

    /// <summary>Answers an iq with a payload that is serialised already.</summary>
    public void SendResult(Element iq, byte[] addressee, ReadOnlySpan<byte> payload)
    {
        lock (_gate)
        {
            if (IsPlain)
            {
                PreparedStanza.WriteResult(_output!.Buffer, iq, addressee, payload);
                _output.Flush();
            }
            else
            {
                Take(PreparedStanza.Result(iq, addressee, payload), []);
            }
        }
    }

    /// <summary>From this element on, which tells the client so, what is sent is counted and kept until it is acknowledged. False: it is already.</summary>
    /// <param name="from">Who stamps what is sent late.</param>
    public bool Manage(Element enabled, string from)
    {
        lock (_gate)
        {
            if (_window is not null)
            {
                return false;
            }

            Take(new PreparedStanza(enabled), []);
            Volatile.Write(ref _window, new Unacknowledged(from));
            return true;
        }
    }

    /// <summary>The client has handled this many stanzas.</summary>
    /// <exception cref="StreamErrorException">It was not sent as many.</exception>
    public void Acknowledge(uint handled)
    {
        lock (_gate)
        {
            if (_window is null)
            {
                return;
            }

            _window.Acknowledge(handled);
            if (TakesDirectly && _window.IsAskDue)
            {
                Flush();
            }
        }
    }

    /// <summary>Call now and then: asks the client what it has handled, unless it owes an answer. How long it has owed one; null: it owes none.</summary>
    /// <param name="hasMessage">A message is among what it did not acknowledge.</param>
    public TimeSpan? AskWhatArrived(out bool hasMessage)
    {
        lock (_gate)
        {
            hasMessage = _window is { HasMessage: true };
            if (_window is { IsAsked: true })
            {
                return time.GetElapsedTime(_window.AskedAt);
            }

            if (_window is { Queue.Count: > 0 } && TakesDirectly)
            {
                Ask();
                _output!.Flush();
            }

            return null;
        }
    }

    /// <summary>True as soon as nothing waits and the connection takes more; false: stop pushing, nothing is taken any more.</summary>
    public ValueTask<bool> Writable(CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            if (_isStopped || _returned is not null || _output is { IsOver: true })
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

    /// <summary>What the last connection did not bring to the client, and what waits, leaves by this output from now on, and what comes behind it. Nobody else writes to the output meanwhile.</summary>
    public void Attach(StreamOutput output)
    {
        lock (_gate)
        {
            if (_window is not null)
            {
                Volatile.Write(ref _waiting, StanzaQueue.SentAgain(_window, _waiting));
            }

            _output = output;
            _isStopped = false;
            output.TellWhenDrained(Drain);
            Account(isDetached: false);
        }

        Drain();
    }

    /// <summary>The connection is not written to any more; what comes waits.</summary>
    /// <param name="awaitsReturn">The client is expected back: what waits is counted with what waits for other clients that are away, and nothing is pushed.</param>
    public void Detach(bool awaitsReturn = false)
    {
        lock (_gate)
        {
            _output?.TellWhenDrained(null);
            _output = null;
            if (awaitsReturn)
            {
                _isStopped = true;
                Release(false);
                Account(isDetached: true);
            }
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

    /// <summary>Ends it: what was not acknowledged and what waits goes back, in order, and so does what is still sent later. Completes when nothing waits.</summary>
    public Task Return(Func<IReadOnlyList<ReturnedStanza>, ValueTask> returnTo)
    {
        Detach();
        lock (_gate)
        {
            if (_window is not null)
            {
                Account(isDetached: false);
                Volatile.Write(ref _waiting, StanzaQueue.SentAgain(_window, _waiting));
                Volatile.Write(ref _window, null);
            }

            Release(false);
            _returned ??= new ReturnQueue(HardLimit * maxBytes, returnTo);
            while (TryTake(out var next))
            {
                _returned.Add(next);
            }

            return _returned.Empty();
        }
    }

    private bool IsPlain => _window is null && TakesDirectly;

    private bool TakesDirectly => _waiting is null && _output is { IsReady: true };

    private long KeptBytes => (_waiting?.Bytes ?? 0) + (_window?.Queue.Bytes ?? 0);

    private void Take(PreparedStanza stanza, byte[] addressee)
    {
        var next = new QueuedStanza(stanza, addressee, time.GetUtcNow(), IsCounted: _window is not null && stanza.IsStanza);
        if (!TakesDirectly)
        {
            Keep(next);
            return;
        }

        Write(next);
        Flush();
        if (_output!.IsOver && !next.IsCounted)
        {
            Keep(next);
        }
        else if (next.IsCounted)
        {
            CheckLimit();
        }
    }

    private void Keep(in QueuedStanza next)
    {
        if (_returned is not null)
        {
            _returned.Add(next);
            return;
        }

        if (_waiting is null)
        {
            Volatile.Write(ref _waiting, new());
        }

        // What comes while the session is already ending for it; senders that outrun even that lose what they send.
        if (KeptBytes + next.Length <= HardLimit * maxBytes)
        {
            _waiting!.Add(next);
        }

        if (_window is not null && _output is null)
        {
            _waiting!.CoalesceIfLong();
        }

        CheckLimit();
        if (_window is { Accounted: not 0 })
        {
            Account(isDetached: true);
        }
    }

    private void CheckLimit()
    {
        if (!_isFull && IsOverLimit() && !(_window is { } window && _output is not null && window.LetGo() && !IsOverLimit()))
        {
            _isFull = true;
            ThreadPool.UnsafeQueueUserWorkItem(static owner => owner.Overflowed(), owner, preferLocal: false);
        }
    }

    private bool IsOverLimit() =>
        KeptBytes > maxBytes || (_window is not null && _window.Queue.Count + (_waiting?.Count ?? 0) > MaxUnacknowledged);

    private void Write(in QueuedStanza next)
    {
        next.WriteTo(_output!.Buffer, _window?.From);
        if (next.IsCounted)
        {
            _window!.Add(next);
        }
    }

    private void Flush()
    {
        if (_window is { IsAskDue: true })
        {
            Ask();
        }

        _output!.Flush();
    }

    private void Ask()
    {
        _output!.Buffer.Write("<r xmlns='urn:xmpp:sm:3'/>"u8);
        _window!.Asked(time.GetTimestamp());
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
                    Write(next);
                    batch += next.Length;
                }

                Flush();
            }

            if (TakesDirectly || output.IsOver)
            {
                Release(!output.IsOver);
            }
        }
    }

    private bool TryTake(out QueuedStanza next)
    {
        var isThere = _waiting is not null;
        next = _waiting?.Take() ?? default;
        if (_waiting is { Count: 0 })
        {
            Volatile.Write(ref _waiting, null);
        }

        return isThere;
    }

    private void Account(bool isDetached)
    {
        var now = isDetached ? KeptBytes + 1 : 0;
        if (_window is { } window && now != window.Accounted)
        {
            owner.Away(now - window.Accounted);
            window.Accounted = now;
        }
    }

    private Task<bool> Released() => (_writable ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    private void Release(bool isWritable)
    {
        _writable?.TrySetResult(isWritable);
        _writable = null;
    }
}
