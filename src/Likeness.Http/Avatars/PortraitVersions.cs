namespace Likeness.Http;

/// <summary>
/// Tells which prepared answers are out of date. People share striped counters, so memory stays fixed; a neighbour's
/// change costs one more look-up, a person's own change is never missed.
/// </summary>
public sealed class PortraitVersions : IPortraitListener, IAddressListener
{
    private const int Stripes = 4096;
    private readonly long[] _portraits = new long[Stripes];
    private long _addresses;

    public void OnPortraitChanged(PortraitChanged change)
    {
        Forget(change.Identity);
        if (change.Before.Version == 0)
        {
            Interlocked.Increment(ref _addresses);
        }
    }

    /// <summary>Answers about this person are prepared anew: the account was removed or replaced elsewhere.</summary>
    public void Forget(Identity identity) => Interlocked.Increment(ref _portraits[StripeOf(identity)]);

    /// <summary>An address was added, confirmed or removed: hashes may stand for somebody else now.</summary>
    public void OnAddressesChanged(AddressesChanged change) => Interlocked.Increment(ref _addresses);

    /// <summary>What stands in for portraits is another picture.</summary>
    public void OnDefaultsChanged() => Interlocked.Increment(ref _addresses);

    /// <summary>To be taken before the addresses are looked at.</summary>
    internal AnswerVersion OfAddresses() => new(-1, 0, Interlocked.Read(ref _addresses));

    /// <summary>To be taken before the portrait is looked at.</summary>
    internal AnswerVersion Of(Identity identity, AnswerVersion addresses)
    {
        var stripe = StripeOf(identity);
        return addresses with { Stripe = stripe, Portrait = Interlocked.Read(ref _portraits[stripe]) };
    }

    internal bool IsCurrent(in AnswerVersion version) =>
        version.Addresses == Volatile.Read(ref _addresses)
        && (version.Stripe < 0 || version.Portrait == Volatile.Read(ref _portraits[version.Stripe]));

    private static int StripeOf(Identity identity) => (int)((uint)identity.GetHashCode() % Stripes);
}

/// <summary>The state of the world an answer was made from.</summary>
/// <param name="Stripe">-1: no person was involved.</param>
internal readonly record struct AnswerVersion(int Stripe, long Portrait, long Addresses);
