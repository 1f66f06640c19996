using System.Buffers;
using Likeness.Xmpp.Server.Connections;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Sessions;

/// <summary>
/// What is on its way to a session. Attached to a connection that takes it, a stanza is written straight through; else it waits
/// here, in order, up to a number of bytes. Once acknowledgements are agreed on (XEP-0198), what was written is kept as well until the
/// client has acknowledged it; to a client that nobody looks at, what can wait is held (XEP-0352). Anybody may send at any time and never waits; whoever
/// pushes much asks <see cref="Writable"/> in between. Once it has ended, what is left, and what still comes, goes back to whoever has to find another way for it.
/// </summary>
internal sealed class Outbox
{
    /// <summary>Stanzas that may wait or be unacknowledged, once acknowledgements are agreed on.</summary>
    public const int MaxUnacknowledged = 10_000;

    /// <summary>Stanzas held for a client that nobody looks at.</summary>
    public const int MaxHeld = 256;

    // As much as leaves with one flush while draining.
    private const int DrainedAtOnce = 32 * 1024;

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private Backlog _kept;
    private StreamOutput? _output;
    private TaskCompletionSource<bool>? _writable;
    private ReturnQueue? _returned;
    private Func<PreparedStanza, Urgency>? _urgency;
    private bool _isSendingHeld;
    private bool _isStopped;
    private bool _wasAttached;

    /// <param name="maxBytes">Of what waits and what was not acknowledged.</param>
    public Outbox(long maxBytes, TimeProvider time, IOutboxOwner owner) => (_time, _kept) = (time, new Backlog(maxBytes, owner));

    /// <summary>Bytes that no connection has taken yet.</summary>
    public long WaitingBytes => _kept.Waiting?.Bytes ?? 0;

    /// <summary>Something that was sent is not kept any more: what the client did not take could not be sent again.</summary>
    public bool HasGap => _kept.Window is { HasGap: true };

    public void Send(Element stanza)
    {
        lock (_gate)
        {
            if (!IsPlain || !IsWritten(stanza))
            {
                Take(new PreparedStanza(stanza), []);
            }
        }
    }

    /// <param name="addressee">Attribute text, UTF-8, escaped; not changed any more.</param>
    public void Send(PreparedStanza stanza, byte[] addressee)
    {
        lock (_gate)
        {
            if (!IsPlain || !IsWritten(stanza, addressee))
            {
                Take(stanza, addressee);
            }
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
    /// <param name="enabled">Null: nothing was sent yet, and the client is told otherwise.</param>
    /// <param name="from">Who stamps what is sent late.</param>
    public bool Manage(Element? enabled, string from)
    {
        lock (_gate)
        {
            if (_kept.Window is not null)
            {
                return false;
            }

            if (enabled is not null)
            {
                Take(new PreparedStanza(enabled), []);
            }

            _kept.Count(new Unacknowledged(from));
            return true;
        }
    }

    /// <summary>The client has handled this many stanzas.</summary>
    /// <exception cref="StreamErrorException">It was not sent as many.</exception>
    public void Acknowledge(uint handled)
    {
        lock (_gate)
        {
            if (_kept.Window is null)
            {
                return;
            }

            _kept.Window.Acknowledge(handled);
            if (TakesDirectly && _kept.Window.IsAskDue)
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
            hasMessage = _kept.Window is { HasMessage: true };
            if (_kept.Window is { IsAsked: true })
            {
                return _time.GetElapsedTime(_kept.Window.AskedAt);
            }

            if (_kept.Window is { Queue.Count: > 0 } && TakesDirectly)
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

            return TakesDirectly || IsOnlyHeld ? new(true) : new(Released().WaitAsync(cancellationToken));
        }
    }

    /// <summary>Holds what can wait from now on; with null, sends what was held and holds nothing more.</summary>
    public void Hold(Func<PreparedStanza, Urgency>? urgency)
    {
        lock (_gate)
        {
            SendHeld();
            _urgency = urgency;
        }
    }

    /// <summary>Call now and then: sends what was held when something of it should not wait any longer, and takes what was written long ago to have arrived.</summary>
    public void Tidy(DateTimeOffset heldBefore, DateTimeOffset writtenBefore)
    {
        lock (_gate)
        {
            _kept.Forget(writtenBefore);
            if (IsOnlyHeld && _kept.Waiting?.Any(held => held.Sent <= heldBefore && _urgency!(held.Stanza!) == Urgency.Soon) == true)
            {
                SendHeld();
            }
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

    /// <summary>What the last connection did not bring to the client, and what waits, leaves by this output from now on, and what comes behind it. Nobody else writes to the output meanwhile. True: there was another connection before.</summary>
    public bool Attach(StreamOutput output)
    {
        bool isAnother;
        lock (_gate)
        {
            isAnother = _wasAttached;
            _wasAttached = true;
            _kept.SendAgain();
            _output = output;
            _urgency = isAnother ? null : _urgency;
            _isStopped = false;
            output.TellWhenDrained(Drain);
            _kept.Account(isAway: false);
        }

        Drain();
        return isAnother;
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
                _kept.Account(isAway: true);
                _kept.TellAll();
            }
        }
    }

    /// <summary>Completes when the connection has taken everything or takes nothing any more.</summary>
    public Task Drained()
    {
        lock (_gate)
        {
            SendHeld();
            _urgency = null;
            return TakesDirectly || _output is null or { IsOver: true } ? Task.CompletedTask : Released();
        }
    }

    /// <summary>Ends it: what was not acknowledged and what waits goes back, in order, and so does what is still sent later. Completes when nothing waits.</summary>
    /// <param name="since">What was written since then and nothing is known of goes back, too; null: it arrived.</param>
    public Task Return(Func<IReadOnlyList<ReturnedStanza>, ValueTask> returnTo, DateTimeOffset? since = null)
    {
        Detach();
        lock (_gate)
        {
            _kept.Account(isAway: false);
            _kept.SendAgain();
            _kept.Doubt(since);
            _kept.Count(null);
            Release(false);
            _returned ??= new ReturnQueue(Backlog.HardLimit * _kept.MaxBytes, returnTo);
            while (_kept.TryTake(out var next))
            {
                _returned.Add(next);
            }

            return _returned.Empty();
        }
    }

    private bool IsWritten(Element stanza)
    {
        _output!.Write(stanza);
        return !_output.IsOver;
    }

    private bool IsWritten(PreparedStanza stanza, byte[] addressee)
    {
        stanza.WriteTo(_output!.Buffer, addressee);
        _output.Flush();
        return !_output.IsOver && (!stanza.IsMissed || _kept.Remember(new(stanza, addressee, _time.GetUtcNow(), IsCounted: false)));
    }

    private bool IsPlain => _kept.Window is null && TakesDirectly;

    private bool TakesDirectly => _kept.Waiting is null && !IsHolding && _output is { IsReady: true };

    private bool IsHolding => _urgency is not null && !_isSendingHeld;

    private bool IsOnlyHeld => IsHolding && _output is { IsReady: true };

    private void Take(PreparedStanza stanza, byte[] addressee)
    {
        var next = new QueuedStanza(stanza, addressee, _time.GetUtcNow(), IsCounted: _kept.Window is not null && stanza.IsStanza);
        if (!TakesDirectly && !(IsOnlyHeld && !stanza.IsStanza))
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
            _kept.CheckLimit(isAttached: true);
        }
    }

    private void Keep(in QueuedStanza next)
    {
        if (_returned is not null)
        {
            _returned.Add(next);
            return;
        }

        _kept.Keep(next, isAttached: _output is not null);
        if (IsOnlyHeld && (_kept.Waiting!.Count >= MaxHeld || _urgency!(next.Stanza!) == Urgency.Now))
        {
            SendHeld();
        }
    }

    private void SendHeld()
    {
        if (_urgency is not null && _kept.Waiting is not null)
        {
            _kept.Waiting.Coalesce();
            _isSendingHeld = true;
            Drain();
        }
    }

    private void Write(in QueuedStanza next)
    {
        next.WriteTo(_output!.Buffer, _kept.Window?.From);
        _output.EndElement();
        if (next.IsCounted)
        {
            _kept.Window!.Add(next);
        }
        else if (next.Stanza!.IsMissed)
        {
            _kept.Remember(next);
        }
    }

    private void Flush()
    {
        if (_kept.Window is { IsAskDue: true })
        {
            Ask();
        }

        _output!.Flush();
    }

    private void Ask()
    {
        _output!.Buffer.Write("<r xmlns='urn:xmpp:sm:3'/>"u8);
        _kept.Window!.Asked(_time.GetTimestamp());
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

            while (_kept.Waiting is not null && !IsHolding && output.IsReady)
            {
                var batch = 0;
                while (batch < DrainedAtOnce && _kept.TryTake(out var next))
                {
                    Write(next);
                    batch += next.Length;
                }

                Flush();
            }

            _isSendingHeld &= _kept.Waiting is not null;
            if (TakesDirectly || IsOnlyHeld || output.IsOver)
            {
                Release(!output.IsOver);
            }
        }
    }

    private Task<bool> Released() => (_writable ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    private void Release(bool isWritable)
    {
        _writable?.TrySetResult(isWritable);
        _writable = null;
    }
}
