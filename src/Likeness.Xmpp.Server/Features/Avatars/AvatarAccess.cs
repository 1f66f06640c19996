using Likeness.Xmpp.Server.Accounts;

namespace Likeness.Xmpp.Server.Features.Avatars;

/// <summary>Who may see a portrait: the stricter of its two nodes rules every view at once (X84-52, table 4.1).</summary>
internal static class AvatarAccess
{
    /// <summary>The access model in force at a node; a node that does not exist restricts nothing.</summary>
    public static AccessModel Strictest(AccessModel? node, AccessModel? other)
    {
        var own = node ?? AccessModel.Open;
        return other > own ? other.Value : own;
    }

    public static bool MaySee(Account owner, Visibility visibility, Jid viewer) => visibility switch
    {
        Visibility.Public => true,
        _ when viewer.BareText == owner.Jid.Text => true,
        Visibility.Contacts => owner.Roster.Find(viewer) is { SeesUs: true },
        _ => false,
    };
}
