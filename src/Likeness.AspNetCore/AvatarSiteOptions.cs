using Likeness.Libravatar;

namespace Likeness.AspNetCore;

/// <summary>How a site shows avatars.</summary>
public sealed class AvatarSiteOptions
{
    /// <summary>The least length of a key, characters.</summary>
    public const int MinKeyLength = 32;

    /// <summary>How avatars are found and fetched: fallback, schemes, cache folder, limits. What <see cref="AvatarClientServices.AddAvatarClient(Microsoft.Extensions.DependencyInjection.IServiceCollection, Action{AvatarClientOptions})"/> configures is set on top of it.</summary>
    public AvatarClientOptions Client { get; set; } = new();

    /// <summary>A keyword of <see cref="DefaultKeywords"/> that avatar servers draw for people without a picture. Null: this site draws a neutral face of its own.</summary>
    public string? Default { get; set; }

    /// <summary>SHA-256 instead of MD5 for e-mail addresses; old servers know only MD5.</summary>
    public bool UseSha256 { get; set; }

    /// <summary>The site serves the pictures itself (<see cref="AvatarEndpoints.MapAvatars"/>). False: pages point to the avatar servers, which then see visitors and hashes.</summary>
    public bool Proxy { get; set; } = true;

    /// <summary>Secrets for the proxy's URLs, of at least <see cref="MinKeyLength"/> characters, the same on all nodes of a site. The first writes URLs, all read them. Empty: one is generated and kept in <see cref="KeyFile"/>.</summary>
    public IList<string> Keys { get; set; } = [];

    /// <summary>Where the generated key is kept. Null: under the user's local application data, named after the application.</summary>
    public string? KeyFile { get; set; }

    /// <summary>How long a visitor's request waits for an avatar server; then the neutral face is shown, and the picture on the next request.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMilliseconds(500);
}
