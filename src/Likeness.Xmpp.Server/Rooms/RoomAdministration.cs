using Likeness.Stores;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Rooms;

/// <summary>Who is what in a room, and who changes it (XEP-0045 §8, §9, §10.3–10.8). Called while holding the room's turn.</summary>
internal sealed class RoomAdministration(RoomDirectory directory, RoomEntrance entrance, RoomPresence presences)
{
    /// <summary>Entries of one answer, and of one request.</summary>
    private const int MaxEntries = 1000;

    /// <summary>Characters of a reason: of an affiliation, with which it is kept, of a kick, and of the end of a room.</summary>
    public const int MaxReason = 500;

    public Element Read(Room room, Sender from, Element query)
    {
        var asked = query.Child("item") ?? throw new StanzaErrorException(StanzaCondition.BadRequest, "A list is asked for by affiliation or role.");
        var viewer = room.Occupants.Find(from.Jid)?.Occupant;
        var answer = new Element("query", Ns.MucAdmin);
        if (StandingWords.Affiliation(asked["affiliation"]) is { } affiliation and not Affiliation.None)
        {
            RefuseReading(room, from, affiliation, viewer);
            foreach (var (person, standing) in room.Standings.Where(entry => entry.Value.Affiliation == affiliation).Take(MaxEntries))
            {
                var item = new Element("item", Ns.MucAdmin).Set("affiliation", affiliation.Word()).Set("jid", person).Set("nick", standing.Nick);
                answer.Add(string.IsNullOrEmpty(standing.Reason) ? item : item.Add("reason", standing.Reason));
            }
        }
        else if (StandingWords.Role(asked["role"]) is { } role and not Role.None)
        {
            if (viewer is not { Role: Role.Moderator })
            {
                throw new StanzaErrorException(StanzaCondition.Forbidden, "Moderators read this list.");
            }

            foreach (var occupant in room.Occupants.All.Where(occupant => occupant.Role == role).Take(MaxEntries))
            {
                answer.Add(new Element("item", Ns.MucAdmin)
                    .Set("affiliation", occupant.Affiliation.Word()).Set("role", role.Word()).Set("nick", occupant.Nick).Set("jid", occupant.Shown.Jid.Text));
            }
        }
        else
        {
            throw new StanzaErrorException(StanzaCondition.BadRequest, "A list is asked for by affiliation or role.");
        }

        return answer;
    }

    /// <summary>All of one request or nothing.</summary>
    public async ValueTask Change(Room room, Sender from, Element query)
    {
        var items = query.Where(child => child.Is("item", Ns.MucAdmin)).ToArray();
        if (items.Length is 0 or > MaxEntries)
        {
            throw new StanzaErrorException(StanzaCondition.BadRequest, $"A change has 1 to {MaxEntries} items.");
        }

        var roles = new List<(Occupant Occupant, Role Role, string? Reason)>();
        var affiliations = new List<RoomAffiliation>();
        foreach (var item in items)
        {
            if ((item["role"] is null) == (item["affiliation"] is null))
            {
                throw new StanzaErrorException(StanzaCondition.BadRequest, "An item changes either an affiliation or a role.");
            }

            if (item["role"] is { } word)
            {
                roles.Add(ReadRole(room, from, item, word));
            }
            else
            {
                affiliations.Add(ReadAffiliation(room, from, item));
            }
        }

        // What two items say of the same person cannot both be so.
        var people = affiliations.Select(change => change.Person).ToHashSet(StringComparer.Ordinal);
        if (people.Count < affiliations.Count || roles.DistinctBy(change => change.Occupant).Count() < roles.Count || roles.Exists(change => people.Contains(change.Occupant.Person.Text)))
        {
            throw new StanzaErrorException(StanzaCondition.BadRequest, "A change has one item for each person.");
        }

        var actor = room.Occupants.Find(from.Jid)?.Occupant.Nick;
        if (affiliations.Count > 0)
        {
            await Affiliate(room, affiliations, actor);
        }

        // Who was put out with a whole domain is not there any more.
        foreach (var (occupant, role, reason) in roles.Where(change => change.Occupant.Sessions.Length > 0))
        {
            GiveRole(room, occupant, role, new PresenceNote { Actor = actor, Reason = reason });
        }
    }

    /// <summary>Changes affiliations and tells everybody who is concerned.</summary>
    /// <param name="actor">The nick of who did it; null: nobody who is in the room.</param>
    /// <param name="record">What the room becomes by the same act; null: it stays what it is.</param>
    /// <exception cref="StanzaErrorException"><c>conflict</c>: the room would have no owner, or a nick is somebody else's.</exception>
    public async ValueTask Affiliate(Room room, IReadOnlyList<RoomAffiliation> changes, string? actor, RoomRecord? record = null)
    {
        changes = [.. changes.Select(change => WithNick(room, change))];
        RefuseChanges(room, changes);
        await directory.Change(room, record ?? room.Record, changes);
        foreach (var change in changes)
        {
            Apply(room, change, actor);
        }

        entrance.RemoveGhosts(room);
    }

    // A nick that is kept for a member stays with the person, whatever else becomes of it, unless the change says another one, or an empty one: none.
    private static RoomAffiliation WithNick(Room room, RoomAffiliation change)
    {
        var isMember = StandingWords.Affiliation(change.Affiliation) >= Affiliation.Member;
        var kept = room.Standings.Find(change.Person)?.Nick;
        if (!isMember || change.Nick is null or "")
        {
            return change with { Nick = isMember && change.Nick is null ? kept : null };
        }

        if (Jid.NormalizeResource(change.Nick) is not { } nick || Occupants.KeyOf(nick).Length == 0)
        {
            throw new StanzaErrorException(StanzaCondition.NotAcceptable, $"'{change.Nick}' is no nick.");
        }

        return nick != kept && room.IsTaken(nick, Jid.Parse(change.Person))
            ? throw new StanzaErrorException(StanzaCondition.Conflict, "Somebody else has this nick.")
            : change with { Nick = nick };
    }

    private static void RefuseChanges(Room room, IReadOnlyList<RoomAffiliation> changes)
    {
        if (changes.Any(change => change.Affiliation is not (null or "outcast") && !change.Person.Contains('@', StringComparison.Ordinal)))
        {
            throw new StanzaErrorException(StanzaCondition.NotAcceptable, "A whole domain can only be banned.");
        }

        if (changes.Where(change => change.Nick is not null).GroupBy(change => Occupants.KeyOf(change.Nick!)).Any(same => same.Count() > 1))
        {
            throw new StanzaErrorException(StanzaCondition.Conflict, "A nick is kept for one person.");
        }

        var owners = room.Standings.Where(entry => entry.Value.Affiliation == Affiliation.Owner).Select(entry => entry.Key).ToHashSet(StringComparer.Ordinal);
        var hadOwner = owners.Count > 0;
        foreach (var change in changes)
        {
            _ = change.Affiliation == Affiliation.Owner.Word() ? owners.Add(change.Person) : owners.Remove(change.Person);
        }

        // The last one may have closed the account; the others go on all the same.
        if (owners.Count == 0 && hadOwner)
        {
            throw new StanzaErrorException(StanzaCondition.Conflict, "A room has one owner at least.");
        }

        if (room.Standings.Count + changes.Count > Room.MaxStandings && changes.Any(change => room.Standings.Find(change.Person) is null))
        {
            throw new StanzaErrorException(StanzaCondition.ResourceConstraint, $"A room knows at most {Room.MaxStandings} people.");
        }

        foreach (var change in changes)
        {
            RefuseLong(change.Reason);
        }
    }

    public static void RefuseLong(string? reason)
    {
        if (reason?.Length > MaxReason)
        {
            throw new StanzaErrorException(StanzaCondition.NotAcceptable, $"A reason has at most {MaxReason} characters.");
        }
    }

    private static void RefuseReading(Room room, Sender from, Affiliation affiliation, Occupant? viewer)
    {
        var own = room.AffiliationOf(from.Jid);

        // Who encrypts for everybody in a closed group has to know all of them, owners who are away too (XEP-0384 §5.8).
        var isOpen = (affiliation == Affiliation.Member && viewer is not null && viewer.Role >= room.Configuration.MemberList)
            || (affiliation != Affiliation.Outcast && room.Configuration is { IsMembersOnly: true, IsNonAnonymous: true } && own >= Affiliation.Member);
        if (own < Affiliation.Admin && !isOpen)
        {
            throw new StanzaErrorException(StanzaCondition.Forbidden, "Admins read this list.");
        }
    }

    private static (Occupant Occupant, Role Role, string? Reason) ReadRole(Room room, Sender from, Element item, string word)
    {
        var role = StandingWords.Role(word) ?? throw new StanzaErrorException(StanzaCondition.BadRequest, $"'{word}' is no role.");
        var actor = room.Occupants.Find(from.Jid)?.Occupant;
        if (actor is not { Role: Role.Moderator })
        {
            throw new StanzaErrorException(StanzaCondition.Forbidden, "Moderators change roles.");
        }

        RefuseLong(item.Child("reason")?.Text());
        var target = room.Occupants.Named(item["nick"] ?? "") ?? throw new StanzaErrorException(StanzaCondition.ItemNotFound, "Nobody has this nick.");
        var isModeration = role == Role.Moderator || target.Role == Role.Moderator;
        var mayNot = role == Role.None
            ? target.Affiliation > actor.Affiliation
            : (isModeration && actor.Affiliation < Affiliation.Admin) || (role < target.Role && target.Affiliation >= Affiliation.Admin);
        return mayNot
            ? throw new StanzaErrorException(StanzaCondition.NotAllowed, "This occupant stands above that.")
            : (target, role, item.Child("reason")?.Text());
    }

    private static RoomAffiliation ReadAffiliation(Room room, Sender from, Element item)
    {
        var affiliation = StandingWords.Affiliation(item["affiliation"]) ?? throw new StanzaErrorException(StanzaCondition.BadRequest, $"'{item["affiliation"]}' is no affiliation.");
        var own = room.AffiliationOf(from.Jid);
        if (own < Affiliation.Admin)
        {
            throw new StanzaErrorException(StanzaCondition.Forbidden, "Admins change affiliations.");
        }

        var person = PersonOf(room, item);
        var before = room.Standings.Find(person.Text);
        if (own < Affiliation.Owner && (affiliation >= Affiliation.Admin || before is { Affiliation: >= Affiliation.Admin }))
        {
            throw new StanzaErrorException(StanzaCondition.NotAllowed, "Only owners do this.");
        }

        if (affiliation == Affiliation.Outcast && (person == from.Jid.Bare || person.Text == from.Jid.Domain))
        {
            throw new StanzaErrorException(StanzaCondition.Conflict, "Nobody bans themselves.");
        }

        return new RoomAffiliation(
            person.Text,
            affiliation == Affiliation.None ? null : affiliation.Word(),
            item["jid"] is null ? null : item["nick"],
            item.Child("reason")?.Text());
    }

    private static Jid PersonOf(Room room, Element item)
    {
        if (item["jid"] is { } text)
        {
            return Jid.TryParse(text, out var jid) ? jid.Bare : throw new StanzaErrorException(StanzaCondition.JidMalformed, $"'{text}' is not an XMPP address.");
        }

        return room.Occupants.Named(item["nick"] ?? "")?.Person ?? throw new StanzaErrorException(StanzaCondition.ItemNotFound, "Nobody has this nick.");
    }

    private void Apply(Room room, RoomAffiliation change, string? actor)
    {
        var person = Jid.Parse(change.Person);
        var note = new PresenceNote { Actor = actor, Reason = change.Reason };
        var there = room.Occupants.All.Where(occupant => occupant.Person == person || (person.Local is null && occupant.Person.Domain == person.Domain)).ToArray();
        foreach (var occupant in there)
        {
            Apply(room, occupant, room.AffiliationOf(occupant.Person), note);
        }

        if (there.Length == 0)
        {
            TellOfAbsent(room, change, person);
        }
    }

    private void Apply(Room room, Occupant occupant, Affiliation affiliation, PresenceNote note)
    {
        var (before, role) = (occupant.Affiliation, occupant.Role);
        occupant.Affiliation = affiliation;
        occupant.Changed();
        if (affiliation == Affiliation.Outcast)
        {
            entrance.PutOut(room, occupant, note with { Codes = [301] });
        }
        else if (room.Configuration.IsMembersOnly && affiliation < Affiliation.Member)
        {
            entrance.PutOut(room, occupant, note with { Codes = [321] });
        }
        else
        {
            var isDefault = before >= Affiliation.Admin || affiliation >= Affiliation.Admin || (affiliation == Affiliation.Member && role == Role.Visitor);
            Show(room, occupant, isDefault ? room.DefaultRole(affiliation) : role, note);
        }
    }

    private void GiveRole(Room room, Occupant occupant, Role role, PresenceNote note)
    {
        if (role == Role.None)
        {
            entrance.PutOut(room, occupant, note with { Codes = [307] });
        }
        else
        {
            Show(room, occupant, role, note);
        }

        entrance.RemoveGhosts(room);
    }

    private void Show(Room room, Occupant occupant, Role role, PresenceNote note)
    {
        var before = occupant.Role;
        occupant.Role = role;
        occupant.Changed();
        presences.Show(room, occupant, note, before);
        if (role == Role.Moderator && before != Role.Moderator && (!room.Configuration.IsNonAnonymous || room.Configuration.ShownRoles.Count < RoomConfiguration.AllRoles.Count))
        {
            // From now on it may know who everybody is.
            foreach (var session in occupant.Sessions)
            {
                presences.ShowRoom(room, session);
            }
        }
    }

    // XEP-0045 §9: who may see real addresses hears of it.
    private void TellOfAbsent(Room room, RoomAffiliation change, Jid person)
    {
        var item = new Element("item", Ns.MucUser).Set("affiliation", change.Affiliation ?? Affiliation.None.Word()).Set("jid", person.Text).Set("role", Role.None.Word());
        var message = new PreparedStanza(new Element("message", Ns.Client).Set("from", room.Address.Text).Set("id", StanzaId.New())
            .Add(new Element("x", Ns.MucUser).Add(item).Add(RoomPresence.Status(101))));
        foreach (var occupant in room.Occupants.All.Where(room.SeesAddresses))
        {
            foreach (var session in occupant.Sessions)
            {
                presences.Send(room, session, message);
            }
        }
    }
}
