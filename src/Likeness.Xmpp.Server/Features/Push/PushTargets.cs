using System.Collections.Immutable;
using Likeness.Stores;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;

namespace Likeness.Xmpp.Server.Features.Push;

/// <summary>The services that wake the devices of one account, as they are stored, and what each was told lately.</summary>
internal sealed class PushTargets : AsyncLock
{
    private ImmutableArray<PushTarget> _all;

    /// <summary>Those that were loaded; a session that has one has loaded them.</summary>
    public ImmutableArray<PushTarget> Loaded => _all.IsDefault ? [] : _all;

    public ValueTask<ImmutableArray<PushTarget>> Load(IPushStore store, Identity account) => _all.IsDefault ? Read(store, account) : new(_all);

    /// <summary>Stores what changes, then reads anew; who was told what is remembered for those that stay.</summary>
    public async ValueTask Change(IPushStore store, Identity account, Func<IPushStore, ValueTask> change)
    {
        using var turn = await Enter();
        await change(store);
        Take(await store.Load(account));
    }

    private async ValueTask<ImmutableArray<PushTarget>> Read(IPushStore store, Identity account)
    {
        using var turn = await Enter();
        if (_all.IsDefault)
        {
            Take(await store.Load(account));
        }

        return _all;
    }

    private void Take(IReadOnlyList<PushRegistration> stored)
    {
        var known = Loaded;
        _all = [.. stored.Select(one => known.FirstOrDefault(target => target.Registration == one) ?? new PushTarget(one))];
    }
}

/// <summary>How soon a device wants to know.</summary>
internal enum PushUrgency
{
    /// <summary>When it looks.</summary>
    None,

    /// <summary>Soon.</summary>
    Normal,

    /// <summary>Somebody calls and waits.</summary>
    High,
}

/// <summary>A service that wakes one device, and what it was told lately.</summary>
internal sealed class PushTarget(PushRegistration registration)
{
    /// <summary>A client that is woken comes within this time, or is woken again by what comes later.</summary>
    private static readonly TimeSpan WakeTime = TimeSpan.FromSeconds(60);
    private readonly Lock _gate = new();
    private DateTimeOffset? _told;
    private PushUrgency _urgency;
    private long _visits;
    private int _count;
    private int _failures;

    public PushRegistration Registration => registration;

    /// <summary>How often the device was there: what began to wait before it came last is not told any more.</summary>
    public long Visits => Volatile.Read(ref _visits);

    /// <summary>The device's session, as far as it has one.</summary>
    public Session? SessionOf(Account account) => account.SessionOf(registration.Resource);

    /// <summary>Something waits for the device. How many messages it is to be told of; 0: it was told lately, or of this very one, or it was there since.</summary>
    /// <param name="visits">As it was when that began to wait.</param>
    /// <param name="received">When the message came that is not new; null: now.</param>
    public int Take(PushUrgency urgency, long visits, DateTimeOffset? received, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (visits != _visits || received <= _told)
            {
                return 0;
            }

            _count = Math.Min(_count + 1, 999);

            // A call is told also to who was told of a message: that may be shown later than at once.
            // A clock that was set back must not keep it asleep.
            if ((now - _told)?.Duration() < WakeTime && urgency <= _urgency)
            {
                return 0;
            }

            (_told, _urgency) = (now, urgency);
            return _count;
        }
    }

    /// <summary>The device is there.</summary>
    public void Back()
    {
        lock (_gate)
        {
            (_told, _count) = (null, 0);
            _visits++;
        }
    }

    /// <summary>The service took it, or did not. How often it has not, in a row.</summary>
    public int Told(bool isTaken)
    {
        lock (_gate)
        {
            return _failures = isTaken ? 0 : _failures + 1;
        }
    }
}
