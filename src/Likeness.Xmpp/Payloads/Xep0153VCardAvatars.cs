using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Payloads;

public enum PhotoUpdateKind
{
    /// <summary>No <c>x</c> at all: says nothing.</summary>
    Absent,

    /// <summary><c>&lt;x/&gt;</c>: not ready to say.</summary>
    NotReady,

    /// <summary><c>&lt;x&gt;&lt;photo/&gt;&lt;/x&gt;</c>: no picture.</summary>
    NoPicture,

    /// <summary>The hash of the picture.</summary>
    Picture,

    /// <summary>A <c>photo</c> whose text is no SHA-1.</summary>
    Unusable,
}

/// <summary>What a presence says of the sender's picture (XEP-0153 §4.1).</summary>
/// <param name="Hash">SHA-1 in lower-case hexadecimal.</param>
public readonly record struct PhotoUpdate(PhotoUpdateKind Kind, string? Hash = null);

/// <summary>XEP-0153 vCard-Based Avatars: the <c>x</c> in presence.</summary>
public static class Xep0153VCardAvatars
{
    /// <summary>By the first <c>x</c> and its first <c>photo</c>.</summary>
    public static PhotoUpdate Read(Element presence)
    {
        if (presence.Child("x", Ns.VCardUpdate) is not { } x)
        {
            return new PhotoUpdate(PhotoUpdateKind.Absent);
        }

        if (x.Child("photo") is not { } photo)
        {
            return new PhotoUpdate(PhotoUpdateKind.NotReady);
        }

        var text = photo.Text().Trim();
        if (text.Length == 0)
        {
            return new PhotoUpdate(PhotoUpdateKind.NoPicture);
        }

        return Xep0084UserAvatar.NormalizeId(text) is { } hash ? new PhotoUpdate(PhotoUpdateKind.Picture, hash) : new PhotoUpdate(PhotoUpdateKind.Unusable);
    }

    /// <summary>A copy of the presence with exactly this one <c>x</c> in the place of all others.</summary>
    public static Element Write(Element presence, PhotoUpdate update)
    {
        var copy = new Element(presence.Name, presence.Namespace).SetAll(presence.Attributes);
        foreach (var node in presence.Nodes)
        {
            if (node is not Element element)
            {
                copy.Add((string)node);
            }
            else if (!element.Is("x", Ns.VCardUpdate))
            {
                copy.Add(element);
            }
        }

        return copy.Add(ToElement(update));
    }

    /// <summary>The <c>x</c> element; null for <see cref="PhotoUpdateKind.Absent"/>.</summary>
    public static Element? ToElement(PhotoUpdate update) => update.Kind switch
    {
        PhotoUpdateKind.Absent => null,
        PhotoUpdateKind.NoPicture => new Element("x", Ns.VCardUpdate).Add(new Element("photo", Ns.VCardUpdate)),
        PhotoUpdateKind.Picture => new Element("x", Ns.VCardUpdate).Add("photo", update.Hash!),
        _ => new Element("x", Ns.VCardUpdate),
    };
}
