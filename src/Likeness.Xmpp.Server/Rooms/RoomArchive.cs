using System.Buffers;
using Likeness.Stores;
using Likeness.Xmpp.Server.Archive;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Rooms;

/// <summary>What was said in rooms that are kept (XEP-0313 §6.1.2): once for everybody, under the nick of then. Called while holding the room's turn, but for reading itself.</summary>
internal sealed class RoomArchive(Archives archives, ArchiveReading reading)
{
    /// <summary>The room is kept, and so is what is said in it from now on, unless its owner does not want that.</summary>
    public async ValueTask Open(Room room)
    {
        if (!archives.IsOn || !room.Configuration.IsPersistent)
        {
            room.Archive = null;
        }
        else if (room.Archive is null && room.Configuration.IsArchived)
        {
            room.Archive = await archives.Open(room.Address);
            if (room.History is null)
            {
                await Remember(room, room.Archive);
            }
        }
    }

    /// <summary>Adds a message as it is about to be sent to everybody, and gives it its id. Null: it is not kept.</summary>
    /// <param name="by">Who says it; null: the room.</param>
    /// <exception cref="StanzaErrorException"><c>not-acceptable</c>: it is too long.</exception>
    public AddedMessage? Add(Room room, Element message, Occupant? by)
    {
        if (room.Archive is not { } archive || !room.Configuration.IsArchived)
        {
            return null;
        }

        var stanza = Bytes(message);
        if (stanza.Length > RoomMessages.MaxBytes)
        {
            throw RoomMessages.TooLong();
        }

        // Who it was really is written down only where everybody sees that anyway, and may ask for it.
        var added = archives.Add(archive, by?.Nick ?? "", null, stanza, room.Configuration.IsNonAnonymous ? by?.Person.Text : null);
        message.Add(Id(room, added.Id));
        return added;
    }

    /// <summary>Takes back what a message says: what is left tells that there was one. False: no such message is kept.</summary>
    /// <param name="id">By which it was sent to everybody.</param>
    /// <param name="author">The occupant id of who takes back; null: somebody who may whoever said it.</param>
    public async ValueTask<bool> Retract(Room room, string id, Element retracted, string? author)
    {
        if (room.Archive is not { } archive || archives.NumberOf(archive, id) is not { } number
            || (await archives.Read(archive, new ArchiveFilter { From = number, To = number }, false, 1, RoomMessages.MaxBytes)).Messages is not [var message])
        {
            return false;
        }

        var said = XmlStreamReader.ParseElement(message.Stanza, Ns.Client);
        var occupant = said.Child("occupant-id", Ns.OccupantId);

        // Nobody hides behind a word of their own that it was a moderator who took it back.
        if (author is not null && (occupant?["id"] != author || said.Child("retracted", Ns.Retraction) is not null))
        {
            return false;
        }

        var left = new Element("message", Ns.Client).SetAll(said.Attributes).Add(occupant).Add(retracted);
        return await archives.Replace(archive, number, Bytes(left));
    }

    /// <summary>Whether the archive may be asked, and what is to be done outside of the room's turn. Null: this is no question for the archive.</summary>
    /// <exception cref="StanzaErrorException">Whoever may not enter does not read (§6.1.2).</exception>
    public Func<ValueTask<Element>>? Read(Room room, Sender asker, Element iq)
    {
        var payload = StanzaReply.Payload(iq);
        if (payload.Namespace != Ns.Archive || room.Archive is not { } archive || !room.Configuration.IsArchived)
        {
            return null;
        }

        switch (iq["type"], payload.Name)
        {
            case ("get", "query"):
                return static () => new(ArchiveQuery.Form());
            case ("get", "metadata"):
                RefuseOutsiders(room, asker);
                return () => reading.Describe(archive, asker);
            case ("set", "query"):
                RefuseOutsiders(room, asker);
                var query = ArchiveQuery.Read(payload);
                var address = room.Address;
                var isToldAuthors = room.Configuration.IsNonAnonymous || room.AffiliationOf(asker.Jid) >= Affiliation.Admin;
                return () => reading.Answer(archive, asker, query, (with, filter) => Of(address, with, filter), isToldAuthors ? AuthorOf : null);
            default:
                return null;
        }
    }

    /// <summary>The id of a message, as everybody gets it (XEP-0359).</summary>
    public static Element Id(Room room, string id) => new Element("stanza-id", Ns.StanzaIds).Set("id", id).Set("by", room.Address.Text);

    private static ArchiveFilter? Of(Jid room, Jid with, ArchiveFilter filter)
    {
        if (with.Bare != room)
        {
            // Who is behind a nick is not to be found out by asking.
            return null;
        }

        return with.Resource is { } nick ? filter with { Peer = nick } : filter;
    }

    private static Element? AuthorOf(ArchivedMessage message) => message.Author is { } author
        ? new Element("x", Ns.MucUser).Add(new Element("item", Ns.MucUser).Set("jid", author))
        : null;

    private static void RefuseOutsiders(Room room, Sender asker)
    {
        var affiliation = room.AffiliationOf(asker.Jid);
        var isOutside = affiliation == Affiliation.Outcast
            || (room.Configuration.IsMembersOnly && affiliation < Affiliation.Member)
            || (room.Configuration.Password is not null && affiliation < Affiliation.Admin && room.SessionsOf(asker.Jid.BareText).IsEmpty);
        if (isOutside)
        {
            throw new StanzaErrorException(StanzaCondition.Forbidden, "Only who may enter the room reads what was said in it.");
        }
    }

    // What newcomers are shown, from before the room was in memory.
    private async ValueTask Remember(Room room, MessageArchive archive)
    {
        foreach (var message in (await archives.Read(archive, new ArchiveFilter(), true, RoomConfigurationForm.MaxHistory, RoomHistory.MaxBytes)).Messages)
        {
            var stanza = XmlStreamReader.ParseElement(message.Stanza, Ns.Client);
            if (RoomMessages.IsShownLater(stanza))
            {
                var id = archives.IdOf(archive, message.Number);
                room.Remember().Add(new SaidMessage(id, message.Sent, stanza.Add(Id(room, id))), room.Address.Text, room.Configuration.History);
            }
        }
    }

    /// <summary>A message as it is kept.</summary>
    public static byte[] Bytes(Element message)
    {
        var output = new ArrayBufferWriter<byte>(512);
        ElementWriter.WriteAlone(output, message);
        return output.WrittenSpan.ToArray();
    }
}
