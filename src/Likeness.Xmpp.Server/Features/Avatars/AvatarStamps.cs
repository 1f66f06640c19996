using Likeness.Xmpp.Server.Routing;

namespace Likeness.Xmpp.Server.Features.Avatars;

/// <summary>The stamps of one account, kept as long as its portrait stays the same.</summary>
internal sealed class AvatarStamps
{
    private Made? _made;
    private volatile bool _isClosing;

    /// <summary>Contacts lost sight of the portrait and are being told: to them it is removed (table 4.1, last row).</summary>
    public bool IsClosing
    {
        get => _isClosing;
        set => _isClosing = value;
    }

    public AvatarStamp For(Portrait portrait, PresenceAudience audience, DomainPolicies policies)
    {
        var made = Volatile.Read(ref _made);
        if (made is null || !ReferenceEquals(made.Portrait, portrait))
        {
            made = Make(portrait, policies);
            Volatile.Write(ref _made, made);
        }

        if (audience == PresenceAudience.Stranger)
        {
            return made.Strangers;
        }

        return IsClosing && made.Contacts.State == AvatarState.Undisclosed ? AvatarStamp.Removed : made.Contacts;
    }

    /// <summary>The stamp subscribers get of this portrait.</summary>
    public static AvatarStamp ForContacts(Portrait portrait, DomainPolicies policies) => Make(portrait, policies).Contacts;

    private static Made Make(Portrait portrait, DomainPolicies policies)
    {
        var visibility = portrait.VisibilityOr(policies.For(portrait.Identity.Domain).DefaultVisibility);
        return new Made(
            portrait,
            AvatarStamp.Of(portrait, visibility != Visibility.Nobody),
            AvatarStamp.Of(portrait, visibility == Visibility.Public));
    }

    private sealed record Made(Portrait Portrait, AvatarStamp Contacts, AvatarStamp Strangers);
}
