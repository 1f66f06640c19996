using System.Collections.Immutable;
using System.Globalization;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Avatars;

/// <summary>The <c>metadata</c> element: read as published, or generated from a portrait (XEP-0084 §4.2).</summary>
internal static class AvatarMetadata
{
    private const int LongestUrl = 2048;

    /// <summary>No info at all, <c>stop</c> included: the avatar is disabled.</summary>
    public static bool IsDisabled(Element metadata) => metadata.Child("info") is null;

    public static bool IsDisabled(PublishedMetadata published) => IsDisabled(XmlStreamReader.ParseElement(published.Xml));

    /// <summary>Ids that may be the picture at the data node: png first, then in order.</summary>
    public static PictureId[] InBandCandidates(IReadOnlyList<AvatarInfo> infos) =>
    [
        .. infos.Where(info => info.Url is null).OrderBy(info => info.Type == "image/png" ? 0 : 1).Select(info => new PictureId(info.Id)),
    ];

    public static ImmutableArray<PictureLink> Links(IReadOnlyList<AvatarInfo> infos) =>
    [
        .. infos.Where(info => info.Url is { Length: <= LongestUrl } url && IsHttp(url))
            .Select(info => new PictureLink(info.Url!, info.Id, info.Type, (int)Math.Min(info.Bytes, int.MaxValue), info.Width, info.Height)),
    ];

    /// <summary>The item readers of the metadata node see; null when the node is empty.</summary>
    public static AvatarItem? ItemOf(Portrait portrait)
    {
        if (portrait.MetadataAccess is null)
        {
            return null;
        }

        if (portrait.Published is { } published)
        {
            return new AvatarItem(published.ItemId, XmlStreamReader.ParseElement(published.Xml), portrait.Changed);
        }

        if (portrait.Picture is { } picture)
        {
            return new AvatarItem(picture.Id.Hex, Generate(portrait, picture), portrait.Changed);
        }

        // Taken away by another surface: who comes online later must learn it from the last item. By PEP the node itself is emptied.
        return portrait.Origin is Origin.Unknown or Origin.Pep
            ? null
            : new AvatarItem($"removed-{portrait.Version.ToString(CultureInfo.InvariantCulture)}", Empty(), portrait.Changed);
    }

    public static Element Empty() => Xep0084UserAvatar.Metadata();

    /// <summary>True when both show the same metadata item, without writing it out.</summary>
    public static bool IsSameItem(Portrait one, Portrait other) =>
        one.Published == other.Published
        && one.Picture == other.Picture
        && ShownLinks(one).SequenceEqual(ShownLinks(other))
        && one.MetadataAccess is null == other.MetadataAccess is null;

    private static Element Generate(Portrait portrait, PictureInfo picture) => Xep0084UserAvatar.Metadata(
    [
        new AvatarInfo(picture.Id.Hex, picture.MediaType, picture.Length, Pixels(picture.Width), Pixels(picture.Height)),
        .. ShownLinks(portrait).Select(link => new AvatarInfo(link.Id, link.MediaType, link.Length, link.Width, link.Height, link.Url)),
    ]);

    // The links of a portrait that was set elsewhere lead to our own web side, which serves public portraits only.
    private static ImmutableArray<PictureLink> ShownLinks(Portrait portrait) =>
        portrait.Published is not null || portrait.VisibilityOr(Visibility.Nobody) == Visibility.Public ? portrait.Links : [];

    private static int? Pixels(int known) => known > 0 ? known : null;

    private static bool IsHttp(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp);
}
