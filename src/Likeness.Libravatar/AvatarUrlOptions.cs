namespace Likeness.Libravatar;

/// <summary>How an avatar is asked for; what is not set stays out of the URL.</summary>
public sealed record AvatarUrlOptions
{
    public static AvatarUrlOptions Standard { get; } = new();

    /// <summary>Pixels, clamped to 1…512; null and 0 leave it to the server.</summary>
    public int? Size { get; init; }

    /// <summary>A keyword of <see cref="DefaultKeywords"/> or the URL of a picture, for addresses without one.</summary>
    public string? Default { get; init; }

    /// <summary>Show the default even if there is a picture.</summary>
    public bool ForceDefault { get; init; }

    /// <summary>SHA-256 instead of MD5 for e-mail addresses; harder to guess from, but old servers know only MD5. OpenIDs are always SHA-256.</summary>
    public bool UseSha256 { get; init; }
}
