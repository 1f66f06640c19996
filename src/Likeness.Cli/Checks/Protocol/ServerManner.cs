namespace Likeness.Cli.Checks.Protocol;

/// <summary>What a server turns out to be by its first answers.</summary>
/// <param name="Finding">What is to be said of it at once.</param>
internal sealed record ServerManner(ServerManner.Kind Is, Finding? Finding)
{
    internal enum Kind
    {
        /// <summary>It shows something for everybody, as browsers need it.</summary>
        ShowsEverybody,

        /// <summary>Somebody unknown is 404 there; the person who was named is shown.</summary>
        ShowsPeopleOnly,

        /// <summary>Nobody was seen there.</summary>
        ShowsNobody,

        /// <summary>It gives no avatars, or no answers.</summary>
        IsNone,
    }

    /// <summary>Checks that look at strangers' defaults would say the same again; without any picture only the manners can be looked at.</summary>
    public bool Allows(IProtocolCheck check) => Is switch
    {
        Kind.ShowsEverybody => true,
        Kind.ShowsPeopleOnly => check is not (DefaultsCheck or BadHashCheck),
        Kind.ShowsNobody => check is PersonCheck or NotFoundCheck or OpenRedirectCheck or ErrorCheck or SpeedCheck,
        _ => false,
    };
}
