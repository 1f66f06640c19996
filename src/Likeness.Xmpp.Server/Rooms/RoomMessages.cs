using System.Globalization;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Rooms;

/// <summary>What is said to everybody, and to one occupant privately (XEP-0045 §7.4, §7.5, §8.1). Called while holding the room's turn.</summary>
internal sealed class RoomMessages(RoomDirectory directory, RoomArchive archive, RoomPresence presences, Router router, XmppServerOptions options, TimeProvider time)
{
    /// <summary>Bytes of a message to a room: everybody gets it.</summary>
    public const int MaxBytes = 128 * 1024;

    /// <summary>Characters of a subject, which is kept and shown to everybody who enters.</summary>
    public const int MaxSubject = 4000;

    /// <summary>To everybody. The task completes when it was stored, where it is to be kept, and sent.</summary>
    public async ValueTask<Task> Say(Room room, Sender from, Element message)
    {
        var session = room.Occupants.Find(from.Jid) ?? throw NotThere();
        session.Pace.Take(options.Rooms.MaxStanzasPerSecond, time);
        if (message.Child("subject") is { } subject && message.Child("body") is null && message.Child("thread") is null)
        {
            await room.Said;
            await ChangeSubject(room, session.Occupant, message, subject.Text());
            return Task.CompletedTask;
        }

        if (session.Occupant.Role < Role.Participant)
        {
            throw new StanzaErrorException(StanzaCondition.Forbidden, "You have no voice in this room.");
        }

        var reflected = Reflected(room, session.Occupant, message);
        if (message.Child("retract", Ns.Retraction)?["id"] is { } taken)
        {
            await room.Said;
            RefuseTooLong(reflected);
            await TakeBack(room, session.Occupant, taken, message["id"]);
        }

        return Broadcast(room, reflected, session.Occupant);
    }

    /// <summary>Says something to everybody, and keeps it if it is worth it.</summary>
    /// <param name="by">Who says it; null: the room.</param>
    public Task Broadcast(Room room, Element message, Occupant? by = null)
    {
        var isKept = IsShownLater(message);
        var added = isKept ? archive.Add(room, message, by) : null;
        var id = added?.Id ?? StanzaId.New();
        if (isKept && added is null && room.Configuration.IsArchived)
        {
            // Without an archive it has an id by which a moderator can take it back.
            message.Add(RoomArchive.Id(room, id));
        }

        var prepared = new PreparedStanza(message);
        if (added is null && prepared.LengthFor([]) > MaxBytes)
        {
            throw TooLong();
        }

        var kept = isKept ? new SaidMessage(id, time.GetUtcNow(), message) : null;
        if (added is null && room.Said.IsCompleted)
        {
            Send(room, prepared, kept);
            return Task.CompletedTask;
        }

        var said = AfterStoring(room, room.Said, added?.Durable ?? Task.CompletedTask, prepared, kept);
        room.Said = Settled(said);
        return said;
    }

    /// <summary>To one occupant, each of its clients.</summary>
    public async ValueTask SayPrivately(Room room, Sender from, Element message, Jid to)
    {
        var sender = (room.Occupants.Find(from.Jid) ?? throw NotThere()).Occupant;
        presences.ShowGathered(room);
        if (message["type"] == "groupchat")
        {
            throw new StanzaErrorException(StanzaCondition.BadRequest, "What is for everybody goes to the room, not to one occupant.");
        }

        if (sender.Role != Role.Moderator && !(sender.Role >= room.Configuration.PrivateMessages))
        {
            throw new StanzaErrorException(StanzaCondition.Forbidden, "You cannot send private messages in this room.");
        }

        var target = room.Occupants.Named(to.Resource!) ?? throw new StanzaErrorException(StanzaCondition.ItemNotFound, "Nobody has this nick.");
        var copy = Cleaned(room, message, sender).Set("from", sender.Address.Text).Add(new Element("x", Ns.MucUser));
        var once = new SentOnce();
        foreach (var session in target.Sessions)
        {
            await router.Route(new PrivateSender(sender.Address, from, message, once), copy.Copy().Set("to", session.Jid.Text), session.Jid);
        }
    }

    /// <summary>What means something later (XEP-0313 §6.1.2): not what only accompanies the moment.</summary>
    public static bool IsShownLater(Element message) =>
        message.Child("no-store", Ns.Hints) is null && message.Child("no-permanent-store", Ns.Hints) is null
        && (message.Child("body") is not null || message.Child("store", Ns.Hints) is not null || message.Any(child => child.Namespace is Ns.Retraction or Ns.Reactions or Ns.Encryption));

    public static StanzaErrorException TooLong() => new(StanzaCondition.NotAcceptable, $"A message to a room has at most {MaxBytes} bytes.");

    // Of what changes something before it is sent; all else is measured as it is written.
    private static void RefuseTooLong(Element message)
    {
        if (RoomArchive.Bytes(message).Length > MaxBytes)
        {
            throw TooLong();
        }
    }

    public static StanzaErrorException NotThere() => new(StanzaCondition.NotAcceptable, "You are not in this room.");

    /// <summary>A message as everybody gets it.</summary>
    private static Element Reflected(Room room, Occupant sender, Element message) =>
        Cleaned(room, message, sender).Set("from", sender.Address.Text).Set("to", null).Set("type", "groupchat");

    // What only the room may say is taken out; ids of clients stay (XEP-0045 §7.4, XEP-0359 §5, XEP-0421 §4.2, XEP-0425 §5).
    private static Element Cleaned(Room room, Element message, Occupant sender)
    {
        var copy = new Element(message.Name, message.Namespace).SetAll(message.Attributes);
        foreach (var node in message.Nodes)
        {
            if (node is not Element child)
            {
                copy.Add((string)node);
            }
            else if (!IsForged(room, child))
            {
                copy.Add(child.Is("retract", Ns.Retraction) && child.Child("moderated", Ns.Moderation) is not null ? WithoutModeration(child) : child);
            }
        }

        return copy.Add(new Element("occupant-id", Ns.OccupantId).Set("id", sender.Id));
    }

    private static Element WithoutModeration(Element retract)
    {
        var copy = retract.Copy();
        while (copy.Child("moderated", Ns.Moderation) is { } forged)
        {
            copy.Remove(forged);
        }

        return copy;
    }

    private static bool IsForged(Room room, Element child) => child.Namespace switch
    {
        Ns.Muc or Ns.MucUser or Ns.OccupantId or Ns.Moderation => true,
        Ns.StanzaIds => child.Name == "stanza-id" && IsAddress(child["by"], room),
        Ns.Delay => IsAddress(child["from"], room),
        _ => false,
    };

    private static bool IsAddress(string? text, Room room) => Jid.TryParse(text, out var jid) && jid.Bare == room.Address;

    // Whoever takes back what it said itself leaves a tombstone (XEP-0424 §4).
    private async ValueTask TakeBack(Room room, Occupant author, string said, string? retraction)
    {
        var stamp = time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        if (await archive.Retract(room, said, new Element("retracted", Ns.Retraction).Set("stamp", stamp).Set("id", retraction), author.Id))
        {
            room.History?.Retract(said);
        }
    }

    // Writes leave one behind the other without waiting for each other, and so does what everybody is sent; nothing else happens in the room in between.
    private async Task AfterStoring(Room room, Task before, Task stored, PreparedStanza prepared, SaidMessage? kept)
    {
        try
        {
            await stored;
        }
        finally
        {
            await before;
        }

        Send(room, prepared, kept);
    }

    // Who comes behind waits for it; that it failed only its sender hears.
    private static async Task Settled(Task said) => await said.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private void Send(Room room, PreparedStanza prepared, SaidMessage? kept)
    {
        if (kept is not null)
        {
            room.Remember().Add(kept, room.Address.Text, room.Configuration.History);
        }

        presences.SendAll(room, prepared);
    }

    private async ValueTask ChangeSubject(Room room, Occupant sender, Element message, string subject)
    {
        if (sender.Role != Role.Moderator && !(room.Configuration.AllowSubject && sender.Role == Role.Participant))
        {
            throw new StanzaErrorException(StanzaCondition.Forbidden, "Only moderators change the subject of this room.");
        }

        if (subject.Length > MaxSubject)
        {
            throw new StanzaErrorException(StanzaCondition.NotAcceptable, $"A subject has at most {MaxSubject} characters.");
        }

        var reflected = Reflected(room, sender, message);
        RefuseTooLong(reflected);
        await directory.Change(room, room.Record with { Subject = subject, SubjectBy = sender.Address.Text, SubjectSet = time.GetUtcNow() });
        if (archive.Add(room, reflected, sender) is { } added)
        {
            await added.Durable;
        }

        presences.SendAll(room, new PreparedStanza(reflected));
    }

    /// <summary>Who said something privately hears of it when it could not be delivered; nothing says who the other really is.</summary>
    private sealed class PrivateSender(Jid occupant, Sender author, Element message, SentOnce once) : Sender
    {
        public override Jid Jid => occupant;

        internal override SentOnce Once => once;

        public override void Reply(Element stanza)
        {
            if (stanza["type"] == "error" && StanzaReply.Error(message, new StanzaErrorException(StanzaReply.ReadError(stanza).Condition)) is { } error)
            {
                author.Reply(error);
            }
        }
    }
}
