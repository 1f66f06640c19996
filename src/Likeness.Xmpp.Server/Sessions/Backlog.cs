namespace Likeness.Xmpp.Server.Sessions;

/// <summary>What is kept for one session: what waits, and what was sent and not acknowledged. A part of the outbox, guarded by it; nothing of it is allocated before it is needed.</summary>
internal struct Backlog(long maxBytes, IOutboxOwner owner)
{
    /// <summary>Senders that outrun a session that is ending lose what they send beyond this many times the limit.</summary>
    public const int HardLimit = 4;

    /// <summary>Messages that are remembered of a session of which nothing is acknowledged.</summary>
    public const int MaxRemembered = 100;

    /// <summary>Bytes of those, unless a single one has more.</summary>
    public const int MaxRememberedBytes = 64 * 1024;

    private StanzaQueue? _waiting;
    private Unacknowledged? _window;
    private StanzaQueue? _recent;
    private bool _isFull;

    public readonly StanzaQueue? Waiting => Volatile.Read(in _waiting);

    /// <summary>Null: acknowledgements were not agreed on.</summary>
    public readonly Unacknowledged? Window => Volatile.Read(in _window);

    public readonly long MaxBytes => maxBytes;

    private readonly long Bytes => (_waiting?.Bytes ?? 0) + (_window?.Queue.Bytes ?? 0);

    public void Count(Unacknowledged? window)
    {
        _recent = null;
        Volatile.Write(ref _window, window);
    }

    /// <summary>It was written, and nobody will say whether it arrived. True.</summary>
    public bool Remember(in QueuedStanza written)
    {
        _recent ??= new();
        _recent.Add(written with { IsInDoubt = true });
        while (_recent.Count > MaxRemembered || (_recent.Bytes > MaxRememberedBytes && _recent.Count > 1))
        {
            _recent.Take();
        }

        return true;
    }

    /// <summary>What was written before that is not remembered any more.</summary>
    public void Forget(DateTimeOffset before)
    {
        while (_recent is { Count: > 0 } && _recent.Since < before)
        {
            _recent.Take();
        }

        _recent = _recent is { Count: 0 } ? null : _recent;
    }

    /// <summary>What was written since then may be lost: it waits again, in front of the rest. Null: it arrived.</summary>
    public void Doubt(DateTimeOffset? since)
    {
        Forget(since ?? DateTimeOffset.MaxValue);
        if (_recent is not null)
        {
            _recent.AddAll(_waiting ?? new());
            Volatile.Write(ref _waiting, _recent);
            _recent = null;
        }
    }

    public void Keep(in QueuedStanza next, bool isAttached)
    {
        if (_waiting is null)
        {
            Volatile.Write(ref _waiting, new());
        }

        if (Bytes + next.Length <= HardLimit * maxBytes)
        {
            _waiting!.Add(next);
        }

        if (_window is not null && !isAttached)
        {
            _waiting!.CoalesceIfLong();
        }

        CheckLimit(isAttached);
        if (_window is { Accounted: not 0 })
        {
            Account(isAway: true);
            Tell(next.Stanza);
        }
    }

    public bool TryTake(out QueuedStanza next)
    {
        var isThere = _waiting is not null;
        next = _waiting?.Take() ?? default;
        if (_waiting is { Count: 0 })
        {
            Volatile.Write(ref _waiting, null);
        }

        return isThere;
    }

    /// <summary>What the last connection did not bring to the client waits again, in front of the rest.</summary>
    public void SendAgain()
    {
        if (_window is not null)
        {
            Volatile.Write(ref _waiting, StanzaQueue.SentAgain(_window, _waiting));
        }
    }

    public void CheckLimit(bool isAttached)
    {
        if (!_isFull && IsOverLimit() && !(isAttached && _window is { } window && window.LetGo() && !IsOverLimit()))
        {
            _isFull = true;
            ThreadPool.UnsafeQueueUserWorkItem(static owner => owner.Overflowed(), owner, preferLocal: false);
        }
    }

    /// <summary>Tells what waits for a client that is away, or that it is not away any more.</summary>
    public readonly void Account(bool isAway)
    {
        var now = isAway ? Bytes + 1 : 0;
        if (_window is { } window && now != window.Accounted)
        {
            owner.Away(now - window.Accounted);
            window.Accounted = now;
        }
    }

    /// <summary>The client is away: tells of everything that waits for it already.</summary>
    public readonly void TellAll()
    {
        foreach (var stanza in (_window?.Queue.All ?? []).Concat(_waiting?.All ?? []))
        {
            Tell(stanza.Stanza);
        }
    }

    private readonly void Tell(PreparedStanza? stanza)
    {
        if (stanza is { IsStanza: true, IsPresence: false })
        {
            owner.Waits(stanza);
        }
    }

    private readonly bool IsOverLimit() =>
        Bytes > maxBytes || (_window is not null && _window.Queue.Count + (_waiting?.Count ?? 0) > Outbox.MaxUnacknowledged);
}
