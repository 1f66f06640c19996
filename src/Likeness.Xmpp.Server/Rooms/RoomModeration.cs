using System.Globalization;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Rooms;

/// <summary>XEP-0425 Moderated Message Retraction 0.3.0: moderators take back what somebody said. Called while holding the room's turn.</summary>
internal sealed class RoomModeration(RoomMessages messages, RoomArchive archive, TimeProvider time)
{
    public async ValueTask Retract(Room room, Sender from, Element moderate)
    {
        if (room.Occupants.Find(from.Jid)?.Occupant is not { Role: Role.Moderator } moderator)
        {
            throw new StanzaErrorException(StanzaCondition.Forbidden, "Moderators take back what others said.");
        }

        if (moderate["id"] is not { Length: > 0 } id || moderate.Child("retract", Ns.Retraction) is null)
        {
            throw new StanzaErrorException(StanzaCondition.BadRequest, "What is to be done with which message?");
        }

        var by = new Element("moderated", Ns.Moderation).Set("by", moderator.Address.Text).Add(new Element("occupant-id", Ns.OccupantId).Set("id", moderator.Id));
        var reason = moderate.Child("reason")?.Text() is { Length: > 0 } given ? new Element("reason", Ns.Moderation).Add(given) : null;
        if (!await Replace(room, id, by, reason))
        {
            throw new StanzaErrorException(StanzaCondition.ItemNotFound, "No such message is kept here.");
        }

        room.History?.Retract(id);
        var retract = new Element("retract", Ns.Retraction).Set("id", id).Add(by);
        if (reason is not null)
        {
            retract.Add("reason", reason.Text());
        }

        await messages.Broadcast(room, new Element("message", Ns.Client).Set("type", "groupchat").Set("from", room.Address.Text).Set("id", StanzaId.New()).Add(retract));
    }

    // What is left says that there was something, and who took it back; not what it was.
    private async ValueTask<bool> Replace(Room room, string id, Element by, Element? reason)
    {
        var stamp = time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var isKept = await archive.Retract(room, id, new Element("retracted", Ns.Retraction).Set("stamp", stamp).Add(by).Add(reason), author: null);
        return isKept || room.History?.Contains(id) == true;
    }
}
