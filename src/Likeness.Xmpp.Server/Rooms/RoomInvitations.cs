using Likeness.Limits;
using Likeness.Stores;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Rooms;

/// <summary>Messages to the room itself: invitations and their refusals, requests for voice and their approval (XEP-0045 §7.8.2, §7.13, §8.6). Called while holding the room's turn.</summary>
internal sealed class RoomInvitations(RoomAdministration administration, RoomPresence presences, Router router, TimeProvider time)
{
    public const string RequestForm = "http://jabber.org/protocol/muc#request";

    /// <summary>Invitations of one occupant within a minute, and refusals of one person.</summary>
    public const int MaxInvitations = 10;

    /// <summary>Invitees of one message.</summary>
    private const int MaxAtOnce = 10;

    private const int MaxRemembered = 10_000;
    private readonly KeyedRateLimiter<string> _rates = new(new RateLimit(MaxInvitations, TimeSpan.FromMinutes(1)), MaxRemembered, time);

    public async ValueTask Take(Room room, Sender from, Element message)
    {
        var x = message.Child("x", Ns.MucUser);
        if (x?.Child("decline") is { } decline)
        {
            Decline(room, from, decline);
        }
        else if (x?.Child("invite") is not null)
        {
            await Invite(room, from, message["id"], [.. x.Where(child => child.Is("invite", Ns.MucUser)).Take(MaxAtOnce)]);
        }
        else if (DataForm.Find(message, RequestForm) is { } form)
        {
            Voice(room, from, form);
        }
        else
        {
            throw new StanzaErrorException(StanzaCondition.BadRequest, "A message to a room is of the type groupchat, or an invitation.");
        }
    }

    private async ValueTask Invite(Room room, Sender from, string? id, Element[] invitations)
    {
        var inviter = (room.Occupants.Find(from.Jid) ?? throw RoomMessages.NotThere()).Occupant;
        if (inviter.Affiliation < Affiliation.Admin && (!room.Configuration.AllowInvites || (room.Configuration.IsMembersOnly && inviter.Affiliation < Affiliation.Member)))
        {
            throw new StanzaErrorException(StanzaCondition.Forbidden, "You cannot invite to this room.");
        }

        foreach (var invitation in invitations)
        {
            if (!Jid.TryParse(invitation["to"], out var invitee))
            {
                throw new StanzaErrorException(StanzaCondition.JidMalformed, "An invitation names whom it is for.");
            }

            Count(inviter.Person);
            if (room.Configuration.IsMembersOnly && room.AffiliationOf(invitee) == Affiliation.None)
            {
                await administration.Affiliate(room, [new RoomAffiliation(invitee.BareText, Affiliation.Member.Word())], null);
            }

            await router.Route(new RoomSender(room.Address, from, id), Written(room, inviter, invitation, invitee), invitee);
        }
    }

    private void Count(Jid person)
    {
        if (_rates.Take(person.Text) > TimeSpan.Zero)
        {
            throw new StanzaErrorException(StanzaCondition.ResourceConstraint, $"At most {MaxInvitations} invitations leave within a minute, and as many are declined.");
        }
    }

    private static Element Written(Room room, Occupant inviter, Element invitation, Jid invitee)
    {
        var by = room.Configuration.IsNonAnonymous ? inviter.Shown.Jid.Text : inviter.Address.Text;
        var invite = new Element("invite", Ns.MucUser).Set("from", by);
        if (invitation.Child("reason")?.Text() is { Length: > 0 } reason)
        {
            invite.Add("reason", reason);
        }

        invite.Add(invitation.Child("continue"));
        var x = new Element("x", Ns.MucUser).Add(invite);
        if (room.Configuration.Password is { } password)
        {
            x.Add("password", password);
        }

        var direct = new Element("x", Ns.Conference).Set("jid", room.Address.Text).Set("password", room.Configuration.Password).Set("reason", invitation.Child("reason")?.Text());
        return new Element("message", Ns.Client).Set("id", StanzaId.New()).Set("from", room.Address.Text).Set("to", invitee.Text).Add(x).Add(direct);
    }

    private void Decline(Room room, Sender from, Element decline)
    {
        if (!Jid.TryParse(decline["to"], out var to))
        {
            throw new StanzaErrorException(StanzaCondition.JidMalformed, "A refusal names who invited.");
        }

        if (room.AffiliationOf(from.Jid) == Affiliation.Outcast)
        {
            throw new StanzaErrorException(StanzaCondition.Forbidden, "You are banned from this room.");
        }

        Count(from.Jid.Bare);

        // By the occupant's address, or the real one where that is known; nobody else is written to.
        var inviter = to.Bare == room.Address && to.Resource is { } nick ? room.Occupants.Named(nick) : room.Occupants.Of(to.BareText).FirstOrDefault();
        if (inviter is null)
        {
            return;
        }

        var refusal = new Element("decline", Ns.MucUser).Set("from", from.Jid.BareText).Add(decline.Child("reason"));
        var message = new Element("message", Ns.Client).Set("from", room.Address.Text).Add(new Element("x", Ns.MucUser).Add(refusal));
        foreach (var session in inviter.Sessions)
        {
            presences.Send(room, session, message);
        }
    }

    private void Voice(Room room, Sender from, DataForm form)
    {
        var occupant = (room.Occupants.Find(from.Jid) ?? throw RoomMessages.NotThere()).Occupant;
        if (form.Flag("muc#request_allow") is { } isAllowed)
        {
            if (occupant.Role != Role.Moderator)
            {
                throw new StanzaErrorException(StanzaCondition.Forbidden, "Moderators give voice.");
            }

            if (isAllowed && room.Occupants.Named(form["muc#roomnick"] ?? "") is { Role: Role.Visitor } speaker)
            {
                speaker.Role = Role.Participant;
                speaker.Changed();
                presences.Show(room, speaker, before: Role.Visitor);
            }

            return;
        }

        if (occupant.Role != Role.Visitor)
        {
            return;
        }

        foreach (var moderator in room.Occupants.All.Where(other => other.Role == Role.Moderator))
        {
            foreach (var session in moderator.Sessions)
            {
                presences.Send(room, session, Request(room, occupant));
            }
        }
    }

    private static Element Request(Room room, Occupant occupant) =>
        new Element("message", Ns.Client).Set("from", room.Address.Text).Set("id", StanzaId.New()).Add(new DataForm("form", RequestForm,
        [
            new FormField("muc#role", ["participant"], "list-single", "Role") { Options = ["participant"] },
            new FormField("muc#jid", [occupant.Person.Text], "jid-single", "Address"),
            new FormField("muc#roomnick", [occupant.Nick], "text-single", "Nick"),
            new FormField("muc#request_allow", ["0"], "boolean", "Give voice?"),
        ]).ToElement());
}

/// <summary>The room itself; who asked it to hears when something it says does not arrive.</summary>
/// <param name="id">Of the stanza that asked for it.</param>
internal sealed class RoomSender(Jid room, Sender asker, string? id) : Sender
{
    public override Jid Jid => room;

    public Jid Asker => asker.Jid;

    public override void Reply(Element stanza)
    {
        if (stanza["type"] == "error")
        {
            var error = StanzaReply.ReadError(stanza);
            asker.Reply(new Element(stanza.Name, Ns.Client).Set("type", "error").Set("id", id).Set("from", room.Text).Set("to", asker.Jid.Text).Add(new StanzaErrorException(error.Condition).ToElement()));
        }
    }
}
