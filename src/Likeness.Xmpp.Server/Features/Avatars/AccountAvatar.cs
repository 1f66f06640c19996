using Likeness.Xmpp.Server.Avatars;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;

namespace Likeness.Xmpp.Server.Features.Avatars;

/// <summary>The views of an account's portrait, kept as long as it stays the same, and who of its viewers is who.</summary>
internal sealed class AccountAvatar
{
    private AvatarViews? _views;
    private Portrait? _closing;

    /// <summary>The portrait contacts lost sight of, while they are being told: to them it is removed (table 4.1, last row).</summary>
    public Portrait? Closing
    {
        get => Volatile.Read(ref _closing);
        set => Volatile.Write(ref _closing, value);
    }

    /// <summary>They were told of this one.</summary>
    public void Closed(Portrait? told) => Interlocked.CompareExchange(ref _closing, null, told);

    public AvatarViews Views(Portrait portrait, AvatarService avatars)
    {
        var known = Volatile.Read(ref _views);
        var views = avatars.See(portrait, known);
        if (!ReferenceEquals(views, known))
        {
            Volatile.Write(ref _views, views);
        }

        return views;
    }

    public AvatarStamp Stamp(Portrait portrait, PresenceAudience audience, AvatarService avatars)
    {
        var views = Views(portrait, avatars);
        if (audience == PresenceAudience.Stranger)
        {
            return views.For(AvatarRelation.Stranger).Stamp;
        }

        var stamp = views.For(AvatarRelation.Contact).Stamp;
        return Closing is not null && stamp.State == AvatarState.Undisclosed ? AvatarStamp.Removed : stamp;
    }

    public static AvatarRelation RelationOf(Account owner, Jid viewer)
    {
        if (viewer.BareText == owner.Jid.Text)
        {
            return AvatarRelation.Owner;
        }

        return owner.Roster.Find(viewer) is { SeesUs: true } ? AvatarRelation.Contact : AvatarRelation.Stranger;
    }
}
