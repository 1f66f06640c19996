using Likeness.Libravatar;

namespace Likeness.Http.Answering;

/// <summary>
/// Tells which prepared answers are out of date. People and hashes share striped counters, so memory stays fixed (64 KB); a
/// neighbour's change costs one more look-up, an own change is never missed.
/// </summary>
internal sealed class PortraitVersions : IPortraitListener, IAddressListener
{
    private const int Stripes = 4096;
    private const int Everything = 0;
    private readonly long[] _changes = new long[1 + (2 * Stripes)];
    private readonly HashSet<AddressHash> _ofEverybody;

    public PortraitVersions(DomainPolicies policies) =>
        _ofEverybody = [.. policies.All.SelectMany(policy => policy.CatchAll is { } address ? address.Hashes : [])];

    public void OnPortraitChanged(PortraitChanged change)
    {
        Forget(change.Identity);

        // Somebody new may be found by the address that is their name, without anybody having added it.
        if (change.Before.Version == 0 && Address.TryParse(change.Identity.Value, out var address))
        {
            Forget(address.Hashes);
        }
    }

    /// <summary>Answers about this person are prepared anew: the account was removed or replaced elsewhere.</summary>
    public void Forget(Identity identity) => Interlocked.Increment(ref _changes[StripeOf(identity)]);

    public void OnAddressesChanged(AddressesChanged change)
    {
        if (change.Owner is not { } owner)
        {
            ForgetAll();
            return;
        }

        Forget(owner);
        Forget(change.Hashes);
    }

    /// <summary>Every answer is prepared anew: what stands in for portraits is another picture.</summary>
    public void ForgetAll() => Interlocked.Increment(ref _changes[Everything]);

    /// <summary>To be called before anything is looked at.</summary>
    /// <param name="expires">The second of <see cref="HttpClock"/> from which on the answer is prepared anew.</param>
    internal AnswerMemo Begin(long expires, AddressHash? hash)
    {
        var memo = new AnswerMemo(this, expires) { HashKind = hash is { } asked ? asked.IsSha256 ? "sha256" : "md5" : AnswerMemo.OtherHash };
        memo.DependOn(Everything);
        return memo;
    }

    internal bool IsCurrent(ReadOnlySpan<Dependency> dependencies)
    {
        foreach (ref readonly var dependency in dependencies)
        {
            if (Volatile.Read(ref _changes[dependency.Index]) != dependency.Changes)
            {
                return false;
            }
        }

        return true;
    }

    internal Dependency Now(int index) => new(index, Interlocked.Read(ref _changes[index]));

    internal static int StripeOf(Identity identity) => 1 + (int)((uint)identity.GetHashCode() % Stripes);

    internal static int StripeOf(AddressHash hash) => 1 + Stripes + (int)((uint)hash.GetHashCode() % Stripes);

    private void Forget(IEnumerable<AddressHash> hashes)
    {
        foreach (var hash in hashes)
        {
            Interlocked.Increment(ref _changes[StripeOf(hash)]);
            if (_ofEverybody.Contains(hash))
            {
                ForgetAll();
            }
        }
    }
}

/// <summary>What an answer depends on and how long it holds: gathered while it is made, kept with it.</summary>
internal sealed class AnswerMemo(PortraitVersions versions, long expires)
{
    public const string OtherHash = "other";
    private const int ShortSeconds = 60;
    private readonly List<Dependency> _dependencies = new(4);

    /// <summary>The second of <see cref="HttpClock"/> from which on the answer is prepared anew.</summary>
    public long Expires { get; } = expires;

    /// <summary>The answer stands in for something that may be there soon: browsers must not keep it long.</summary>
    public bool IsShort { get; set; }

    /// <summary>For the count: <c>md5</c>, <c>sha256</c> or <c>other</c>.</summary>
    public string HashKind { get; init; } = OtherHash;

    /// <summary>Whom the answer is counted for; null: nobody.</summary>
    public SeenCounter? Seen { get; set; }

    public Dependency[] Dependencies => [.. _dependencies];

    /// <summary>To be called before the portrait is looked at, so that a change in between is noticed.</summary>
    public void DependOn(Identity identity) => DependOn(PortraitVersions.StripeOf(identity));

    /// <summary>To be called before it is asked whose the hash is.</summary>
    public void DependOn(AddressHash hash) => DependOn(PortraitVersions.StripeOf(hash));

    public int Limit(int seconds) => IsShort ? Math.Min(seconds, ShortSeconds) : seconds;

    internal void DependOn(int index) => _dependencies.Add(versions.Now(index));
}

/// <summary>The state of a part of the world that an answer was made from.</summary>
internal readonly record struct Dependency(int Index, long Changes);
