using System.Collections.Frozen;
using System.Globalization;
using Likeness.Libravatar;

namespace Likeness.Http.Gravatar;

/// <summary>Where browsers are sent (L-61). Every part of the URL is written here: nothing of the query is copied (L-46).</summary>
public sealed class GravatarRedirect(GravatarOptions options, AvatarOptions avatars)
{
    private static readonly FrozenSet<string> Known = new[]
    {
        DefaultKeywords.NotFound, DefaultKeywords.MysteryPerson, DefaultKeywords.Identicon, DefaultKeywords.MonsterId, DefaultKeywords.Wavatar,
        DefaultKeywords.Retro, DefaultKeywords.Robohash, DefaultKeywords.Blank,
    }.ToFrozenSet(StringComparer.Ordinal);

    internal string To(AddressHash hash, AvatarQuery query, DomainPolicy policy)
    {
        var target = string.Create(CultureInfo.InvariantCulture, $"avatar/{hash.Text}?s={query.Size}&r=g&d={Uri.EscapeDataString(DefaultOf(query, policy))}");
        return new Uri(options.Base, target).AbsoluteUri;
    }

    private string DefaultOf(AvatarQuery query, DomainPolicy policy) =>
        Keyword(query.Default) ?? Keyword(policy.DefaultFace) ?? OwnDefault(query.Size) ?? DefaultKeywords.MysteryPerson;

    private static string? Keyword(string? name) => name switch
    {
        null => null,
        DefaultKeywords.MysteryMan => DefaultKeywords.MysteryPerson,
        _ => Known.Contains(name) ? name : null,
    };

    // Gravatar takes no query and no unusual port.
    private string? OwnDefault(int size) => avatars.PublicUrl is { IsDefaultPort: true } url
        ? string.Create(CultureInfo.InvariantCulture, $"{url.AbsoluteUri.TrimEnd('/')}/static/defaults/nobody.{Math.Min(size, 512)}.jpg")
        : null;
}
