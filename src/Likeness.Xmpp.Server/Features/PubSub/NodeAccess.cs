using Likeness.Xmpp.Server.Sessions;

namespace Likeness.Xmpp.Server.Features.PubSub;

/// <summary>
/// Who may read a node (XEP-0060 §4.5, §6.5.9). Evaluated at every use, so a cancelled subscription ends it at once. A
/// stranger reads what is open and is else told one thing, whatever there is: an account, a node, or nobody.
/// </summary>
internal static class NodeAccess
{
    public static bool Allows(Account owner, IPepNode node, Jid reader) => Refusal(owner, node, reader) is null;

    /// <param name="owner">Null: the reader finds nobody there.</param>
    /// <param name="node">Null, or without options: there is no such node.</param>
    /// <returns>Null: the node exists and may be read.</returns>
    public static StanzaErrorException? Refusal(Account? owner, IPepNode? node, Jid reader)
    {
        var isThere = node?.Options is not null;
        if (owner is null)
        {
            return PubSubError.PresenceSubscriptionRequired();
        }

        if (reader.BareText == owner.Jid.Text)
        {
            return isThere ? null : PubSubError.NodeNotFound();
        }

        if (isThere && node!.Access == AccessModel.Open)
        {
            return null;
        }

        if (owner.Roster.Find(reader) is not { SeesUs: true } contact)
        {
            return PubSubError.PresenceSubscriptionRequired();
        }

        if (!isThere)
        {
            return PubSubError.NodeNotFound();
        }

        if (Hears(contact, node!.Access, node.Options!.RosterGroups))
        {
            return null;
        }

        return node.Access == AccessModel.Whitelist ? PubSubError.ClosedNode() : PubSubError.NotInRosterGroup();
    }

    /// <summary>The owner, and a contact who sees the owner's presence, hear events without subscribing.</summary>
    public static bool Hears(Account owner, AccessModel access, string? groups, Jid who) =>
        who.BareText == owner.Jid.Text || (owner.Roster.Find(who) is { SeesUs: true } contact && Hears(contact, access, groups));

    /// <summary>A contact who sees the owner's presence may hear events under this access model.</summary>
    public static bool Hears(RosterItem subscriber, AccessModel access, string? groups) => access switch
    {
        AccessModel.Open or AccessModel.Presence => true,
        AccessModel.Roster => groups is null || groups.Split('\n').Intersect(subscriber.Groups, StringComparer.Ordinal).Any(),
        _ => false,
    };
}
