using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Xml;
using Microsoft.Extensions.Logging;

namespace Likeness.Xmpp.Server.Rooms;

/// <summary>
/// Occupants from other servers, of whom nobody says when they are gone: who says nothing is asked for a sign of life now and then, and everybody after the
/// connection to their server broke. Who cannot be reached leaves with status 333 (XEP-0045 §11.1).
/// </summary>
internal sealed partial class RemoteOccupants(
    RoomDirectory directory, RoomEntrance entrance, OutgoingQuestions questions, Router router, TimeProvider time, ILogger<RemoteOccupants> log)
{
    /// <summary>How long one is not asked.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromMinutes(2);

    /// <summary>Asks those who say nothing, or all those of one domain in one of our services. Never throws.</summary>
    public async Task Check(string? service = null, string? domain = null)
    {
        var asked = new List<Task>();
        foreach (var room in directory.Loaded.Where(room => service is null || room.Address.Domain == service))
        {
            foreach (var session in room.Occupants.All.SelectMany(occupant => occupant.Sessions))
            {
                if (domain is null ? !router.Serves(session.Jid.Domain) && session.Pace.IsQuietFor(Period, time) : session.Jid.Domain == domain)
                {
                    asked.Add(Check(room.Address, session));
                }
            }
        }

        await Task.WhenAll(asked);
    }

    private async Task Check(Jid address, OccupantSession session)
    {
        try
        {
            var answer = await questions.Ask(address, session.Jid, "get", new Element("ping", Ns.Ping), AnswerTimeout);
            if (answer["type"] != "error" || !RoomService.IsGone(answer))
            {
                return;
            }

            using var turn = await directory.Enter(address);
            if (turn.Room is { } room && room.Occupants.Find(session.Jid) == session)
            {
                await room.Said;
                entrance.Leave(room, session, RoomEntrance.Lost());
                entrance.RemoveGhosts(room);
            }
        }
        catch (TimeoutException)
        {
            // It may be asleep, and its server keeps the question for it.
        }
#pragma warning disable CA1031 // Nobody waits for this; a fault is logged and ends nothing else.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            Log.NotChecked(log, session.Jid.Text, fault);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "Whether {Occupant} is still there could not be found out")]
        public static partial void NotChecked(ILogger logger, string occupant, Exception exception);
    }
}
