using Likeness.Libravatar.Discovery;

namespace Likeness.Libravatar;

/// <summary>How an <see cref="AvatarClient"/> finds avatars.</summary>
public sealed record AvatarClientOptions
{
    public SchemePolicy Scheme { get; init; } = SchemePolicy.HttpsOnly;

    /// <summary>For domains without own servers; <see cref="FallbackBases.None"/>: they have no avatars.</summary>
    public FallbackBases Fallback { get; init; } = FallbackBases.Libravatar;

    /// <summary>A domain that says in DNS that it has no avatar service gets no URL instead of the fallback's (L-84).</summary>
    public bool HonourAbsence { get; init; }

    public DiscoveryOptions Discovery { get; init; } = new();
}
