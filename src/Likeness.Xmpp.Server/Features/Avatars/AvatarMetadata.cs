using System.Collections.Immutable;
using System.Globalization;
using Likeness.Xmpp.Server.Features.PubSub;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Features.Avatars;

/// <summary>The <c>metadata</c> element: read as published, or generated from a portrait (XEP-0084 §4.2).</summary>
internal static class AvatarMetadata
{
    private const int MostInfos = 32;
    private const int LongestUrl = 2048;

    /// <summary>The infos in document order. An element without any, <c>stop</c> included, disables the avatar (X84-8).</summary>
    public static ImmutableArray<AvatarInfo> Infos(Element metadata) =>
        [.. metadata.Where(child => child.Is("info", Ns.AvatarMetadata)).Take(MostInfos).Select(Info)];

    /// <summary>Ids that may be the picture at the data node: png first, then in order (X84-6; P-23). Ids that are no SHA-1 are passed over (X84-53).</summary>
    public static IEnumerable<PictureId> InBandCandidates(ImmutableArray<AvatarInfo> infos)
    {
        foreach (var info in infos.Where(info => info.Url is null).OrderBy(info => info.MediaType == "image/png" ? 0 : 1))
        {
            if (PictureId.TryParse(info.Id, out var id))
            {
                yield return id;
            }
        }
    }

    public static ImmutableArray<PictureLink> Links(ImmutableArray<AvatarInfo> infos) =>
    [
        .. infos.Where(info => info.Url is { Length: <= LongestUrl } url && IsHttp(url))
            .Select(info => new PictureLink(info.Url!, info.Id, info.MediaType, info.Length, info.Width, info.Height)),
    ];

    /// <summary>The item readers of the metadata node see; null when the node is empty.</summary>
    public static PepItem? ItemOf(Portrait portrait)
    {
        if (portrait.MetadataAccess is null)
        {
            return null;
        }

        if (portrait.Published is { } published)
        {
            return new PepItem(published.ItemId, XmlStreamReader.ParseElement(published.Xml), portrait.Changed);
        }

        if (portrait.Picture is { } picture)
        {
            return new PepItem(picture.Id.Hex, Generate(portrait, picture), portrait.Changed);
        }

        // Taken away by another surface: who comes online later must learn it from the last item. By PEP the node itself is emptied.
        return portrait.Origin is Origin.Unknown or Origin.Pep
            ? null
            : new PepItem($"removed-{portrait.Version.ToString(CultureInfo.InvariantCulture)}", Empty(), portrait.Changed);
    }

    public static Element Empty() => new("metadata", Ns.AvatarMetadata);

    /// <summary>True when both show the same metadata item, without writing it out.</summary>
    public static bool IsSameItem(Portrait one, Portrait other) =>
        one.Published == other.Published
        && one.Picture == other.Picture
        && one.Links.SequenceEqual(other.Links)
        && one.MetadataAccess is null == other.MetadataAccess is null;

    private static Element Generate(Portrait portrait, PictureInfo picture)
    {
        var metadata = Empty().Add(Info(picture.Id.Hex, picture.MediaType, picture.Length, picture.Width, picture.Height));
        foreach (var link in portrait.Links)
        {
            metadata.Add(Info(link.Id, link.MediaType, link.Length, link.Width, link.Height).Set("url", link.Url));
        }

        return metadata;
    }

    private static Element Info(string id, string mediaType, int length, int? width, int? height) =>
        new Element("info", Ns.AvatarMetadata)
            .Set("bytes", length.ToString(CultureInfo.InvariantCulture))
            .Set("id", id)
            .Set("type", mediaType)
            .Set("width", width is > 0 ? width.Value.ToString(CultureInfo.InvariantCulture) : null)
            .Set("height", height is > 0 ? height.Value.ToString(CultureInfo.InvariantCulture) : null);

    private static AvatarInfo Info(Element info) => new(
        info["id"] ?? "",
        info["type"] ?? "",
        Number(info["bytes"]) ?? 0,
        Number(info["width"]),
        Number(info["height"]),
        info["url"]);

    private static int? Number(string? text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static bool IsHttp(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp);
}
