namespace Likeness.Stores;

/// <summary>Addresses that are proved by a page: when they were, and when that is looked at again. A proof is written by <see cref="StoreWrite.Proof"/> and goes with its address.</summary>
public interface IAddressProofStore
{
    /// <summary>Those of a person, by address.</summary>
    ValueTask<IReadOnlyDictionary<string, AddressProof>> Of(Identity person, CancellationToken cancellationToken = default);

    /// <summary>Of those whose time has come the first ones. Nobody else takes them until then, and when nobody says what became of them their time comes again.</summary>
    ValueTask<IReadOnlyList<(Identity Person, string Address, AddressProof Proof)>> Take(DateTimeOffset now, DateTimeOffset until, int most, CancellationToken cancellationToken = default);
}

/// <summary>That a page says whose address it is.</summary>
/// <param name="Proved">When it did last.</param>
/// <param name="Due">When it is looked at again.</param>
/// <param name="Failing">Since when it does not; null: it does.</param>
public sealed record AddressProof(DateTimeOffset Proved, DateTimeOffset Due, DateTimeOffset? Failing = null);
