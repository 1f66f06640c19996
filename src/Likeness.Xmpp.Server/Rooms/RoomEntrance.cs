using Likeness.Stores;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Rooms;

/// <summary>Who comes, goes, and goes by another name (XEP-0045 §7.2, §7.6, §7.7, §7.14). Called while holding the room's turn.</summary>
internal sealed class RoomEntrance(RoomDirectory directory, RoomPresence presences, IStores stores, DomainPolicies domains, XmppServerOptions options, TimeProvider time)
{
    /// <summary>A room whose first owner says nothing is what it is by default (XEP-0045 §10.1.1).</summary>
    public static readonly TimeSpan MaxLocked = TimeSpan.FromMinutes(10);

    /// <summary>Available presence to a nick: enters, shows itself anew, or takes another nick.</summary>
    public async ValueTask Enter(Sender from, Element presence, Jid to)
    {
        if (to.Resource is not { } nick || Occupants.KeyOf(nick).Length == 0)
        {
            throw new StanzaErrorException(StanzaCondition.JidMalformed, "A room is entered under a nick: room@service/nick.");
        }

        using var turn = await FindOrCreate(from, presence, to);
        if (turn.Room is not { } room)
        {
            return;
        }

        await room.Said;
        if (room.Occupants.Find(from.Jid) is not { } session)
        {
            Join(room, from.Jid, presence, to);
            RemoveGhosts(room);
            return;
        }

        session.Pace.Take(options.Rooms.MaxStanzasPerSecond, time);
        if (room.Occupants.Named(nick) == session.Occupant && (nick == session.Occupant.Nick || session.Occupant.Sessions.Length > 1))
        {
            Update(room, session, presence, nick);
        }
        else
        {
            Rename(room, session, presence, to);
        }

        RemoveGhosts(room);
    }

    /// <summary>An error of entering comes from the room, and says what it is about (XEP-0045 §7.2).</summary>
    /// <param name="alternate">Another room to go to (RFC 6120 §8.3.3.5).</param>
    public static void Refuse(Sender from, Element presence, Jid to, StanzaErrorException refusal, string? alternate = null)
    {
        var error = refusal.ToElement().Set("by", to.BareText);
        if (alternate is not null)
        {
            error.FirstChild()!.Add($"xmpp:{alternate}?join");
        }

        var reply = new Element("presence", Ns.Client).Set("type", "error").Set("id", presence["id"]).Set("from", to.Text).Set("to", from.Jid.Text).Add(error);
        from.Reply(presence.Child("x", Ns.Muc) is null ? reply : reply.Add(new Element("x", Ns.Muc)));
    }

    /// <summary>A client goes, with or without a word of its own.</summary>
    public void Leave(Room room, OccupantSession session, PresenceNote? note = null)
    {
        var occupant = session.Occupant;
        var isChanged = Remove(room, session);
        note ??= new PresenceNote();
        if (occupant.Sessions.Length == 0)
        {
            presences.HideOthers(room, occupant, session, note);
        }
        else if (isChanged)
        {
            presences.ShowOthers(room, occupant);
        }

        presences.HideSelf(room, session, note);
    }

    /// <summary>Puts an occupant out with all its clients; the presence of each says why.</summary>
    public void PutOut(Room room, Occupant occupant, PresenceNote note)
    {
        presences.ShowGathered(room);
        var (sessions, shown) = (occupant.Sessions, occupant.Shown);
        foreach (var session in sessions)
        {
            room.PutOut(session.Jid, time.GetUtcNow());
            Remove(room, session);
        }

        presences.HideOthers(room, occupant, shown, note);
        foreach (var session in sessions)
        {
            presences.HideSelf(room, session, note);
        }
    }

    /// <summary>The service goes: everybody is told, and of nobody else any more.</summary>
    public void Close(Room room)
    {
        foreach (var session in room.Occupants.All.SelectMany(occupant => occupant.Sessions).ToArray())
        {
            Remove(room, session);
            presences.HideSelf(room, session, new PresenceNote { Codes = [332] });
        }
    }

    /// <summary>A client is an occupant no more; nobody is told.</summary>
    public bool Remove(Room room, OccupantSession session)
    {
        directory.Went(session.Jid, room);
        room.Questions?.Fail(session.Jid);
        return room.Occupants.Remove(session);
    }

    /// <summary>Clients that were found gone while something was sent are taken leave of.</summary>
    public void RemoveGhosts(Room room)
    {
        while (room.Ghosts is { } ghosts)
        {
            room.Ghosts = null;
            foreach (var ghost in ghosts)
            {
                if (room.Occupants.Find(ghost.Jid) == ghost)
                {
                    Leave(room, ghost, Lost());
                }
            }
        }
    }

    /// <summary>The note for somebody who cannot be reached (status 333).</summary>
    public static PresenceNote Lost() => new() { Codes = [333], Reason = "The connection was lost." };

    public bool IsLocked(Room room)
    {
        if (room.LockedSince is { } since && time.GetUtcNow() - since > MaxLocked)
        {
            room.LockedSince = null;
        }

        return room.LockedSince is not null;
    }

    private async ValueTask<RoomTurn> FindOrCreate(Sender from, Element presence, Jid to)
    {
        var turn = await directory.Enter(to);
        if (turn.Room is { } room)
        {
            if (room.Occupants.Find(from.Jid) is null && IsNoWish(presence, room.WasPutOut(from.Jid, time.GetUtcNow())))
            {
                turn.Dispose();
                return default;
            }

            return turn;
        }

        if (IsNoWish(presence, false))
        {
            return default;
        }

        if (await stores.Rooms.FindDestroyed(to.BareText, time.GetUtcNow()) is { } destroyed)
        {
            Refuse(from, presence, to, new StanzaErrorException(StanzaCondition.Gone, destroyed.Reason), destroyed.Alternate);
            return default;
        }

        if (!MayCreate(from.Jid))
        {
            throw new StanzaErrorException(StanzaCondition.NotAllowed, "There is no such room, and you cannot make one here.");
        }

        // Who does not know of configurations could never unlock it.
        return await directory.Create(to.Bare, from.Jid, presence.Child("x", Ns.Muc) is null ? null : time.GetUtcNow());
    }

    // Without <x/> it may be a client that lost its place, or an old one; but not one that speaks as an occupant, or that was just put out.
    private static bool IsNoWish(Element presence, bool wasPutOut) =>
        presence.Child("x", Ns.Muc) is null && (wasPutOut || presence.Child("x", Ns.MucUser) is not null);

    private bool MayCreate(Jid creator) => options.Rooms.Creation switch
    {
        RoomCreation.Nobody => false,
        RoomCreation.Anybody => true,
        _ => domains.ServesChats(creator.Domain),
    };

    private void Join(Room room, Jid person, Element presence, Jid to)
    {
        var x = presence.Child("x", Ns.Muc);
        var affiliation = room.AffiliationOf(person);
        RefuseEntrance(room, person, affiliation, x, to.Resource!);
        var said = RoomPresence.SaidInShort(presence);
        var isNew = room.Occupants.Count == 0 && room.LockedSince is not null;
        var (occupant, session, isChanged) = Add(room, person, said, to, affiliation);
        occupant.IsUnseen = occupant.Sessions.Length == 1;
        presences.ShowRoom(room, session);
        if (isChanged)
        {
            presences.ShowOthers(room, occupant);
        }

        Welcome(room, session, presence, x, Codes(room, session, to.Resource!, isNew));
    }

    private (Occupant Occupant, OccupantSession Session, bool IsChanged) Add(Room room, Jid person, Element said, Jid to, Affiliation affiliation)
    {
        // The service may have more names than one.
        var address = to.Bare == room.Address ? to : room.Address.WithResource(to.Resource!);
        var occupant = room.Occupants.Named(to.Resource!) ?? new Occupant(address, person.Bare, room.OccupantIdOf(person))
        {
            Affiliation = affiliation,
            Role = room.DefaultRole(affiliation),
        };
        var session = new OccupantSession(person, occupant, said);
        var isChanged = room.Occupants.Add(occupant, session);
        directory.Came(person, room);
        return (occupant, session, isChanged);
    }

    private void Welcome(Room room, OccupantSession session, Element presence, Element? x, int[] codes)
    {
        presences.ShowSelf(room, session, new PresenceNote { OwnCodes = codes, Asked = presence });
        foreach (var message in room.History?.For(HistoryRequest.Read(x), room.Configuration.History, time.GetUtcNow()) ?? [])
        {
            presences.Send(room, session, message);
        }

        presences.Send(room, session, Subject(room));
    }

    private static int[] Codes(Room room, OccupantSession session, string nick, bool isNew)
    {
        List<int> codes = [.. OtherNick(session, nick)];
        if (room.Configuration.IsNonAnonymous)
        {
            codes.Add(100);
        }

        if (room.Configuration.IsLogged)
        {
            codes.Add(170);
        }

        if (isNew)
        {
            codes.Add(201);
        }

        return [.. codes];
    }

    // Another client of the person has the nick already, written in another way (XEP-0045 §7.2.3).
    private static int[] OtherNick(OccupantSession session, string nick) => session.Occupant.Nick == nick ? [] : [210];

    // XEP-0045 §7.2.15: always, empty where there is none.
    private static Element Subject(Room room)
    {
        var record = room.Record;
        var message = new Element("message", Ns.Client).Set("type", "groupchat").Set("from", record.SubjectBy ?? room.Address.Text).Add("subject", record.Subject ?? "");
        return record.SubjectSet is { } set ? message.Add(Xep0203DelayedDelivery.Stamp(set, room.Address.Text)) : message;
    }

    private void RefuseEntrance(Room room, Jid person, Affiliation affiliation, Element? x, string nick)
    {
        if (affiliation == Affiliation.Outcast)
        {
            throw new StanzaErrorException(StanzaCondition.Forbidden, "You are banned from this room.");
        }

        if (affiliation != Affiliation.Owner && IsLocked(room))
        {
            throw new StanzaErrorException(StanzaCondition.ItemNotFound, "The room is not open yet.");
        }

        if (room.Configuration.IsMembersOnly && affiliation < Affiliation.Member)
        {
            throw new StanzaErrorException(StanzaCondition.RegistrationRequired, "Only members enter this room.");
        }

        if (room.Configuration.Password is { } password && x?.Child("password")?.Text() != password)
        {
            throw new StanzaErrorException(StanzaCondition.NotAuthorized, "This room needs a password.");
        }

        var there = room.Occupants.Named(nick);
        RefuseTaken(room, person, nick);
        if (there is null && room.Occupants.Count >= room.Configuration.MaxOccupants && affiliation < Affiliation.Admin)
        {
            throw new StanzaErrorException(StanzaCondition.ServiceUnavailable, $"The room is full: it holds {room.Configuration.MaxOccupants} occupants.");
        }
    }

    private static void RefuseTaken(Room room, Jid person, string nick)
    {
        if (room.IsTaken(nick, person))
        {
            throw new StanzaErrorException(StanzaCondition.Conflict, "Somebody else has this nick.");
        }
    }

    // With <x/> the client lost its place and is shown everything again; the others only what is new (XEP-0045 §7.2.1, §17.3).
    private void Update(Room room, OccupantSession session, Element presence, string nick)
    {
        var occupant = session.Occupant;
        var said = RoomPresence.SaidInShort(presence);
        if (!SaysTheSame(said, session.Presence) && occupant.Update(session, said))
        {
            presences.ShowOthers(room, occupant);
        }

        session.IsPictureWithdrawn = false;
        if (presence.Child("x", Ns.Muc) is { } x)
        {
            presences.ShowRoom(room, session);
            Welcome(room, session, presence, x, Codes(room, session, nick, isNew: false));
            return;
        }

        presences.ShowSelf(room, session, new PresenceNote { OwnCodes = OtherNick(session, nick), Asked = presence });
        foreach (var other in occupant.Sessions)
        {
            if (other != session && occupant.Shown == session)
            {
                presences.ShowSelf(room, other, new PresenceNote());
            }
        }
    }

    private static bool SaysTheSame(Element one, Element other) => one.ToString() == other.ToString();

    private void Rename(Room room, OccupantSession session, Element presence, Jid to)
    {
        var (old, nick) = (session.Occupant, to.Resource!);
        var there = room.Occupants.Named(nick);
        RefuseTaken(room, session.Jid, nick);
        var said = RoomPresence.SaidInShort(presence);
        presences.ShowGathered(room);
        var isChanged = room.Occupants.Remove(session);
        session.Presence = said;
        var isGone = old.Sessions.Length == 0;
        if (isGone)
        {
            var note = new PresenceNote { Codes = [303], NewNick = nick };
            presences.HideOthers(room, old, session, note);
            presences.HideSelf(room, session, note);
        }
        else if (isChanged)
        {
            presences.ShowOthers(room, old);
        }

        var occupant = there is null || there == old
            ? new Occupant(room.Address.WithResource(nick), old.Person, old.Id) { Affiliation = old.Affiliation, Role = old.Role }
            : there;
        if (room.Occupants.Add(occupant, session))
        {
            presences.ShowOthers(room, occupant);
        }

        presences.ShowSelf(room, session, new PresenceNote { Asked = presence });
    }
}
