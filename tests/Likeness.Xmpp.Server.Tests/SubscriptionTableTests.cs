using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Server.Tests.Play;

namespace Likeness.Xmpp.Server.Tests;

/// <summary>Every cell of RFC 6121 appendix A.2 and A.3 over the wire: the state is set up, the stanza sent, both ends looked at.</summary>
public sealed class SubscriptionTableTests
{
    // R routed, D delivered, - neither; = no change, -> the next state; + answered by the server for the user.
    private const string Rows =
        """
        N     | R->N+O   | R=     | -=     | -=     | D->N+I         | -=                   | -=     | -=
        N+O   | R=       | R->N   | -=     | -=     | D->N+O+I       | -=                   | D->T   | D->N
        N+I   | R->N+O+I | R=     | R->F   | R->N   | -=             | D->N +unsubscribed   | -=     | -=
        N+O+I | R=       | R->N+I | R->F+O | R->N+O | -=             | D->N+O +unsubscribed | D->T+I | D->N+I
        T     | R=       | R->N   | -=     | -=     | D->T+I         | -=                   | -=     | D->N
        T+I   | R=       | R->N+I | R->B   | R->T   | -=             | D->T +unsubscribed   | -=     | D->N+I
        F     | R->F+O   | R=     | -=     | R->N   | -= +subscribed | D->N +unsubscribed   | -=     | -=
        F+O   | R=       | R->F   | -=     | R->N+O | -= +subscribed | D->N+O +unsubscribed | D->B   | D->F
        B     | R=       | R->F   | -=     | R->T   | -= +subscribed | D->T +unsubscribed   | -=     | D->F
        """;

    private static readonly string[] Types = ["subscribe", "unsubscribe", "subscribed", "unsubscribed"];

    // A state in which the sender's own server lets this type pass, whatever the receiver's state is.
    private static readonly string[] Sender = ["N", "N+O", "N+I", "F"];

    public static IEnumerable<TheoryDataRow<string, string, string>> Outbound => Cells("Outbound", 1);

    public static IEnumerable<TheoryDataRow<string, string, string>> Inbound => Cells("Inbound", 1 + Types.Length);

    [Theory]
    [Trait("Requirement", "C-108")]
    [MemberData(nameof(Outbound))]
    public async Task What_a_user_sends_moves_both_ends_by_the_table(string state, string type, string cell)
    {
        await using var scene = new Scene();
        var mirrored = Mirror(state);

        await Play(scene, state, mirrored, type);

        var next = NextOf(state, cell);
        (await StateOf(scene, "juliet", "romeo")).ShouldBe(next);
        var arrives = CellOf(mirrored, 1 + Types.Length + Array.IndexOf(Types, type));
        (await StateOf(scene, "romeo", "juliet")).ShouldBe(cell[0] == 'R' ? NextOf(mirrored, arrives) : mirrored);
        Hears(scene, "romeo/orchard", type).ShouldBe(cell[0] == 'R' && arrives[0] == 'D');
        scene.ServerErrors.ShouldBeEmpty();
    }

    [Theory]
    [Trait("Requirement", "C-109")]
    [MemberData(nameof(Inbound))]
    public async Task What_a_contact_sends_moves_the_receiver_by_the_table(string state, string type, string cell)
    {
        await using var scene = new Scene();

        await Play(scene, Sender[Array.IndexOf(Types, type)], state, type);

        (await StateOf(scene, "romeo", "juliet")).ShouldBe(NextOf(state, cell));
        Hears(scene, "romeo/orchard", type).ShouldBe(cell[0] == 'D');
        Hears(scene, "juliet/balcony", "subscribed").ShouldBe(cell.EndsWith("+subscribed", StringComparison.Ordinal));
        scene.ServerErrors.ShouldBeEmpty();
    }

    private static Task Play(Scene scene, string sender, string receiver, string type) => Performance.Play(scene, Transcript.Parse(type,
    [
        "juliet and romeo are users",
        "juliet's roster has romeo",
        $"    {Words(sender)}",
        "romeo's roster has juliet",
        $"    {Words(receiver)}",
        "juliet/balcony comes online",
        "romeo/orchard comes online",
        "juliet/balcony forgets what it received",
        "romeo/orchard forgets what it received",
        "juliet/balcony sends",
        $"    <presence to='romeo@localhost/orchard' type='{type}'/>",
        "juliet/balcony is fenced",
    ]));

    private static bool Hears(Scene scene, string actor, string type) => scene.Actor(actor).Kept.Any(stanza => stanza["type"] == type);

    private static string Words(string state)
    {
        var subscription = state[0] switch { 'T' => "To", 'F' => "From", 'B' => "Both", _ => "None" };
        var asking = state.Contains("+O", StringComparison.Ordinal) ? ", asking" : "";
        return subscription + asking + (state.Contains("+I", StringComparison.Ordinal) ? ", request pending" : "");
    }

    private static async Task<string> StateOf(Scene scene, string owner, string contact)
    {
        var roster = await (await scene.Server()).Stores.Rosters.Load(new Identity(CastSteps.Address(owner)));
        var item = roster.SingleOrDefault(item => item.Contact == CastSteps.Address(contact));
        var letter = (Subscription)(item?.Subscription ?? 0) switch { Subscription.To => "T", Subscription.From => "F", Subscription.Both => "B", _ => "N" };
        return letter + (item?.Asking == true ? "+O" : "") + (item?.PendingIn is null ? "" : "+I");
    }

    private static string Mirror(string state)
    {
        var letter = state[0] switch { 'T' => "F", 'F' => "T", var same => $"{same}" };
        var asking = state.Contains("+I", StringComparison.Ordinal) ? "+O" : "";
        return letter + asking + (state.Contains("+O", StringComparison.Ordinal) ? "+I" : "");
    }

    private static string NextOf(string state, string cell) => cell.Split("->") is [_, var next] ? next.Split(' ')[0] : state;

    private static string CellOf(string state, int column) =>
        Rows.Split('\n').Select(row => row.Split('|', StringSplitOptions.TrimEntries)).Single(cells => cells[0] == state)[column];

    private static IEnumerable<TheoryDataRow<string, string, string>> Cells(string direction, int first)
    {
        foreach (var row in Rows.Split('\n'))
        {
            var cells = row.Split('|', StringSplitOptions.TrimEntries);
            for (var index = 0; index < Types.Length; index++)
            {
                var cell = cells[first + index];
                yield return new TheoryDataRow<string, string, string>(cells[0], Types[index], cell)
                {
                    TestDisplayName = $"{direction} {Types[index]} in {cells[0]}: {cell}",
                };
            }
        }
    }
}
