using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Rooms;

/// <summary>What the owners of a room decide (XEP-0045 §10.2). The defaults are what a room made in passing needs.</summary>
internal sealed record RoomConfiguration
{
    public const int MaxTitle = 200;
    public const int MaxDescription = 1000;
    public const int MaxPassword = 200;

    // Before the defaults, which use it.
    public static readonly IReadOnlySet<Role> AllRoles = new HashSet<Role> { Role.Visitor, Role.Participant, Role.Moderator };

    public static readonly RoomConfiguration Default = new();

    public string Title { get; init; } = "";

    public string Description { get; init; } = "";

    /// <summary>Of the conversation, such as <c>en</c>; empty: not said.</summary>
    public string Language { get; init; } = "";

    public bool IsPersistent { get; init; }

    public bool IsPublic { get; init; }

    public bool IsModerated { get; init; }

    public bool IsMembersOnly { get; init; }

    /// <summary>Null: none.</summary>
    public string? Password { get; init; }

    /// <summary>Everybody sees who everybody really is, not moderators alone.</summary>
    public bool IsNonAnonymous { get; init; }

    /// <summary>Everybody with voice may change the subject.</summary>
    public bool AllowSubject { get; init; }

    /// <summary>Everybody may invite, not admins alone.</summary>
    public bool AllowInvites { get; init; } = true;

    /// <summary>The least role that may send private messages; null: nobody.</summary>
    public Role? PrivateMessages { get; init; } = Role.Visitor;

    public int MaxOccupants { get; init; } = 200;

    /// <summary>What is said is published; only told, never done here.</summary>
    public bool IsLogged { get; init; }

    /// <summary>What is said is kept.</summary>
    public bool IsArchived { get; init; } = true;

    /// <summary>Messages shown to who enters.</summary>
    public int History { get; init; } = 20;

    /// <summary>The least role that may read the list of members.</summary>
    public Role MemberList { get; init; } = Role.Moderator;

    /// <summary>Roles whose presence everybody is shown.</summary>
    public IReadOnlySet<Role> ShownRoles { get; init; } = AllRoles;

    public bool Equals(RoomConfiguration? other) => other is not null && Text == other.Text;

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    /// <summary>As it is kept.</summary>
    public string Text => ElementWriter.ToText(RoomConfigurationForm.Write(this, "submit", isLabelled: false).ToElement());

    public static RoomConfiguration Read(string text) =>
        RoomConfigurationForm.Apply(Default, DataForm.Read(XmlStreamReader.ParseElement(text))!, int.MaxValue);
}
