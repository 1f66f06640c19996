using Likeness.Stores;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Rooms;

/// <summary>Registering a nick with a room (XEP-0045 §7.10, §9.9). Where membership opens a door or gives voice, an admin has to approve. Called while holding the room's turn.</summary>
internal sealed class RoomRegistration(RoomAdministration administration, RoomPresence presences)
{
    public const string Form = "http://jabber.org/protocol/muc#register";
    private const string NickField = "muc#register_roomnick";
    private const string AllowField = "muc#register_allow";
    private const string PersonField = "muc#jid";

    public static Element Read(Room room, Sender from)
    {
        RefuseOutcast(room, from);
        var query = new Element("query", Ns.Register);
        if (room.Standings.Find(from.Jid.BareText) is { Nick: { } nick })
        {
            return query.Add(new Element("registered", Ns.Register)).Add("username", nick);
        }

        return query.Add("instructions", "Choose the nick that is kept for you.")
            .Add(new DataForm("form", Form, [new FormField(NickField, [], "text-single", "Nick")]).ToElement());
    }

    public async ValueTask Write(Room room, Sender from, Element query)
    {
        RefuseOutcast(room, from);
        var person = from.Jid.Bare;
        var standing = room.Standings.Find(person.Text);
        if (query.Child("remove") is not null)
        {
            var left = standing?.Affiliation is Affiliation.Owner or Affiliation.Admin ? standing.Affiliation.Word() : null;
            await administration.Affiliate(room, [new RoomAffiliation(person.Text, left, "")], null);
            return;
        }

        var nick = DataForm.Find(query, Form)?[NickField]?.Trim();
        if (string.IsNullOrEmpty(nick) || Jid.NormalizeResource(nick) is not { } normalised || Occupants.KeyOf(normalised).Length == 0)
        {
            throw new StanzaErrorException(StanzaCondition.BadRequest, "A registration names the nick that is to be kept.");
        }

        if (room.IsTaken(normalised, person))
        {
            throw new StanzaErrorException(StanzaCondition.Conflict, "Somebody else has this nick.");
        }

        if (standing is { Affiliation: >= Affiliation.Member } || room.Configuration is { IsMembersOnly: false, IsModerated: false })
        {
            await Register(room, person, normalised, standing?.Affiliation ?? Affiliation.Member);
        }
        else
        {
            Request(room, person, normalised);
        }
    }

    /// <summary>An admin's answer to a request; false: the form is something else.</summary>
    public async ValueTask<bool> Approve(Room room, Sender from, Element message)
    {
        if (DataForm.Find(message, Form) is not { } form)
        {
            return false;
        }

        if (room.AffiliationOf(from.Jid) < Affiliation.Admin)
        {
            throw new StanzaErrorException(StanzaCondition.Forbidden, "Admins approve registrations.");
        }

        if (form.Flag(AllowField) == true && Jid.TryParse(form[PersonField], out var person) && form[NickField] is { Length: > 0 } nick && room.AffiliationOf(person) == Affiliation.None)
        {
            await Register(room, person.Bare, nick, Affiliation.Member);
        }

        return true;
    }

    private static void RefuseOutcast(Room room, Sender from)
    {
        if (room.AffiliationOf(from.Jid) == Affiliation.Outcast)
        {
            throw new StanzaErrorException(StanzaCondition.Forbidden, "You are banned from this room.");
        }
    }

    private ValueTask Register(Room room, Jid person, string nick, Affiliation affiliation) =>
        administration.Affiliate(room, [new RoomAffiliation(person.Text, affiliation.Word(), nick)], null);

    private void Request(Room room, Jid person, string nick)
    {
        var form = new DataForm("form", Form,
        [
            new FormField(NickField, [nick], "text-single", "Nick"),
            new FormField(PersonField, [person.Text], "jid-single", "Address"),
            new FormField(AllowField, ["0"], "boolean", "Allow this person to register with the room?"),
        ]);
        var request = new PreparedStanza(new Element("message", Ns.Client).Set("from", room.Address.Text).Set("id", StanzaId.New()).Add(form.ToElement()));
        var admins = room.Occupants.All.Where(occupant => occupant.Affiliation >= Affiliation.Admin).SelectMany(occupant => occupant.Sessions).ToArray();
        if (admins.Length == 0)
        {
            throw new StanzaErrorException(StanzaCondition.NotAllowed, "Nobody is there who could approve it; ask an admin of the room.");
        }

        foreach (var admin in admins)
        {
            presences.Send(room, admin, request);
        }
    }
}
