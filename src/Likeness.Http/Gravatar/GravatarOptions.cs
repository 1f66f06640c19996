using Likeness.Libravatar.Fetching;

namespace Likeness.Http.Gravatar;

/// <summary>How Gravatar is asked (L-61, L-62); whether it is asked at all is each domain's decision.</summary>
public sealed record GravatarOptions
{
    private const string Site = "gravatar.com";

    /// <summary>Where its avatars are, without <c>avatar/</c>.</summary>
    public Uri Base { get; init; } = new("https://secure.gravatar.com/");

    /// <summary>What a fetch may do: five seconds, one mebibyte, no host but Gravatar's.</summary>
    public SafeFetchOptions Fetch { get; init; } = new()
    {
        MaxBodyBytes = 1024 * 1024,
        MaxRedirects = 3,
        MayVisit = host => host == Site || host.EndsWith("." + Site, StringComparison.Ordinal),
    };

    /// <summary>Fetches at a moment; who comes then is shown the default, for a short time.</summary>
    public int MaxFetches { get; init; } = 16;

    /// <summary>Bytes of memory for what was fetched and made square.</summary>
    public long Memory { get; init; } = 16L * 1024 * 1024;

    /// <summary>How long Gravatar's "no" is believed.</summary>
    public TimeSpan MissLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long it is left alone about somebody after a failure.</summary>
    public TimeSpan FailureLifetime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a picture is shown when Gravatar says less or nothing; an hour at most.</summary>
    public TimeSpan HitLifetime { get; init; } = TimeSpan.FromMinutes(5);
}
