using System.Text;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Avatars;

/// <summary>A vCard without its picture, and the way back: the place of PHOTO is kept as an empty element.</summary>
internal static class VCardDocument
{
    public const string Kind = "vcard";
    private const int MaxElements = 4000;

    /// <summary>Everything but the picture. A PHOTO with EXTVAL only stays among the other fields (table 4.1).</summary>
    /// <param name="base64">The picture's text, white space as it came; null when there is none.</param>
    /// <param name="isExternal">There is no picture but a PHOTO with EXTVAL.</param>
    public static Element Split(Element vcard, out string? base64, out bool isExternal)
    {
        base64 = null;
        isExternal = false;
        var isPlaced = false;
        var fields = Shell(vcard);
        foreach (var node in vcard.Nodes)
        {
            if (node is not Element { Name: "PHOTO" } photo || photo.Namespace != Ns.VCard)
            {
                Append(fields, node);
                continue;
            }

            var binary = photo.Child("BINVAL")?.Text();
            if (string.IsNullOrWhiteSpace(binary) && photo.Child("EXTVAL") is not null)
            {
                isExternal = true;
                fields.Add(photo);
                continue;
            }

            base64 ??= string.IsNullOrWhiteSpace(binary) ? null : binary;
            if (!isPlaced)
            {
                isPlaced = true;
                fields.Add(new Element("PHOTO", Ns.VCard));
            }
        }

        isExternal &= base64 is null;
        return fields;
    }

    /// <summary>The vCard with this picture where PHOTO was, before a PHOTO by reference, or at the end; without any for null.</summary>
    public static Element Compose(Element? fields, Picture? picture)
    {
        if (fields is null)
        {
            return new Element("vCard", Ns.VCard).Add(Photo(picture));
        }

        var photo = Photo(picture);
        var vcard = Shell(fields);
        foreach (var node in fields.Nodes)
        {
            if (node is not Element { Name: "PHOTO" } placed || placed.Namespace != Ns.VCard)
            {
                Append(vcard, node);
                continue;
            }

            vcard.Add(photo).Add(placed.Nodes.IsEmpty ? null : placed);
            photo = null;
        }

        return vcard.Add(photo);
    }

    /// <summary>No fields at all, a place for PHOTO aside.</summary>
    public static bool IsEmpty(Element fields) =>
        fields.Attributes.IsEmpty && fields.All(child => child.Is("PHOTO", Ns.VCard) && child.Nodes.IsEmpty);

    /// <summary>The picture of a PHOTO.</summary>
    /// <exception cref="StanzaErrorException">It is too large (<c>not-acceptable</c>), no picture of a known kind (the same), or no base64 (<c>bad-request</c>).</exception>
    public static Picture Photo(string base64, int most)
    {
        var picture = ChatPicture.Decode(
            base64,
            most,
            text => new StanzaErrorException(StanzaCondition.NotAcceptable, text),
            text => new StanzaErrorException(StanzaCondition.BadRequest, text));
        return picture.Info.MediaType == ChatPicture.Unknown
            ? throw new StanzaErrorException(StanzaCondition.NotAcceptable, "The PHOTO is no PNG, JPEG, GIF or WebP picture.")
            : picture;
    }

    /// <summary>The fields as they are kept; null when there are none.</summary>
    /// <exception cref="StanzaErrorException"><c>not-acceptable</c>: too many bytes or elements.</exception>
    public static string? Content(Element fields, int maxBytes)
    {
        if (IsEmpty(fields))
        {
            return null;
        }

        var content = ElementWriter.ToText(fields);
        if (Encoding.UTF8.GetByteCount(content) is var size && size > maxBytes)
        {
            throw new StanzaErrorException(
                StanzaCondition.NotAcceptable,
                $"The vCard without its picture has {size} bytes; at most {maxBytes} are allowed.");
        }

        return Count(fields) > MaxElements
            ? throw new StanzaErrorException(StanzaCondition.NotAcceptable, $"A vCard has at most {MaxElements} elements.")
            : content;
    }

    private static int Count(Element element) => 1 + element.Sum(Count);

    private static Element? Photo(Picture? picture)
    {
        if (picture is null)
        {
            return null;
        }

        return Xep0054VCard.Photo(picture.Bytes.Span, picture.Info.MediaType == ChatPicture.Unknown ? null : picture.Info.MediaType);
    }

    private static Element Shell(Element vcard) => new Element(vcard.Name, vcard.Namespace).SetAll(vcard.Attributes);

    private static void Append(Element parent, object node)
    {
        if (node is Element child)
        {
            parent.Add(child);
        }
        else
        {
            parent.Add((string)node);
        }
    }
}
