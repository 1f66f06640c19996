namespace Likeness.Xmpp.Server.Rooms;

/// <summary>What a person is in a room for good (XEP-0045 §5.2), the least first.</summary>
internal enum Affiliation
{
    Outcast,
    None,
    Member,
    Admin,
    Owner,
}

/// <summary>What an occupant may do while it is there (XEP-0045 §5.1), the least first.</summary>
internal enum Role
{
    None,
    Visitor,
    Participant,
    Moderator,
}

/// <summary>A person's place in a room.</summary>
/// <param name="Nick">Reserved for the person.</param>
internal sealed record Standing(Affiliation Affiliation, string? Nick = null, string? Reason = null)
{
    private static readonly Standing[] Plain = [.. Enum.GetValues<Affiliation>().Select(affiliation => new Standing(affiliation))];

    /// <summary>Most say nothing but what somebody is: of those one is enough for all rooms.</summary>
    public static Standing Of(Affiliation affiliation, string? nick, string? reason) =>
        nick is null && reason is null ? Plain[(int)affiliation] : new Standing(affiliation, nick, reason);
}

/// <summary>How affiliations and roles are written.</summary>
internal static class StandingWords
{
    private static readonly string[] Affiliations = ["outcast", "none", "member", "admin", "owner"];
    private static readonly string[] Roles = ["none", "visitor", "participant", "moderator"];

    public static string Word(this Affiliation affiliation) => Affiliations[(int)affiliation];

    public static string Word(this Role role) => Roles[(int)role];

    public static Affiliation? Affiliation(string? word) => Array.IndexOf(Affiliations, word) is >= 0 and var at ? (Affiliation)at : null;

    public static Role? Role(string? word) => Array.IndexOf(Roles, word) is >= 0 and var at ? (Role)at : null;
}
