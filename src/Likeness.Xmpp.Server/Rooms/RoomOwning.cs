using Likeness.Stores;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Rooms;

/// <summary>What the owners of a room do with it: configure and destroy it (XEP-0045 §10). Called while holding the room's turn.</summary>
internal sealed class RoomOwning(RoomDirectory directory, RoomEntrance entrance, RoomPresence presences, RoomAdministration administration, RoomCards cards, XmppServerOptions options, TimeProvider time)
{
    /// <summary>How long newcomers are told where a destroyed room went.</summary>
    public static readonly TimeSpan ToldOfDestroyed = TimeSpan.FromHours(24);

    private const string Admins = "muc#roomconfig_roomadmins";
    private const string Owners = "muc#roomconfig_roomowners";

    public Element Read(Room room, Sender from)
    {
        RefuseOthers(room, from);
        var form = RoomConfigurationForm.Write(room.Configuration, "form");
        form = form with
        {
            Fields =
            [
                .. form.Fields,
                new FormField(Admins, PeopleOf(room, Affiliation.Admin), "jid-multi", "Admins"),
                new FormField(Owners, PeopleOf(room, Affiliation.Owner), "jid-multi", "Owners"),
            ],
        };
        return new Element("query", Ns.MucOwner).Add(form.ToElement());
    }

    public async ValueTask Change(Room room, Sender from, Element query)
    {
        RefuseOthers(room, from);
        if (query.Child("destroy") is { } destroy)
        {
            await Destroy(room, destroy["jid"], destroy.Child("reason")?.Text(), destroy.Child("password")?.Text());
            return;
        }

        switch (DataForm.Find(query))
        {
            case { Type: "cancel" } when entrance.IsLocked(room):
                await Destroy(room, null, "The room was not made.", null);
                break;
            case { Type: "cancel" }:
                break;
            case { Type: "submit", FormType: null or RoomConfigurationForm.FormType } form:
                await Submit(room, from, form);
                break;
            default:
                throw new StanzaErrorException(StanzaCondition.BadRequest, "A room is configured by its form, or destroyed.");
        }
    }

    /// <summary>Gives the room another configuration and tells everybody what that means.</summary>
    public async ValueTask Configure(Room room, RoomConfiguration configuration, IReadOnlyList<RoomAffiliation> changed)
    {
        var before = room.Configuration;
        var record = room.Record with { Configuration = configuration.Text, Title = configuration.Title, IsListed = configuration.IsPublic };
        if (changed.Count > 0)
        {
            await administration.Affiliate(room, changed, null, record);
        }
        else
        {
            await directory.Change(room, record);
        }

        if (before.IsPersistent && !configuration.IsPersistent)
        {
            await cards.Remove(room);
        }
        else if (before.IsPublic != configuration.IsPublic)
        {
            await cards.Follow(room);
        }

        var wasLocked = room.LockedSince is not null;
        room.LockedSince = null;
        if (configuration == before)
        {
            return;
        }

        if (configuration.IsMembersOnly && !before.IsMembersOnly)
        {
            foreach (var occupant in room.Occupants.All.Where(occupant => occupant.Affiliation < Affiliation.Member).ToArray())
            {
                entrance.PutOut(room, occupant, new PresenceNote { Codes = [322] });
            }
        }

        if (!configuration.ShownRoles.SetEquals(before.ShownRoles))
        {
            ShowByRoles(room, before.ShownRoles);
        }

        if (!wasLocked)
        {
            TellChange(room, CodesOf(before, configuration));
        }

        entrance.RemoveGhosts(room);
    }

    /// <summary>Tells everybody in the room that something about it is different (status 104 and more).</summary>
    public void TellChange(Room room, params ReadOnlySpan<int> codes)
    {
        var x = new Element("x", Ns.MucUser);
        foreach (var code in codes)
        {
            x.Add(RoomPresence.Status(code));
        }

        presences.SendAll(room, new PreparedStanza(new Element("message", Ns.Client).Set("type", "groupchat").Set("from", room.Address.Text).Set("id", StanzaId.New()).Add(x)));
    }

    public async ValueTask Destroy(Room room, string? alternate, string? reason, string? password)
    {
        if (alternate is not null && !Jid.TryParse(alternate, out _))
        {
            throw new StanzaErrorException(StanzaCondition.JidMalformed, "The other room's address is not an XMPP address.");
        }

        RoomAdministration.RefuseLong(reason);
        if (password?.Length > RoomConfiguration.MaxPassword)
        {
            throw new StanzaErrorException(StanzaCondition.NotAcceptable, $"A password has at most {RoomConfiguration.MaxPassword} characters.");
        }

        if (room.Configuration.IsPersistent)
        {
            await cards.Remove(room);
        }

        var isKnown = room.LockedSince is null;
        await directory.Remove(room, isKnown ? new DestroyedRoom(time.GetUtcNow() + ToldOfDestroyed, alternate, reason) : null);
        var destroy = new Element("destroy", Ns.MucUser).Set("jid", alternate);
        if (!string.IsNullOrEmpty(password))
        {
            destroy.Add("password", password);
        }

        if (!string.IsNullOrEmpty(reason))
        {
            destroy.Add("reason", reason);
        }

        foreach (var occupant in room.Occupants.All.ToArray())
        {
            foreach (var session in occupant.Sessions)
            {
                entrance.Remove(room, session);
                occupant.Affiliation = Affiliation.None;
                presences.HideSelf(room, session, new PresenceNote { Destroy = destroy });
            }
        }
    }

    private static void RefuseOthers(Room room, Sender from)
    {
        if (room.AffiliationOf(from.Jid) != Affiliation.Owner)
        {
            throw new StanzaErrorException(StanzaCondition.Forbidden, "Only owners do this.");
        }
    }

    private static string[] PeopleOf(Room room, Affiliation affiliation) =>
        [.. room.Standings.Where(entry => entry.Value.Affiliation == affiliation).Select(entry => entry.Key)];

    private ValueTask Submit(Room room, Sender from, DataForm form)
    {
        var configuration = RoomConfigurationForm.Apply(room.Configuration, form, options.Rooms.MaxOccupants);
        var people = new Dictionary<string, string?>(StringComparer.Ordinal);
        Replace(room, form, Admins, Affiliation.Admin, people);
        Replace(room, form, Owners, Affiliation.Owner, people);
        return Configure(room, configuration, [.. people.Select(change => new RoomAffiliation(change.Key, change.Value))]);
    }

    // The list replaces the one there was; who goes from one to the other is what that one says, and an owner who is in both an owner.
    private static void Replace(Room room, DataForm form, string field, Affiliation affiliation, Dictionary<string, string?> people)
    {
        if (form.Field(field) is not { } given)
        {
            return;
        }

        var wanted = new HashSet<string>(StringComparer.Ordinal);
        foreach (var value in given.Values.Where(value => value.Length > 0))
        {
            wanted.Add(Jid.TryParse(value, out var jid) ? jid.BareText : throw new StanzaErrorException(StanzaCondition.NotAcceptable, $"{field}: '{value}' is not an XMPP address."));
        }

        foreach (var person in PeopleOf(room, affiliation).Where(person => !wanted.Contains(person)))
        {
            people.TryAdd(person, null);
        }

        foreach (var person in wanted)
        {
            if (room.Standings.Find(person)?.Affiliation == affiliation)
            {
                people.Remove(person);
            }
            else
            {
                people[person] = affiliation.Word();
            }
        }
    }

    private static int[] CodesOf(RoomConfiguration before, RoomConfiguration after)
    {
        var codes = new List<int> { 104 };
        if (before.IsNonAnonymous != after.IsNonAnonymous)
        {
            codes.Add(after.IsNonAnonymous ? 172 : 173);
        }

        if (before.IsLogged != after.IsLogged)
        {
            codes.Add(after.IsLogged ? 170 : 171);
        }

        return [.. codes];
    }

    private void ShowByRoles(Room room, IReadOnlySet<Role> before)
    {
        foreach (var occupant in room.Occupants.All.ToArray())
        {
            var isShown = room.Configuration.ShownRoles.Contains(occupant.Role);
            if (isShown == before.Contains(occupant.Role))
            {
                continue;
            }

            presences.ShowOrHide(room, occupant, isShown);
        }
    }
}
