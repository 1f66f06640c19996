using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Payloads;

public enum VCardPhotoKind
{
    /// <summary>No PHOTO, or one with an empty BINVAL.</summary>
    None,

    /// <summary>Decoded bytes.</summary>
    Picture,

    /// <summary>Only a link (EXTVAL).</summary>
    Link,

    /// <summary>A BINVAL that is no base64, or a picture written where none belongs.</summary>
    Invalid,
}

/// <summary>The PHOTO of a vCard.</summary>
/// <param name="Type">What TYPE claims; the real type wins.</param>
public sealed record VCardPhoto(VCardPhotoKind Kind, byte[]? Bytes = null, string? Type = null, string? Link = null);

/// <summary>XEP-0054 vcard-temp, as far as pictures go.</summary>
public static class Xep0054VCard
{
    /// <summary>The first PHOTO of a vCard.</summary>
    public static VCardPhoto ReadPhoto(Element vCard)
    {
        if (vCard.Child("PHOTO", Ns.VCard) is not { } photo)
        {
            return new VCardPhoto(VCardPhotoKind.None);
        }

        var type = Trimmed(photo.Child("TYPE"));
        var link = Trimmed(photo.Child("EXTVAL"));
        if (photo.Child("BINVAL") is not { } value)
        {
            var kind = link is not null ? VCardPhotoKind.Link : string.IsNullOrWhiteSpace(photo.Text()) ? VCardPhotoKind.None : VCardPhotoKind.Invalid;
            return new VCardPhoto(kind, null, type, link);
        }

        if (value.FirstChild() is not null || !StrictBase64.TryDecodeWithWhitespace(value.Text(), out var bytes))
        {
            return new VCardPhoto(VCardPhotoKind.Invalid, null, type, link);
        }

        return bytes.Length == 0
            ? new VCardPhoto(link is null ? VCardPhotoKind.None : VCardPhotoKind.Link, null, type, link)
            : new VCardPhoto(VCardPhotoKind.Picture, bytes, type, link);
    }

    /// <summary>A copy with this picture as its only PHOTO, all else unchanged; null removes the picture.</summary>
    public static Element WithPhoto(Element vCard, byte[]? bytes, string? type)
    {
        var copy = new Element(vCard.Name, vCard.Namespace).SetAll(vCard.Attributes);
        var pending = bytes is null ? null : Photo(bytes, type);
        foreach (var node in vCard.Nodes)
        {
            if (node is string text)
            {
                copy.Add(text);
            }
            else if (node is Element element && !element.Is("PHOTO", Ns.VCard))
            {
                copy.Add(element);
            }
            else
            {
                copy.Add(pending);
                pending = null;
            }
        }

        return copy.Add(pending);
    }

    /// <summary>A PHOTO element; BINVAL without line breaks.</summary>
    public static Element Photo(ReadOnlySpan<byte> bytes, string? type)
    {
        var photo = new Element("PHOTO", Ns.VCard);
        return (type is null ? photo : photo.Add("TYPE", type)).Add("BINVAL", Convert.ToBase64String(bytes));
    }

    private static string? Trimmed(Element? element) => element?.Text().Trim() is { Length: > 0 } text ? text : null;
}
