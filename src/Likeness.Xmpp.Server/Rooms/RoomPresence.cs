using System.Globalization;
using System.Text;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Rooms;

/// <summary>What a presence says beside what the occupant says of itself.</summary>
internal sealed record PresenceNote
{
    /// <summary>Status codes for everybody (XEP-0045 §15.6).</summary>
    public int[] Codes { get; init; } = [];

    /// <summary>Status codes for the occupant alone, 110 apart.</summary>
    public int[] OwnCodes { get; init; } = [];

    /// <summary>The nick of who did it.</summary>
    public string? Actor { get; init; }

    public string? Reason { get; init; }

    /// <summary>The nick the occupant takes.</summary>
    public string? NewNick { get; init; }

    /// <summary>The end of the whole room.</summary>
    public Element? Destroy { get; init; }

    /// <summary>The stanza by which the occupant's client asked for it: its id comes back, and what it says in leaving is passed on.</summary>
    public Element? Asked { get; init; }

    /// <summary>The client it is about alone, when the occupant stays with others.</summary>
    public OccupantSession? Session { get; init; }
}

/// <summary>Shows occupants to each other. A presence is written once for those who may see real addresses and once for those who may not (XEP-0045 §7.2).</summary>
internal sealed class RoomPresence(Router router, XmppServerOptions options, TimeProvider time)
{
    /// <summary>Bytes of what an occupant says of itself: it is kept while the occupant is there, and shown to everybody.</summary>
    public const int MaxBytes = 16 * 1024;

    /// <summary>How long the comings of many are gathered in a large room.</summary>
    private static readonly TimeSpan GatheredFor = TimeSpan.FromMilliseconds(100);

    private static readonly PresenceNote Nothing = new();

    /// <summary>Sends something that was serialised once to one occupant's client.</summary>
    public void Send(Room room, OccupantSession session, PreparedStanza stanza)
    {
        if (!router.To(session.Jid).Send(stanza, session.Jid))
        {
            (room.Ghosts ??= []).Add(session);
        }
    }

    public void Send(Room room, OccupantSession session, Element stanza) => Send(room, session, new PreparedStanza(stanza));

    public void SendAll(Room room, PreparedStanza stanza)
    {
        // Nobody hears somebody before having seen who it is.
        ShowGathered(room);
        foreach (var occupant in room.Occupants.All)
        {
            foreach (var session in occupant.Sessions)
            {
                Send(room, session, stanza);
            }
        }
    }

    /// <summary>Shows an occupant as it is now to everybody, itself last.</summary>
    /// <param name="before">Its role until now: who was not shown that one, or is not shown the new one, is told of a coming or going.</param>
    public void Show(Room room, Occupant occupant, PresenceNote? note = null, Role? before = null)
    {
        ShowOthers(room, occupant, note, before);
        foreach (var session in occupant.Sessions)
        {
            if (note?.Session is null || note.Session == session)
            {
                ShowSelf(room, session, note ?? Nothing);
            }
        }
    }

    /// <summary>Shows an occupant to the others.</summary>
    public void ShowOthers(Room room, Occupant occupant, PresenceNote? note = null, Role? before = null)
    {
        if (note is null && before is null && IsOneOfMany(room, occupant))
        {
            Gather(room, occupant);
            return;
        }

        room.Gathered?.Remove(occupant);
        ShowGathered(room);
        occupant.IsUnseen = false;
        var says = note is { Codes: [], Actor: null, Reason: null } ? null : note;
        var (open, closed, gone) = (default(PreparedStanza), default(PreparedStanza), default(PreparedStanza));
        foreach (var viewer in room.Occupants.All)
        {
            if (viewer == occupant)
            {
                continue;
            }

            if (room.Sees(viewer, occupant.Role))
            {
                var isOpen = room.SeesAddresses(viewer);
                var stanza = says is null ? Prepared(occupant, isOpen) : isOpen ? open ??= Write(occupant, true, says) : closed ??= Write(occupant, false, says);
                SendTo(room, viewer, stanza);
            }
            else if (before is { } role && room.Sees(viewer, role))
            {
                SendTo(room, viewer, gone ??= new PreparedStanza(Leaving(occupant, occupant.Shown, false, Nothing)));
            }
        }
    }

    /// <summary>What was gathered is shown now, to each viewer in one go.</summary>
    public void ShowGathered(Room room)
    {
        if (room.Gathered is not { } gathered)
        {
            return;
        }

        room.Gathered = null;
        foreach (var occupant in gathered)
        {
            occupant.IsUnseen = false;
        }

        foreach (var viewer in room.Occupants.All)
        {
            foreach (var occupant in gathered)
            {
                if (viewer != occupant && room.Sees(viewer, occupant.Role))
                {
                    SendTo(room, viewer, Prepared(occupant, room.SeesAddresses(viewer)));
                }
            }
        }
    }

    private bool IsOneOfMany(Room room, Occupant occupant) =>
        room.Occupants.Count > options.Rooms.GathersFrom && occupant is { Role: Role.Participant or Role.Visitor, Affiliation: Affiliation.None or Affiliation.Member };

    private void Gather(Room room, Occupant occupant)
    {
        if (room.Gathered is null)
        {
            room.Gathered = [];
            ITimer? timer = null;
            timer = time.CreateTimer(_ => { timer?.Dispose(); _ = ShowLater(room); }, null, GatheredFor, Timeout.InfiniteTimeSpan);
        }

        room.Gathered.Add(occupant);
    }

    private async Task ShowLater(Room room)
    {
        using var turn = await room.Order.Enter();
        await room.Said;
        ShowGathered(room);
    }

    /// <summary>An occupant's own copy (status 110).</summary>
    public void ShowSelf(Room room, OccupantSession session, PresenceNote note)
    {
        var presence = Available(session.Occupant, session, true, note, isSelf: true);
        Send(room, session, presence.Set("id", note.Asked?["id"]));
    }

    /// <summary>Shows everybody who is there to one client.</summary>
    public void ShowRoom(Room room, OccupantSession newcomer)
    {
        var viewer = newcomer.Occupant;
        var isOpen = room.SeesAddresses(viewer);
        foreach (var occupant in room.Occupants.All)
        {
            if (occupant != viewer && !occupant.IsUnseen && room.Sees(viewer, occupant.Role))
            {
                Send(room, newcomer, Prepared(occupant, isOpen));
            }
        }
    }

    /// <summary>An occupant is shown from now on to those who are no moderators, or no more.</summary>
    public void ShowOrHide(Room room, Occupant occupant, bool isShown)
    {
        ShowGathered(room);
        var gone = isShown ? null : new PreparedStanza(Leaving(occupant, occupant.Shown, false, Nothing));
        foreach (var viewer in room.Occupants.All)
        {
            if (viewer != occupant && viewer.Role != Role.Moderator)
            {
                SendTo(room, viewer, gone ?? Prepared(occupant, room.SeesAddresses(viewer)));
            }
        }
    }

    /// <summary>One occupant, as another one may see it.</summary>
    public static PreparedStanza Seen(Room room, Occupant occupant, Occupant viewer) => Prepared(occupant, room.SeesAddresses(viewer));

    /// <summary>Tells the others that an occupant is gone; it must not be among the room's occupants any more.</summary>
    public void HideOthers(Room room, Occupant occupant, OccupantSession session, PresenceNote note)
    {
        if (room.Gathered?.Remove(occupant) == true && occupant.IsUnseen)
        {
            return;
        }

        var (open, closed) = (default(PreparedStanza), default(PreparedStanza));
        foreach (var viewer in room.Occupants.All)
        {
            if (viewer != occupant && room.Sees(viewer, occupant.Role))
            {
                SendTo(room, viewer, room.SeesAddresses(viewer)
                    ? open ??= new PreparedStanza(Leaving(occupant, session, true, note))
                    : closed ??= new PreparedStanza(Leaving(occupant, session, false, note)));
            }
        }
    }

    /// <summary>Tells a client that it is in the room no more.</summary>
    public void HideSelf(Room room, OccupantSession session, PresenceNote note) =>
        router.To(session.Jid).Send(new PreparedStanza(Leaving(session.Occupant, session, true, note, isSelf: true).Set("id", note.Asked?["id"])), session.Jid);

    /// <summary>What an occupant says of itself, without what only the room may say.</summary>
    public static Element Said(Element presence)
    {
        var said = new Element("presence", presence.Namespace);
        if (presence.Get("lang", Ns.Xml) is { } language)
        {
            said.Set("lang", Ns.Xml, language);
        }

        foreach (var child in presence)
        {
            if (child.Namespace is not (Ns.Muc or Ns.MucUser or Ns.OccupantId or Ns.Hats))
            {
                said.Add(child);
            }
        }

        return said;
    }

    /// <exception cref="StanzaErrorException"><c>not-acceptable</c>: that is too much.</exception>
    public static Element SaidInShort(Element presence)
    {
        var said = Said(presence);
        return Encoding.UTF8.GetByteCount(said.ToString()) <= MaxBytes
            ? said
            : throw new StanzaErrorException(StanzaCondition.NotAcceptable, $"A presence in a room has at most {MaxBytes} bytes.");
    }

    private void SendTo(Room room, Occupant viewer, PreparedStanza stanza)
    {
        foreach (var session in viewer.Sessions)
        {
            Send(room, session, stanza);
        }
    }

    private static PreparedStanza Prepared(Occupant occupant, bool isOpen) => occupant.Prepare(isOpen, () => Write(occupant, isOpen, Nothing));

    private static PreparedStanza Write(Occupant occupant, bool isOpen, PresenceNote note) => new(Available(occupant, occupant.Shown, isOpen, note));

    private static Element Available(Occupant occupant, OccupantSession session, bool isOpen, PresenceNote note, bool isSelf = false)
    {
        var presence = session.Presence.Copy().Set("from", occupant.Address.Text);
        var item = Item(occupant.Affiliation, occupant.Role, isOpen ? session.Jid : null, note);
        return Finish(presence, occupant, item, note, isSelf);
    }

    private static Element Leaving(Occupant occupant, OccupantSession session, bool isOpen, PresenceNote note, bool isSelf = false)
    {
        var presence = note.Asked is { } asked && asked["type"] == "unavailable" ? Said(asked) : new Element("presence", Ns.Client);
        presence.Set("type", "unavailable").Set("from", occupant.Address.Text);
        var item = note.NewNick is null
            ? Item(occupant.Affiliation, Role.None, isOpen ? session.Jid : null, note)
            : Item(occupant.Affiliation, occupant.Role, isOpen ? session.Jid : null, note).Set("nick", note.NewNick);
        return Finish(presence, occupant, item, note, isSelf);
    }

    private static Element Item(Affiliation affiliation, Role role, Jid? jid, PresenceNote note)
    {
        var item = new Element("item", Ns.MucUser).Set("affiliation", affiliation.Word()).Set("role", role.Word()).Set("jid", jid?.Text);
        if (note.Actor is not null)
        {
            item.Add(new Element("actor", Ns.MucUser).Set("nick", note.Actor));
        }

        return string.IsNullOrEmpty(note.Reason) ? item : item.Add("reason", note.Reason);
    }

    private static Element Finish(Element presence, Occupant occupant, Element item, PresenceNote note, bool isSelf)
    {
        var x = new Element("x", Ns.MucUser).Add(item).Add(note.Destroy);
        foreach (var code in note.Codes)
        {
            x.Add(Status(code));
        }

        if (isSelf)
        {
            foreach (var code in note.OwnCodes)
            {
                x.Add(Status(code));
            }

            x.Add(Status(110));
        }

        return presence.Add(new Element("occupant-id", Ns.OccupantId).Set("id", occupant.Id)).Add(x);
    }

    public static Element Status(int code) => new Element("status", Ns.MucUser).Set("code", code.ToString(CultureInfo.InvariantCulture));
}
