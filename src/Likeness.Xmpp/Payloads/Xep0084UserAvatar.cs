using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Payloads;

/// <summary>One way to get the picture (XEP-0084 §4.2.1).</summary>
/// <param name="Id">SHA-1 of the bytes in lower-case hexadecimal.</param>
/// <param name="Url">Where it can be fetched; null: at the data node.</param>
public sealed record AvatarInfo(string Id, string Type, long Bytes, int? Width = null, int? Height = null, string? Url = null);

/// <summary>XEP-0084 User Avatar: what is published at its two nodes.</summary>
public static class Xep0084UserAvatar
{
    /// <summary>What the metadata names, in order; empty when the avatar is disabled: no children, or the old <c>stop</c>.</summary>
    /// <remarks>Entries without a usable id or type, or with impossible numbers, are passed over; pointers are ignored.</remarks>
    public static IReadOnlyList<AvatarInfo> ReadMetadata(Element metadata)
    {
        var infos = new List<AvatarInfo>();
        foreach (var child in metadata)
        {
            if (child.Is("info", Ns.AvatarMetadata) && ReadInfo(child) is { } info)
            {
                infos.Add(info);
            }
        }

        return infos;
    }

    /// <summary>What the last item of a list or an event names (§3.2); empty: the avatar was taken away, also by retracting. Null: the list has no item.</summary>
    /// <param name="items">The <c>items</c> of an answer or an event of XEP-0060.</param>
    public static IReadOnlyList<AvatarInfo>? LastMetadata(Element? items)
    {
        IReadOnlyList<AvatarInfo>? last = null;
        foreach (var item in items?.AsEnumerable() ?? [])
        {
            last = item.Name switch
            {
                "item" => item.Child("metadata", Ns.AvatarMetadata) is { } metadata ? ReadMetadata(metadata) : [],
                "retract" => [],
                _ => last,
            };
        }

        return last;
    }

    /// <summary>The metadata element; no infos: the avatar is disabled.</summary>
    public static Element Metadata(params IEnumerable<AvatarInfo> infos)
    {
        var metadata = new Element("metadata", Ns.AvatarMetadata);
        foreach (var info in infos)
        {
            metadata.Add(new Element("info", Ns.AvatarMetadata)
                .Set("bytes", Number(info.Bytes)).Set("height", Number(info.Height)).Set("id", info.Id)
                .Set("type", info.Type).Set("url", info.Url).Set("width", Number(info.Width)));
        }

        return metadata;
    }

    /// <summary>The bytes of a data element; false when it is no base64 or has no bytes. Line breaks are passed over (senders must not write them).</summary>
    public static bool TryReadData(Element data, [NotNullWhen(true)] out byte[]? bytes)
    {
        bytes = null;
        return data.Is("data", Ns.AvatarData) && StrictBase64.TryDecodeWithWhitespace(data.Text(), out bytes) && bytes.Length > 0;
    }

    public static Element Data(byte[] bytes) => new Element("data", Ns.AvatarData).Add(Convert.ToBase64String(bytes));

    /// <summary>The id of a picture: SHA-1 of its bytes in lower-case hexadecimal.</summary>
    public static string IdOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA1.HashData(bytes));

    /// <summary>The id in lower case, or null when it is not 40 hexadecimal digits.</summary>
    public static string? NormalizeId(string? id) => id is { Length: 40 } && id.All(char.IsAsciiHexDigit) ? id.ToLowerInvariant() : null;

    private static AvatarInfo? ReadInfo(Element info)
    {
        var id = NormalizeId(info["id"]);
        var type = info["type"];
        if (id is null || string.IsNullOrEmpty(type) || !long.TryParse(info["bytes"], NumberStyles.None, CultureInfo.InvariantCulture, out var bytes))
        {
            return null;
        }

        return new AvatarInfo(id, type, bytes, Pixels(info["width"]), Pixels(info["height"]), info["url"] is { Length: > 0 } url ? url : null);
    }

    private static int? Pixels(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var pixels) && pixels > 0 ? pixels : null;

    private static string? Number(long? value) => value?.ToString(CultureInfo.InvariantCulture);
}
