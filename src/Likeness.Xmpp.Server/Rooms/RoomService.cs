using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Rooms;

/// <summary>The domain of rooms (XEP-0045): brings every stanza to its room, in the room's order.</summary>
internal sealed class RoomService(
    RoomDirectory directory,
    RoomArchive archive,
    RoomEntrance entrance,
    RoomPresence presences,
    RoomMessages messages,
    RoomInvitations invitations,
    RoomQuestions questions,
    RoomAdministration administration,
    RoomOwning owning,
    RoomModeration moderation,
    RoomRegistration registration,
    RoomCards cards,
    RoomDiscovery discovery,
    OutgoingQuestions outgoing,
    XmppServerOptions options,
    TimeProvider time) : LocalService
{
    private const int MaxPauses = 5;

    // A client that answers so to what it was sent is not there any more, or not reachable (XEP-0045 §18.1.2).
    private static readonly string[] GoneConditions =
    [
        "gone", "item-not-found", "recipient-unavailable", "redirect", "remote-server-not-found", "remote-server-timeout", "service-unavailable", "jid-malformed", "internal-server-error",
    ];

    protected override ValueTask Presence(Sender from, Element presence, Jid to)
    {
        if (to.Local is null)
        {
            return default;
        }

        return presence["type"] switch
        {
            null => Enter(from, presence, to),
            "unavailable" => Leave(from, presence, to),
            "error" => Lost(from, presence, to),
            "probe" => AtItsPace(() => Probe(from, to)),
            _ => default,
        };
    }

    protected override ValueTask Message(Sender from, Element message, Jid to)
    {
        if (to.Local is null)
        {
            return message["type"] == "error" ? default : throw new StanzaErrorException(StanzaCondition.ServiceUnavailable);
        }

        return message["type"] switch
        {
            "error" => Lost(from, message, to),
            "groupchat" when to.Resource is null => Say(from, message, to),
            _ => AtItsPace(() => Tell(from, message, to)),
        };
    }

    protected override async ValueTask Iq(Sender from, Element iq, Jid to)
    {
        var isAnswer = iq["type"] is "result" or "error";
        if (to.Local is null)
        {
            if (!isAnswer)
            {
                await AskService(from, iq, to);
            }

            return;
        }

        if (isAnswer && outgoing.Complete(iq, to))
        {
            return;
        }

        Func<ValueTask<Element>>? reading = null;
        using (var turn = await directory.Enter(to))
        {
            if (turn.Room is { } room && (!entrance.IsLocked(room) || room.AffiliationOf(from.Jid) == Affiliation.Owner))
            {
                reading = await Ask(room, from, iq, to, isAnswer);
            }
            else if (!isAnswer)
            {
                throw new StanzaErrorException(StanzaCondition.ItemNotFound, "There is no such room.");
            }
        }

        if (reading is not null)
        {
            // A page is read and sent while the room goes on.
            from.Reply(StanzaReply.Result(iq, await reading()));
        }
    }

    private async ValueTask<Func<ValueTask<Element>>?> Ask(Room room, Sender from, Element iq, Jid to, bool isAnswer)
    {

        if (isAnswer)
        {
            RoomQuestions.Answer(room, from, iq);
        }
        else if (to.Resource is not null)
        {
            questions.Ask(room, from, iq, to);
        }
        else
        {
            await room.Said;
            if (archive.Read(room, from, iq) is { } reading)
            {
                return reading;
            }

            from.Reply(StanzaReply.Result(iq, await AskRoom(room, from, iq)));
        }

        return null;
    }

    private async ValueTask Enter(Sender from, Element presence, Jid to)
    {
        try
        {
            await AtItsPace(() => entrance.Enter(from, presence, to));
        }
        catch (StanzaErrorException refusal)
        {
            RoomEntrance.Refuse(from, presence, to, refusal);
        }
    }

    private async ValueTask Leave(Sender from, Element presence, Jid to)
    {
        using var turn = await directory.Enter(to);
        if (turn.Room is { } room && room.Occupants.Find(from.Jid) is { } session)
        {
            await room.Said;
            entrance.Leave(room, session, new PresenceNote { Asked = presence });
            entrance.RemoveGhosts(room);
        }
    }

    /// <summary>Whether this error says that its sender is not there any more.</summary>
    public static bool IsGone(Element error) => GoneConditions.Contains(StanzaReply.ReadError(error).Condition.Name);

    private async ValueTask Lost(Sender from, Element stanza, Jid to)
    {
        if (!IsGone(stanza))
        {
            return;
        }

        using var turn = await directory.Enter(to);
        if (turn.Room is { } room && room.Occupants.Find(from.Jid) is { } session)
        {
            await room.Said;
            entrance.Leave(room, session, RoomEntrance.Lost());
            entrance.RemoveGhosts(room);
        }
    }

    // XEP-0045 §17.3: never a way in.
    private async ValueTask Probe(Sender from, Jid to)
    {
        using var turn = await directory.Enter(to);
        if (turn.Room is not { } room || room.Occupants.Find(from.Jid) is not { } session)
        {
            return;
        }

        CountPace(room, from);
        if (to.Resource is null)
        {
            presences.ShowRoom(room, session);
        }
        else if (room.Occupants.Named(to.Resource) is { } asked && (asked == session.Occupant || room.Sees(session.Occupant, asked.Role)))
        {
            presences.Send(room, session, RoomPresence.Seen(room, asked, session.Occupant));
        }

        entrance.RemoveGhosts(room);
    }

    private ValueTask Say(Sender from, Element message, Jid to) => AtItsPace(async () =>
    {
        var (room, said) = await SayNow(from, message, to);
        if (!said.IsCompletedSuccessfully)
        {
            await said;
            await TakeLeaveOfGhosts(room);
        }
    });

    private async ValueTask AtItsPace(Func<ValueTask> act)
    {
        for (var pauses = 0; ; pauses++)
        {
            try
            {
                await act();
                return;
            }
            catch (TooFastException tooFast)
            {
                await Pause(tooFast.Wait, pauses);
            }
        }
    }

    // Counted while the room's turn is held.
    private void CountPace(Room room, Sender from)
    {
        if (room.Occupants.Find(from.Jid) is { } session)
        {
            session.Pace.Take(options.Rooms.MaxStanzasPerSecond, time);
        }
    }

    // Found while what was stored was sent, when nobody held the room's turn.
    private async ValueTask TakeLeaveOfGhosts(Room room)
    {
        if (room.Ghosts is not null)
        {
            using var turn = await directory.Enter(room.Address);
            if (turn.Room is { } entered)
            {
                await entered.Said;
                entrance.RemoveGhosts(entered);
            }
        }
    }

    private async ValueTask<(Room Room, Task Said)> SayNow(Sender from, Element message, Jid to)
    {
        using var turn = await directory.Enter(to);
        var room = turn.Room ?? throw NoRoom();
        var said = await messages.Say(room, from, message);
        if (said.IsCompletedSuccessfully)
        {
            entrance.RemoveGhosts(room);
        }

        return (room, said);
    }

    // The client's next stanza is read only when this one is through: its own stream waits, and nobody else.
    private async Task Pause(TimeSpan wait, int pauses)
    {
        if (pauses == MaxPauses || wait > OccupantPace.MaxPause)
        {
            throw new StanzaErrorException(
                StanzaCondition.ResourceConstraint, $"This is too much at once for a room: {options.Rooms.MaxStanzasPerSecond} messages and presences a second, over some time.");
        }

        await Task.Delay(wait, time);
    }

    private async ValueTask Tell(Sender from, Element message, Jid to)
    {
        using var turn = await directory.Enter(to);
        var room = turn.Room ?? throw NoRoom();
        CountPace(room, from);
        await room.Said;
        if (to.Resource is not null)
        {
            await messages.SayPrivately(room, from, message, to);
        }
        else if (!await registration.Approve(room, from, message))
        {
            await invitations.Take(room, from, message);
        }

        entrance.RemoveGhosts(room);
    }

    private static StanzaErrorException NoRoom() => new(StanzaCondition.ItemNotFound, "There is no such room.");

    private async ValueTask AskService(Sender from, Element iq, Jid to)
    {
        var payload = StanzaReply.Payload(iq);
        var answer = (iq["type"], payload.Name, payload.Namespace) switch
        {
            ("get", "query", Ns.DiscoInfo) => RoomDiscovery.Service(payload["node"]),
            ("get", "query", Ns.DiscoItems) => await discovery.List(to.Domain, payload),
            ("get", "ping", Ns.Ping) => null,
            _ => throw new StanzaErrorException(StanzaCondition.ServiceUnavailable),
        };
        from.Reply(StanzaReply.Result(iq, answer));
    }

    private async ValueTask<Element?> AskRoom(Room room, Sender from, Element iq)
    {
        var payload = StanzaReply.Payload(iq);
        switch (iq["type"], payload.Name, payload.Namespace)
        {
            case ("get", "query", Ns.DiscoInfo):
                return RoomDiscovery.Info(room, from, payload, await cards.Hash(room, from));
            case ("get", "query", Ns.DiscoItems):
                return RoomDiscovery.Items(room, from, payload);
            case ("get", "ping", Ns.Ping):
                return null;
            case ("get", "query", Ns.MucAdmin):
                return administration.Read(room, from, payload);
            case ("set", "query", Ns.MucAdmin):
                await administration.Change(room, from, payload);
                return null;
            case ("get", "query", Ns.MucOwner):
                return owning.Read(room, from);
            case ("set", "query", Ns.MucOwner):
                await owning.Change(room, from, payload);
                return null;
            case ("get", "vCard", Ns.VCard):
                return await cards.Read(room, from);
            case ("set", "vCard", Ns.VCard):
                if (await cards.Write(room, from, payload))
                {
                    owning.TellChange(room, 104);
                }

                return null;
            case ("get", "query", Ns.Register):
                return RoomRegistration.Read(room, from);
            case ("set", "query", Ns.Register):
                await registration.Write(room, from, payload);
                return null;
            case ("set", "moderate", Ns.Moderation):
                await moderation.Retract(room, from, payload);
                return null;
            default:
                throw new StanzaErrorException(StanzaCondition.ServiceUnavailable);
        }
    }
}
