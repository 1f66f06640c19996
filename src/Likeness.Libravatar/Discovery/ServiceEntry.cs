using System.Collections.Immutable;

namespace Likeness.Libravatar.Discovery;

/// <summary>What is remembered of one service name.</summary>
/// <param name="Bases">In the order of trial; empty: no federated server.</param>
/// <param name="IsAbsent">The domain says itself that it has no such service (L-84).</param>
/// <param name="Expires">When it is looked up again.</param>
/// <param name="UsableUntil">How long it is still better than nothing.</param>
internal sealed record ServiceEntry(ImmutableArray<AvatarBase> Bases, bool IsAbsent, DateTimeOffset Expires, DateTimeOffset UsableUntil)
{
    public static ServiceEntry Nothing { get; } = new([], false, DateTimeOffset.MinValue, DateTimeOffset.MinValue);
}
