using Likeness.Xmpp.Server.Routing;

namespace Likeness.Xmpp.Server.Features.Avatars;

/// <summary>The stamps of one account, kept as long as its portrait stays the same.</summary>
internal sealed class AvatarStamps
{
    private Made? _made;
    private Portrait? _closing;

    /// <summary>The portrait contacts lost sight of, while they are being told: to them it is removed (table 4.1, last row).</summary>
    public Portrait? Closing
    {
        get => Volatile.Read(ref _closing);
        set => Volatile.Write(ref _closing, value);
    }

    /// <summary>They were told of this one.</summary>
    public void Closed(Portrait? told) => Interlocked.CompareExchange(ref _closing, null, told);

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

        return Closing is not null && made.Contacts.State == AvatarState.Undisclosed ? AvatarStamp.Removed : made.Contacts;
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
