using System.Collections.Immutable;

namespace Likeness.Libravatar.Discovery;

/// <summary>What is known of a domain's avatar servers.</summary>
/// <param name="Bases">The domain's own servers in the order of trial; empty unless <see cref="DiscoveryStatus.Found"/>.</param>
public sealed record FoundServers(DiscoveryStatus Status, ImmutableArray<AvatarBase> Bases)
{
    internal static FoundServers Without(DiscoveryStatus status) => new(status, []);
}

/// <summary>What DNS said about a domain's avatar servers.</summary>
public enum DiscoveryStatus
{
    /// <summary>It names servers.</summary>
    Found,

    /// <summary>It names none that can be used.</summary>
    None,

    /// <summary>It says itself that it has no avatar service (a target of <c>.</c>, RFC 2782).</summary>
    Absent,

    /// <summary>It was not asked: a single label, an address, a special-use name such as <c>localhost</c>, or no domain at all.</summary>
    NotAsked,

    /// <summary>DNS has not answered yet; the answer is remembered when it comes.</summary>
    Pending,

    /// <summary>No resolver gave an answer.</summary>
    Failed,
}
