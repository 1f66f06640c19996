using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Avatars;

/// <summary>What the recipients of a presence may know of the portrait (XEP-0398, table 4.2).</summary>
internal enum AvatarState
{
    /// <summary>A current in-band picture they may see.</summary>
    Image,

    /// <summary>No portrait.</summary>
    None,

    /// <summary>A portrait they may not see, or metadata with links only.</summary>
    Undisclosed,
}

/// <summary>The state for one kind of viewer and the <c>x</c> element that says it (XEP-0153 §4.1), made once per portrait.</summary>
internal sealed class AvatarStamp(AvatarState state, PictureId? picture) : IPresenceStamp
{
    private static readonly Element NotReady = Xep0153VCardAvatars.ToElement(new PhotoUpdate(PhotoUpdateKind.NotReady))!;
    private static readonly Element NoPicture = Xep0153VCardAvatars.ToElement(new PhotoUpdate(PhotoUpdateKind.NoPicture))!;

    /// <summary>There is no portrait, or it was just taken away.</summary>
    public static readonly AvatarStamp Removed = new(AvatarState.None, null);

    public AvatarState State => state;

    public Element X { get; } = state switch
    {
        AvatarState.Image => Xep0153VCardAvatars.ToElement(new PhotoUpdate(PhotoUpdateKind.Picture, picture!.Value.Hex))!,
        AvatarState.None => NoPicture,
        _ => NotReady,
    };

    public PictureId? Picture => picture;

    public bool SaysTheSameAs(AvatarStamp other) => state == other.State && picture == other.Picture;

    /// <param name="isVisible">The audience may see the portrait.</param>
    public static AvatarStamp Of(Portrait portrait, bool isVisible) => portrait switch
    {
        { Picture: null, Links.IsEmpty: true } => Removed,
        { Picture: { } shown } when isVisible => new AvatarStamp(AvatarState.Image, shown.Id),
        _ => new AvatarStamp(AvatarState.Undisclosed, null),
    };

    /// <summary>The presence with exactly one <c>x</c> by table 4.2; the same one when it is right already.</summary>
    public Element Apply(Element presence)
    {
        if (presence["type"] is not null)
        {
            return presence;
        }

        var (first, count) = Find(presence);
        if (first is null)
        {
            return presence.Copy().Add(X);
        }

        var wanted = Decide(first);
        if (count == 1 && ReferenceEquals(wanted, first))
        {
            return presence;
        }

        return WithoutOptOut(presence).Add(wanted);
    }

    /// <summary>The client says that it shows no picture: <c>x</c> with an empty <c>photo</c>.</summary>
    public static bool IsOptOut(Element presence) =>
        presence.Child("x", Ns.VCardUpdate)?.Child("photo") is { Nodes.IsEmpty: true };

    /// <summary>The presence as if the client had said nothing of avatars.</summary>
    public static Element WithoutOptOut(Element presence) => Xep0153VCardAvatars.Write(presence, new PhotoUpdate(PhotoUpdateKind.Absent));

    private static (Element? First, int Count) Find(Element presence)
    {
        Element? first = null;
        var count = 0;
        foreach (var node in presence.Nodes)
        {
            if (node is Element child && child.Is("x", Ns.VCardUpdate))
            {
                first ??= child;
                count++;
            }
        }

        return (first, count);
    }

    private Element Decide(Element x)
    {
        var photo = x.Child("photo");
        if (photo is null)
        {
            return state == AvatarState.Undisclosed && x.Nodes.IsEmpty ? x : X;
        }

        if (photo.Nodes.IsEmpty)
        {
            return x.Nodes.Length == 1 ? x : NoPicture;
        }

        var text = photo.Text();
        if (!PictureId.TryParse(text, out var claimed))
        {
            return X;
        }

        var isSingle = x.Nodes.Length == 1;
        if (state == AvatarState.Undisclosed)
        {
            return isSingle ? x : Xep0153VCardAvatars.ToElement(new PhotoUpdate(PhotoUpdateKind.Picture, text))!;
        }

        return isSingle && claimed == picture && text == claimed.Hex ? x : X;
    }
}
