using Likeness.Xmpp.Server.Rooms;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;
using Microsoft.Extensions.Logging;

namespace Likeness.Xmpp.Server.Federation;

/// <summary>
/// After a connection to another server broke: who from there is in our rooms is asked whether it is still there, and for our people in
/// rooms there it is asked whether they still are in them (XEP-0410). Nobody is removed in silence.
/// </summary>
internal sealed partial class LostPeers : IDisposable
{
    // A server that was restarted needs a while; after the last time it is taken for gone.
    private static readonly TimeSpan[] Waits = [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(60), TimeSpan.FromMinutes(5)];
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(60);
    private static readonly string[] StillThere = ["service-unavailable", "feature-not-implemented", "item-not-found"];
    private static readonly string[] Unreachable = ["remote-server-not-found", "remote-server-timeout"];
    private readonly AccountDirectory _accounts;
    private readonly RemoteOccupants _occupants;
    private readonly OutgoingQuestions _questions;
    private readonly TimeProvider _time;
    private readonly ILogger<LostPeers> _log;
    private readonly ITimer _timer;

    public LostPeers(Peers peers, AccountDirectory accounts, RemoteOccupants occupants, OutgoingQuestions questions, TimeProvider time, ILogger<LostPeers> log)
    {
        (_accounts, _occupants, _questions, _time, _log) = (accounts, occupants, questions, time, log);
        _timer = time.CreateTimer(static occupants => _ = ((RemoteOccupants)occupants!).Check(), occupants, RemoteOccupants.Period, RemoteOccupants.Period);
        peers.LinkLost.Add((ours, theirs) => _ = Check(ours, theirs));
    }

    public void Dispose() => _timer.Dispose();

    private async Task Check(string ours, string theirs)
    {
        try
        {
            await Task.Delay(Waits[0], _time);
            var visits = _accounts.Loaded
                .Where(account => account.Jid.Domain == ours)
                .SelectMany(account => account.Sessions)
                .Where(session => session.HasDirected)
                .SelectMany(session => session.Directed.RoomsAt(theirs).Select(room => Check(session, room)));
            await Task.WhenAll([_occupants.Check(ours, theirs), .. visits]);
        }
#pragma warning disable CA1031 // Nobody waits for this; a fault is logged and ends nothing else.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Log.NotChecked(_log, theirs, fault);
        }
    }

    private async Task Check(Session session, Jid occupant)
    {
        for (var attempt = 1; attempt <= Waits.Length; attempt++)
        {
            var condition = await Ask(session, occupant);
            if (condition is null || StillThere.Contains(condition) || !session.IsBound)
            {
                return;
            }

            if (!Unreachable.Contains(condition))
            {
                break;
            }

            if (attempt < Waits.Length)
            {
                await Task.Delay(Waits[attempt], _time);
            }
        }

        session.Directed.Remove(occupant);
        session.Send(Gone(session, occupant));
    }

    // Null: it is in the room. Else the condition of the error.
    private async Task<string?> Ask(Session session, Jid occupant)
    {
        try
        {
            var answer = await _questions.Ask(session.Jid, occupant, "get", new Element("ping", Ns.Ping), AnswerTimeout);
            return answer["type"] == "error" ? StanzaReply.ReadError(answer).Condition.Name : null;
        }
        catch (TimeoutException)
        {
            return "remote-server-timeout";
        }
    }

    // As the room would have said it, had it been able to.
    private static Element Gone(Session session, Jid occupant) =>
        new Element("presence", Ns.Client).Set("type", "unavailable").Set("from", occupant.Text).Set("to", session.Jid.Text).Add(
            new Element("x", Ns.MucUser)
                .Add(new Element("item", Ns.MucUser).Set("affiliation", "none").Set("role", "none").Add("reason", "The connection to the room was lost."))
                .Add(new Element("status", Ns.MucUser).Set("code", "110"))
                .Add(new Element("status", Ns.MucUser).Set("code", "333")));

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "What became of visits at {Domain} could not be found out")]
        public static partial void NotChecked(ILogger logger, string domain, Exception exception);
    }
}
