using System.Net;
using Likeness.Libravatar;

namespace Likeness.Http;

/// <summary>A request for an avatar, as far as it decides about the answer.</summary>
/// <param name="Key">What prepared answers are found by: the site's prefix, then the path behind <c>/avatar/</c> and the query, as sent. Kept; not to be changed.</param>
/// <param name="Site">The domain whose policy holds for people nobody knows.</param>
/// <param name="Client">Whose renders are counted; null: nobody's.</param>
public readonly record struct AvatarRequest(byte[] Key, AvatarSite Site, IPAddress? Client)
{
    /// <summary>It comes from a program such as this one: no further server is asked for it (L-57).</summary>
    public bool IsRelayed { get; init; }

    /// <summary>Reads the target by the sizes of a policy. False: no hash is there (L-23).</summary>
    internal bool TryRead(AvatarSizes sizes, out AvatarQuery query) =>
        AvatarTarget.TryRead(Key.AsSpan(Site.KeyPrefix.Length), sizes, out query);
}
