using System.Security.Cryptography;
using Likeness.Xmpp.Server.Connections;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Sessions;

/// <summary>
/// A session whose stanzas are acknowledged (XEP-0198), and the way back for its client when the connection was lost. Of all connections that
/// want the session one has it; another that asks for it waits until the one before has handled what it was handling.
/// </summary>
internal sealed class ManagedStream
{
    private const int AcknowledgedAfter = 20;
    private static readonly TimeSpan MessageTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(60);
    private readonly Lock _gate = new();
    private readonly Session _session;
    private readonly Binding _binding;
    private readonly TimeSpan? _awayFor;
    private StreamConnection? _claimant;
    private TaskCompletionSource? _released;
    private ITimer? _expiry;
    private uint _acknowledged;
    private Absence? _absence;
    private bool _isForbidden;

    private ManagedStream(Session session, Binding binding, TimeSpan? awayFor)
    {
        (_session, _binding, _awayFor) = (session, binding, awayFor);
        Id = awayFor is null ? null : Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));
    }

    /// <summary>By this the client asks for the session again; null: it does not want to.</summary>
    public string? Id { get; }

    /// <summary>When the client was lost.</summary>
    public long AwaySince { get; private set; }

    /// <summary>Stanzas of the client that were handled to their end, modulo 2³².</summary>
    public uint Handled { get; private set; }

    /// <summary>Agrees, and tells the client so: what is sent behind that is counted.</summary>
    public static ManagedStream Begin(Session session, Binding binding, TimeSpan? awayFor)
    {
        var stream = new ManagedStream(session, binding, awayFor);
        return session.Outbox.Manage(stream.Enabled(), session.Jid.Domain)
            ? stream
            : throw new StreamErrorException("policy-violation", "Stream management was enabled before.");
    }

    /// <summary>Agrees for a session that nothing was sent to yet: everything is counted. The element is told to the client before that.</summary>
    public static (ManagedStream Stream, Element Enabled) FromTheStart(Session session, Binding binding, TimeSpan? awayFor)
    {
        var stream = new ManagedStream(session, binding, awayFor);
        session.Outbox.Manage(null, session.Jid.Domain);
        return (stream, stream.Enabled());
    }

    /// <summary>Counts a stanza of the client once it is handled.</summary>
    public async ValueTask Count(ValueTask handling)
    {
        await handling;
        Handled = unchecked(Handled + 1);
        if (unchecked(Handled - _acknowledged) >= AcknowledgedAfter)
        {
            Acknowledge();
        }
    }

    /// <summary>Tells the client what was handled.</summary>
    public void Acknowledge()
    {
        lock (_gate)
        {
            _acknowledged = Handled;
            _session.Send(new Element("a", Ns.StreamManagement).Set("h", $"{Handled}"));
        }
    }

    /// <summary>Call now and then: asks and tells what is due. True: the client does not answer what it was asked, nor says anything else.</summary>
    public bool IsSilent(TimeSpan silence)
    {
        if (Handled != _acknowledged)
        {
            Acknowledge();
        }

        var unanswered = _session.Outbox.AskWhatArrived(out var hasMessage);
        var limit = hasMessage ? MessageTimeout : AnswerTimeout;
        return unanswered >= limit && silence >= limit;
    }

    /// <summary>A connection wants the session. False: it is over, or another one was first. The one that has it lets go then, and writes nothing more.</summary>
    /// <param name="released">Completes when nothing of the session is handled on the other connection any more.</param>
    public bool TryClaim(StreamConnection connection, out StreamConnection? holder, out Task released)
    {
        lock (_gate)
        {
            (holder, released) = (_session.Connection, Task.CompletedTask);
            if (_isForbidden || _claimant is not null)
            {
                return false;
            }

            _claimant = connection;
            StopExpiry();
            _session.Outbox.Detach();
            if (holder is not null)
            {
                _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
                released = _released.Task;
            }

            return true;
        }
    }

    /// <summary>The claim comes true. False: the session is over.</summary>
    public bool Take(StreamConnection connection)
    {
        lock (_gate)
        {
            if (_isForbidden || _claimant != connection || _session.Connection is not null || _session.Outbox.HasGap)
            {
                return false;
            }

            (_claimant, _released) = (null, null);
            _session.Connection = connection;
            return true;
        }
    }

    /// <summary>What waits leaves by the connection that took the session, unless another one has claimed it meanwhile. True: there was another connection before.</summary>
    public bool Attach(StreamOutput output)
    {
        lock (_gate)
        {
            return _claimant is null && _session.Outbox.Attach(output);
        }
    }

    /// <summary>A claim that did not come true: the client may try again.</summary>
    public void GiveUp(StreamConnection connection)
    {
        lock (_gate)
        {
            if (_claimant == connection)
            {
                (_claimant, _released) = (null, null);
                if (_session.Connection is null && !_isForbidden)
                {
                    Wait();
                }
            }
        }
    }

    /// <summary>The connection is over. True: the session goes on, without it; false: the session is over, too.</summary>
    public bool Release(StreamConnection connection, StreamEnd end)
    {
        lock (_gate)
        {
            if (_session.Connection != connection)
            {
                return true;
            }

            var isClaimed = _claimant is not null;
            if (_isForbidden || (!isClaimed && !CanWait(end)))
            {
                _isForbidden = true;
                return false;
            }

            _session.Connection = null;
            if (isClaimed)
            {
                _released?.TrySetResult();
            }
            else
            {
                Wait();
            }

            return true;
        }
    }

    /// <summary>The session must not go on. True: it has no connection whose end would end it.</summary>
    public bool Forbid()
    {
        lock (_gate)
        {
            var isFirst = !_isForbidden;
            _isForbidden = true;
            StopExpiry();
            _released?.TrySetResult();
            return isFirst && _session.Connection is null;
        }
    }

    private Element Enabled()
    {
        var enabled = new Element("enabled", Ns.StreamManagement);
        return _awayFor is { } time ? enabled.Set("resume", "true").Set("id", Id).Set("max", $"{(long)time.TotalSeconds}") : enabled;
    }

    private bool CanWait(StreamEnd end) => _awayFor is not null && end != StreamEnd.Closed && !_session.Outbox.HasGap;

    private void Wait()
    {
        _session.Outbox.Detach(awaitsReturn: true);
        _absence = new Absence(this);
        (AwaySince, _expiry) = _binding.Away.Add(_session, _awayFor ?? TimeSpan.Zero, static absence => ((Absence)absence!).Of.Expire((Absence)absence), _absence);
    }

    private void Expire(Absence absence)
    {
        lock (_gate)
        {
            if (_isForbidden || _expiry is null || _absence != absence)
            {
                return;
            }

            _isForbidden = true;
            StopExpiry();
        }

        _ = _binding.EndAway(_session);
    }

    private void StopExpiry()
    {
        if (_expiry is not null)
        {
            _expiry.Dispose();
            _expiry = null;
            _binding.Away.Remove(_session);
        }
    }

    /// <summary>One time that the client is away; another one may have begun when its end is told.</summary>
    private sealed class Absence(ManagedStream of)
    {
        public ManagedStream Of { get; } = of;
    }
}
