using Likeness.Stores;

namespace Likeness.Xmpp.Server.Features.PubSub;

/// <summary>The configuration of a node, as far as it can differ (XEP-0060 §16.4.3).</summary>
/// <param name="MaxItems"><see cref="int.MaxValue"/> stands for <c>max</c>.</param>
/// <param name="SendLast"><c>never</c>, <c>on_sub</c> or <c>on_sub_and_presence</c>.</param>
/// <param name="RosterGroups">Groups allowed by the access model <c>roster</c>, one a line; null: every contact who sees our presence.</param>
internal sealed record NodeOptions(AccessModel Access, bool Persist, int MaxItems, string SendLast, string? RosterGroups)
{
    public const string OnPresence = "on_sub_and_presence";

    /// <summary>XEP-0163 §3: readable by contacts, one item, sent to whoever comes online.</summary>
    public static readonly NodeOptions PepDefault = new(AccessModel.Presence, true, 1, OnPresence, null);

    public NodeRecord ToRecord(string node) => new(node, Access, Persist, MaxItems, SendLast, RosterGroups);

    public static NodeOptions Of(NodeRecord record) =>
        new(record.Access, record.Persist, record.MaxItems, record.SendLast, record.Configuration);
}
