using Likeness.Libravatar.Caching;
using Likeness.Libravatar.Discovery;
using Likeness.Libravatar.Fetching;

namespace Likeness.Libravatar;

/// <summary>How an <see cref="AvatarClient"/> finds avatars. Everything but the rules of <see cref="Fetch"/> can come from configuration; a client takes a copy of what matters when it is made.</summary>
public sealed record AvatarClientOptions
{
    public SchemePolicy Scheme { get; set; } = SchemePolicy.HttpsOnly;

    /// <summary>Who is asked about people of domains without a server of their own.</summary>
    public FallbackPolicy Fallback { get; set; } = FallbackPolicy.Libravatar;

    /// <summary>Servers of your own choice to ask instead: the base URL for https, the one for http, or both. Excludes <see cref="FallbackPolicy.None"/>.</summary>
    public IList<Uri> FallbackServers { get; set; } = [];

    /// <summary>A domain that says in DNS that it has no avatar service (a target of <c>.</c>, RFC 2782) gets no URL instead of the fallback's.</summary>
    public bool HonourAbsence { get; set; }

    public DiscoveryOptions Discovery { get; set; } = new();

    /// <summary>Rules for fetching pictures. A domain's server may have any port of its own choice, but none of those below 1024 that belong to other services.</summary>
    public SafeFetchOptions Fetch { get; set; } = new() { MayUsePort = static port => port is 80 or 443 or >= 1024 };

    public ImageCacheOptions Cache { get; set; } = new();

    /// <summary>How many of a domain's servers are tried for one picture.</summary>
    public int MaxServers { get; set; } = 3;

    /// <summary>Says what is wrong with the options; null when they can be used.</summary>
    public string? Problem()
    {
        try
        {
            _ = FallbackBases.Of(this);
            Discovery.Validate();
            Fetch.Validate();
            Cache.Validate();
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MaxServers);
            return null;
        }
        catch (ArgumentException exception)
        {
            return exception.Message;
        }
    }
}

/// <summary>Who is asked about people whose domain names no avatar server.</summary>
public enum FallbackPolicy
{
    /// <summary>libravatar.org, which so learns the hash of the address.</summary>
    Libravatar,

    /// <summary>Nobody: people of such domains have no avatar, and no hash goes to a central server.</summary>
    None,
}
