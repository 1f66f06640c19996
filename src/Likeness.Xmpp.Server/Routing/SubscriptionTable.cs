using System.Collections.Frozen;
using Likeness.Xmpp.Server.Sessions;

namespace Likeness.Xmpp.Server.Routing;

/// <summary>Where a contact stands: the subscription, our pending request (Out), the contact's pending request (In) (RFC 6121 appendix A.1).</summary>
internal readonly record struct SubscriptionState(Subscription Subscription, bool Out, bool In)
{
    /// <summary>The contact neither sees us nor has asked to: what it will ask can be approved now, or was (RFC 6121 §3.4.2).</summary>
    public bool IsBeforeRequest => !In && !Subscription.HasFlag(Subscription.From);

    public static SubscriptionState Of(RosterItem? item) =>
        item is null ? default : new(item.Subscription, item.Asking, item.PendingIn is not null);
}

/// <summary>What to do with a subscription stanza.</summary>
/// <param name="Passes">It is routed (outbound) or delivered (inbound).</param>
/// <param name="AutoReply">Answered by the server on the user's behalf with a presence of this type; null: not.</param>
internal sealed record SubscriptionStep(bool Passes, SubscriptionState Next, string? AutoReply);

/// <summary>The state tables of RFC 6121 appendix A.2 and A.3 as data, but for what is approved before it is asked.</summary>
internal static class SubscriptionTable
{
    private static readonly string[] Types = ["subscribe", "unsubscribe", "subscribed", "unsubscribed"];

    // One line for each state. Cells: outbound then inbound, each subscribe, unsubscribe, subscribed, unsubscribed.
    // A state behind > : the stanza passes and leads there; > alone: it passes and changes nothing; a state alone: it changes silently.
    // + subscribed or unsubscribed: the server answers for the user.
    private const string Cells =
        """
        N     | >NO  | >   | -   | -   | >NI             | -               | -   | -
        NO    | >    | >N  | -   | -   | >NOI            | -               | >T  | >N
        NI    | >NOI | >   | >F  | >N  | -               | >N +unsubscribed | -  | -
        NOI   | >    | >NI | >FO | >NO | -               | >NO +unsubscribed | >TI | >NI
        T     | >    | >N  | -   | -   | >TI             | -               | -   | >N
        TI    | >    | >NI | >B  | >T  | -               | >T +unsubscribed | -  | >NI
        F     | >FO  | >   | -   | >N  | - +subscribed   | >N +unsubscribed | -  | -
        FO    | >    | >F  | -   | >NO | - +subscribed   | >NO +unsubscribed | >B | >F
        B     | >    | >F  | -   | >T  | - +subscribed   | >T +unsubscribed | -  | >F
        """;

    private static readonly FrozenDictionary<(SubscriptionState State, bool Inbound, string Type), SubscriptionStep> Steps = Read();

    public static SubscriptionStep For(SubscriptionState state, bool inbound, string type) => Steps[(state, inbound, type)];

    private static FrozenDictionary<(SubscriptionState, bool, string), SubscriptionStep> Read()
    {
        var steps = new Dictionary<(SubscriptionState, bool, string), SubscriptionStep>();
        foreach (var line in Cells.Split('\n'))
        {
            var cells = line.Split('|', StringSplitOptions.TrimEntries);
            var state = StateOf(cells[0]);
            for (var index = 0; index < 2 * Types.Length; index++)
            {
                steps.Add((state, index >= Types.Length, Types[index % Types.Length]), StepOf(cells[index + 1], state));
            }
        }

        return steps.ToFrozenDictionary();
    }

    private static SubscriptionStep StepOf(string cell, SubscriptionState state)
    {
        var parts = cell.Split(" +");
        var next = parts[0].TrimStart('>');
        return new SubscriptionStep(cell[0] == '>', next is "" or "-" ? state : StateOf(next), parts.Length > 1 ? parts[1] : null);
    }

    private static SubscriptionState StateOf(string name) => new(
        name[0] switch { 'T' => Subscription.To, 'F' => Subscription.From, 'B' => Subscription.Both, _ => Subscription.None },
        name.Contains('O', StringComparison.Ordinal),
        name.Contains('I', StringComparison.Ordinal));
}
