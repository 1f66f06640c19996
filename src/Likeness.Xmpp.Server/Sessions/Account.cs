using System.Collections.Immutable;
using System.Text;

namespace Likeness.Xmpp.Server.Sessions;

/// <summary>A local person as the server keeps it in memory: sessions, roster, blocklist, portrait. Its gate guards its own changes only; there is no lock above it.</summary>
internal sealed class Account(Jid jid, Roster roster, ImmutableArray<Jid> blocked, Portrait portrait)
{
    // A handful of things: looking through them is as fast as a dictionary, which would cost every account a kilobyte.
    private object[] _featureState = [];
    private ImmutableArray<Session> _sessions = [];
    private Portrait _portrait = portrait;
    private (TaskCompletionSource Done, Session? Except)? _emptied;

    /// <summary>Bare address.</summary>
    public Jid Jid { get; } = jid;

    public Identity Identity { get; } = new(jid.Text);

    /// <summary>The bare address as attribute text.</summary>
    public byte[] AddressBytes { get; } = Encoding.UTF8.GetBytes(System.Security.SecurityElement.Escape(jid.Text)!);

    /// <summary>Held for changes of sessions, presence state and roster; never across an await.</summary>
    public Lock Gate { get; } = new();

    /// <summary>
    /// Held from a change of a resource's presence, or its end, until everybody was told, so that what is told last is what is so.
    /// Taken before <see cref="Gate"/>, never across an await, never that of two accounts at once.
    /// </summary>
    public Lock PresenceGate { get; } = new();

    public Roster Roster { get; } = roster;

    /// <summary>Who is blocked (XEP-0191): bare, full, domain or domain/resource addresses.</summary>
    public ImmutableArray<Jid> Blocked { get; set; } = blocked;

    /// <summary>Bound sessions.</summary>
    public ImmutableArray<Session> Sessions => _sessions;

    /// <summary>The portrait as of now; always known before a presence leaves.</summary>
    public Portrait Portrait => Volatile.Read(ref _portrait);

    /// <summary>Set under the gate when this account was removed: whoever still holds it writes nothing and asks the directory again.</summary>
    public bool Retired { get; set; }

    /// <summary>Nobody binds a session of it. Set under the gate.</summary>
    public bool IsDisabled { get; set; }

    /// <summary>Found since this was last set to false: the directory keeps what is used.</summary>
    internal bool WasUsed { get; set; } = true;

    /// <summary>State a feature keeps for this account, made on first use.</summary>
    public T State<T>() where T : class, new()
    {
        while (true)
        {
            var known = Volatile.Read(ref _featureState);
            if (Find<T>(known) is { } state)
            {
                return state;
            }

            object[] more = [.. known, new T()];
            Interlocked.CompareExchange(ref _featureState, more, known);
        }
    }

    /// <summary>The same, but none is made.</summary>
    public T? StateIfThere<T>()
        where T : class => Find<T>(Volatile.Read(ref _featureState));

    private static T? Find<T>(object[] known)
        where T : class
    {
        foreach (var state in known)
        {
            if (state.GetType() == typeof(T))
            {
                return (T)state;
            }
        }

        return null;
    }

    /// <summary>Takes in a portrait unless a newer one is known already.</summary>
    public void Update(Portrait portrait)
    {
        lock (Gate)
        {
            if (portrait.Version >= _portrait.Version)
            {
                Volatile.Write(ref _portrait, portrait);
            }
        }
    }

    public Session? SessionOf(string resource)
    {
        foreach (var session in _sessions)
        {
            if (session.Jid.Resource == resource)
            {
                return session;
            }
        }

        return null;
    }

    /// <summary>Call under the gate.</summary>
    public void Add(Session session) => _sessions = _sessions.Add(session);

    /// <summary>Call under the gate.</summary>
    public bool Remove(Session session)
    {
        var before = _sessions.Length;
        _sessions = _sessions.Remove(session);
        if (_emptied is { } emptied && IsEmptyBut(emptied.Except))
        {
            emptied.Done.TrySetResult();
        }

        return _sessions.Length < before;
    }

    /// <summary>Completes when no session is bound, or this one alone.</summary>
    internal Task Emptied(Session? except)
    {
        lock (Gate)
        {
            if (IsEmptyBut(except))
            {
                return Task.CompletedTask;
            }

            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _emptied = (done, except);
            return done.Task;
        }
    }

    /// <summary>About what it takes in memory without sessions.</summary>
    internal long EstimateBytes() =>
        2048 + (Roster.Size.Listed * 500L) + (2 * (Roster.Size.Bytes + Roster.Size.PendingBytes)) + (Blocked.Length * 200L);

    /// <summary>Match order full, bare, domain/resource, domain (XEP-0191 §3); own resources are never blocked.</summary>
    public bool Blocks(Jid other)
    {
        if (Blocked.IsDefaultOrEmpty || other.BareText == Jid.Text)
        {
            return false;
        }

        foreach (var entry in Blocked)
        {
            var localMatches = entry.Local is null || entry.Local == other.Local;
            var resourceMatches = entry.Resource is null || entry.Resource == other.Resource;
            if (entry.Domain == other.Domain && localMatches && resourceMatches)
            {
                return true;
            }
        }

        return false;
    }

    private bool IsEmptyBut(Session? except) => _sessions.All(session => session == except);
}
