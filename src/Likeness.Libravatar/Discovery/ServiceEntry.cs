using System.Collections.Immutable;

namespace Likeness.Libravatar.Discovery;

/// <summary>What is remembered of one service name.</summary>
/// <param name="Bases">In the order of trial; empty: no federated server.</param>
/// <param name="Expires">When it is looked up again.</param>
/// <param name="UsableUntil">How long it is still better than nothing.</param>
internal sealed record ServiceEntry(DiscoveryStatus Status, ImmutableArray<AvatarBase> Bases, DateTimeOffset Expires, DateTimeOffset UsableUntil)
{
    /// <summary>There was no time or no room to look it up.</summary>
    public static ServiceEntry Pending { get; } = new(DiscoveryStatus.Pending, [], DateTimeOffset.MinValue, DateTimeOffset.MinValue);
}
