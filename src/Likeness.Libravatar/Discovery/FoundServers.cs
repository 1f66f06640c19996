using System.Collections.Immutable;

namespace Likeness.Libravatar.Discovery;

/// <summary>What is known of a domain's avatar servers.</summary>
/// <param name="Bases">The domain's own servers in the order of trial; empty: it has none, or none is known.</param>
/// <param name="IsKnown">False while DNS has not answered yet.</param>
/// <param name="IsAbsent">The domain says itself that it has no avatar service (L-84).</param>
public sealed record FoundServers(ImmutableArray<AvatarBase> Bases, bool IsKnown, bool IsAbsent)
{
    internal static FoundServers None { get; } = new([], true, false);

    internal static FoundServers Unknown { get; } = new([], false, false);
}
