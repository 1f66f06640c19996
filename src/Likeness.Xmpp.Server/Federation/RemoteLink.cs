using System.Security;
using System.Text;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Federation;

/// <summary>
/// What goes from a domain of ours to another, in its order: over the stream that is open, whoever began it, or it waits for one, up to a
/// number, bytes and a time. What cannot be brought there goes back to its sender. After a failure the domain is left alone for a while.
/// </summary>
internal sealed class RemoteLink(Peers peers, DomainPair pair)
{
    private const int PausedAt = 100;
    private readonly Lock _gate = new();
    private readonly Queue<Waiting> _waiting = [];
    private PeerStream? _stream;
    private TaskCompletionSource? _drained;
    private PeerUnreachableException? _problem;
    private long _bytes;
    private long _used = peers.Time.GetTimestamp();
    private long _retryAt;
    private int _failures;
    private bool _isConnecting;
    private bool _isRemoved;

    public DomainPair Pair => pair;

    /// <summary>For people who ask how it is.</summary>
    public LinkState State
    {
        get
        {
            lock (_gate)
            {
                return new LinkState(_stream, _isConnecting, _waiting.Count, _bytes, _problem?.Message, IsPaused);
            }
        }
    }

    /// <summary>The stream that stanzas leave by, if there is one.</summary>
    public PeerStream? Stream => Volatile.Read(ref _stream);

    private bool IsPaused => _stream is null && _failures > 0 && peers.Time.GetTimestamp() < _retryAt;

    /// <summary>Null: it is on its way, or waits. Else why it does not arrive.</summary>
    /// <exception cref="ObjectDisposedException">The link was forgotten meanwhile: take another one.</exception>
    public StanzaErrorException? Send(Element stanza)
    {
        lock (_gate)
        {
            if (_waiting.Count == 0 && _stream is { } stream && stream.Write(stanza))
            {
                return null;
            }

            return Refusal() ?? Keep(new Waiting(new PreparedStanza(stanza), [], IsAnswered: stanza["type"] is not ("error" or "result" or "unavailable" or "probe")));
        }
    }

    /// <inheritdoc cref="Send(Element)"/>
    public StanzaErrorException? Send(PreparedStanza stanza, Jid to)
    {
        var addressee = Encoding.UTF8.GetBytes(SecurityElement.Escape(to.Text)!);
        lock (_gate)
        {
            if (_waiting.Count == 0 && _stream is { } stream && stream.Write(stanza, addressee))
            {
                return null;
            }

            return Refusal() ?? Keep(new Waiting(stanza, addressee, IsAnswered: !stanza.IsPresence));
        }
    }

    /// <summary>Whoever writes much waits here while the stream does not take it; never while there is none.</summary>
    public ValueTask Writable()
    {
        lock (_gate)
        {
            return _stream is null || _waiting.Count < PausedAt
                ? default
                : new((_drained ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task);
        }
    }

    /// <summary>A stream that the other server began and that goes both ways. It is used unless there is one.</summary>
    public void Offer(PeerStream stream)
    {
        lock (_gate)
        {
            Reachable();
            if (_stream is not null || _isRemoved || !stream.Add(this))
            {
                return;
            }

            _stream = stream;
        }

        Drain();
    }

    /// <summary>The other server was heard: it is there.</summary>
    public void Reachable()
    {
        lock (_gate)
        {
            (_failures, _retryAt) = (0, 0);
        }
    }

    /// <summary>The stream takes more.</summary>
    public void Drain()
    {
        lock (_gate)
        {
            while (_stream is { } stream && _waiting.TryPeek(out var next) && stream.Write(next.Stanza, next.Addressee))
            {
                _waiting.Dequeue();
                _bytes -= next.Length;
            }

            if (_waiting.Count < PausedAt)
            {
                LetGo();
            }
        }
    }

    private void LetGo()
    {
        _drained?.TrySetResult();
        _drained = null;
    }

    /// <summary>The stream is over. What it did not take is tried once more.</summary>
    /// <param name="isBroken">Nobody took leave, or not because there was nothing to say any more.</param>
    public void Lost(PeerStream stream, bool isBroken)
    {
        lock (_gate)
        {
            if (_stream != stream)
            {
                return;
            }

            _stream = null;
            LetGo();
            if (_waiting.Count > 0)
            {
                Connect();
            }
        }

        if (isBroken)
        {
            peers.Lost(pair);
        }
    }

    /// <summary>True: nobody needs it any more, and it takes nothing.</summary>
    public bool TryRemove()
    {
        lock (_gate)
        {
            _isRemoved |= _stream is null && !_isConnecting && _waiting.Count == 0 && !IsPaused && peers.Time.GetElapsedTime(_used) >= peers.Options.MaxIdle;
            return _isRemoved;
        }
    }

    private StanzaErrorException? Refusal()
    {
        ObjectDisposedException.ThrowIf(_isRemoved, this);
        _used = peers.Time.GetTimestamp();
        return IsPaused ? _problem!.ToStanzaError(pair.To)
            : _waiting.Count >= peers.Options.MaxWaitingStanzas || _bytes >= peers.Options.MaxWaitingBytes
                ? new StanzaErrorException(StanzaCondition.ResourceConstraint, $"Too much waits for the connection to {pair.To}.")
                : null;
    }

    private StanzaErrorException? Keep(in Waiting waiting)
    {
        _waiting.Enqueue(waiting);
        _bytes += waiting.Length;
        if (_stream is null)
        {
            Connect();
        }

        return null;
    }

    // Whoever comes while it is under way waits for the same.
    private void Connect()
    {
        if (!_isConnecting)
        {
            _isConnecting = true;
            _ = Task.Run(Open);
        }
    }

    private async Task Open()
    {
        try
        {
            Use(await peers.Connect(pair));
        }
        catch (PeerUnreachableException problem)
        {
            Fail(problem);
        }
    }

    private void Use(OutgoingStream opened)
    {
        lock (_gate)
        {
            if (_stream is not null)
            {
                // The other server was faster, and its stream goes both ways.
                opened.TakeLeave();
            }
            else if (opened.Add(this))
            {
                _stream = opened;
            }

            if (_stream is not null)
            {
                _isConnecting = false;
                _problem = null;
                Reachable();
            }
        }

        if (_stream is null)
        {
            // Tried again at once, it would go on so without end.
            Fail(new PeerUnreachableException("it closes the connection"));
        }

        Drain();
    }

    // What waits goes back before anything is refused at once: to its sender everything comes back in its order.
    private void Fail(PeerUnreachableException problem)
    {
        while (TakeBack(problem) is { } waiting)
        {
            if (waiting.IsAnswered)
            {
                peers.Refuse(waiting.Stanza.ToElement(waiting.Addressee), problem.ToStanzaError(pair.To));
            }
        }
    }

    // Null: nothing waits, or there is a stream after all.
    private Waiting? TakeBack(PeerUnreachableException problem)
    {
        lock (_gate)
        {
            if (_stream is null && _waiting.TryDequeue(out var waiting))
            {
                _bytes -= waiting.Length;
                return waiting;
            }

            _isConnecting = false;
            if (_stream is null)
            {
                var pauses = peers.Options.Pauses;
                var pause = pauses[Math.Min(_failures, pauses.Count - 1)] * (0.8 + (Random.Shared.NextDouble() * 0.4));
                _failures++;
                _retryAt = peers.Time.GetTimestamp() + (long)(pause.TotalSeconds * peers.Time.TimestampFrequency);
                _problem = problem;
            }

            return null;
        }
    }

    /// <param name="Addressee">Attribute text, UTF-8, escaped; empty: it has its address.</param>
    /// <param name="IsAnswered">Its sender is told when it does not arrive.</param>
    private readonly record struct Waiting(PreparedStanza Stanza, byte[] Addressee, bool IsAnswered)
    {
        public int Length => Stanza.LengthFor(Addressee);
    }
}

/// <summary>How a link is.</summary>
internal readonly record struct LinkState(PeerStream? Stream, bool IsConnecting, int WaitingStanzas, long WaitingBytes, string? Problem, bool IsPaused);
