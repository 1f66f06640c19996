using Likeness.Xmpp.Server.Accounts;

namespace Likeness.Xmpp.Server.Features.PubSub;

/// <summary>Who may read a node (XEP-0060 §4.5; X84-47, X84-48). Evaluated at every use, so a cancelled subscription ends it at once.</summary>
internal static class NodeAccess
{
    public static bool Allows(Account owner, IPepNode node, Jid reader) => Refusal(owner, node, reader) is null;

    public static void Demand(Account owner, IPepNode node, Jid reader)
    {
        if (Refusal(owner, node, reader) is { } refusal)
        {
            throw refusal;
        }
    }

    /// <summary>A contact who sees the owner's presence may hear events under this access model.</summary>
    public static bool Hears(RosterItem subscriber, AccessModel access, string? groups) => access switch
    {
        AccessModel.Open or AccessModel.Presence => true,
        AccessModel.Roster => groups is null || groups.Split('\n').Intersect(subscriber.Groups, StringComparer.Ordinal).Any(),
        _ => false,
    };

    private static StanzaErrorException? Refusal(Account owner, IPepNode node, Jid reader)
    {
        if (node.Access == AccessModel.Open || reader.BareText == owner.Jid.Text)
        {
            return null;
        }

        if (node.Access == AccessModel.Whitelist)
        {
            return PubSubError.ClosedNode();
        }

        if (owner.Roster.Find(reader) is { SeesUs: true } contact && Hears(contact, node.Access, node.Options?.RosterGroups))
        {
            return null;
        }

        return node.Access == AccessModel.Presence ? PubSubError.PresenceSubscriptionRequired() : PubSubError.NotInRosterGroup();
    }
}
