namespace Likeness;

/// <summary>Who may see a portrait, on every surface alike. Ordered: a higher value is stricter.</summary>
public enum Visibility
{
    Public = 0,
    Contacts = 1,
    Nobody = 2,
}

/// <summary>The access models of the two avatar nodes (XEP-0060 §4.5).</summary>
public enum AccessModel
{
    Open,
    Presence,
    Roster,
    Whitelist,
}

/// <summary>How somebody who looks at a portrait stands to its owner; said by whoever knows both.</summary>
public enum AvatarRelation
{
    /// <summary>No subscription: somebody unknown, an occupant of a room, a remote service, the web.</summary>
    Stranger,

    /// <summary>Sees the owner's presence.</summary>
    Contact,

    Owner,
}

public static class AccessModels
{
    /// <summary>Decides who sees a portrait. Every surface asks here.</summary>
    public static bool ShowsTo(this Visibility visibility, AvatarRelation viewer) => viewer switch
    {
        AvatarRelation.Owner => true,
        AvatarRelation.Contact => visibility != Visibility.Nobody,
        _ => visibility == Visibility.Public,
    };

    /// <summary>open → Public, presence and roster → Contacts, whitelist → Nobody.</summary>
    public static Visibility ToVisibility(this AccessModel model) => model switch
    {
        AccessModel.Open => Visibility.Public,
        AccessModel.Presence or AccessModel.Roster => Visibility.Contacts,
        _ => Visibility.Nobody,
    };

    /// <summary>The access model that stands for a visibility when it is chosen outside the chat.</summary>
    public static AccessModel ToAccessModel(this Visibility visibility) => visibility switch
    {
        Visibility.Public => AccessModel.Open,
        Visibility.Contacts => AccessModel.Presence,
        _ => AccessModel.Whitelist,
    };
}
