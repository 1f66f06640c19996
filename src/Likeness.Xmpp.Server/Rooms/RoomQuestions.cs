using System.Text;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Rooms;

/// <summary>What one occupant asks another through the room (XEP-0045 §17.4). Neither is told who the other really is. Called while holding the room's turn.</summary>
internal sealed class RoomQuestions(Router router, RoomPresence presences, RemotePictures pictures, TimeProvider time)
{
    /// <summary>An iq to an occupant's address.</summary>
    public void Ask(Room room, Sender from, Element iq, Jid to)
    {
        var payload = StanzaReply.Payload(iq);
        var session = room.Occupants.Find(from.Jid) ?? throw NotAsked(payload);
        presences.ShowGathered(room);
        var target = room.Occupants.Named(to.Resource!);
        if (target == session.Occupant && payload.Is("ping", Ns.Ping))
        {
            // XEP-0410 §3.3: this very client is in the room, under this nick.
            from.Reply(StanzaReply.Result(iq));
            return;
        }

        if (payload.Is("ping", Ns.Ping) && target is not null && target.Person == session.Jid.Bare)
        {
            throw RoomMessages.NotThere();
        }

        if (target is null)
        {
            throw new StanzaErrorException(StanzaCondition.ItemNotFound, "Nobody has this nick.");
        }

        switch (payload.Namespace)
        {
            case Ns.VCard:
                AskServer(room, session, target, from, iq);
                break;
            case Ns.PubSub or Ns.PubSubOwner or Ns.VCard4:
                // What somebody publishes is for those who know who it is, and may say so itself.
                throw new StanzaErrorException(StanzaCondition.ServiceUnavailable);
            default:
                AskClient(room, session, target, from, iq);
                break;
        }
    }

    /// <summary>A client answers what it was asked through the room; what nobody asked is dropped.</summary>
    public static void Answer(Room room, Sender from, Element iq) => room.Questions?.Take(iq["id"], from.Jid)?.Answer(iq);

    private static StanzaErrorException NotAsked(Element payload) => payload.Namespace is Ns.DiscoInfo or Ns.DiscoItems
        ? new StanzaErrorException(StanzaCondition.BadRequest, "Only occupants ask other occupants.")
        : RoomMessages.NotThere();

    // What the server knows of the person it says itself; so only what is for everybody comes back.
    private void AskServer(Room room, OccupantSession session, Occupant target, Sender from, Element iq)
    {
        if (iq["type"] != "get")
        {
            throw new StanzaErrorException(StanzaCondition.Forbidden);
        }

        var hidden = room.SeesAddresses(session.Occupant) ? null : target.Person;
        var sender = new CardSender(session.Occupant.Address, from, iq, hidden);
        if (!router.Serves(target.Person.Domain))
        {
            _ = AskElsewhere(sender, session.Occupant.Address, target);
            return;
        }

        router.Send(sender, iq.Copy().Set("from", session.Occupant.Address.Text).Set("to", target.Person.Text), target.Person);
    }

    private async Task AskElsewhere(CardSender sender, Jid asker, Occupant target)
    {
        try
        {
            sender.Reply(await pictures.Card(asker, target.Person, Xep0153VCardAvatars.Read(target.Shown.Presence).Hash ?? ""));
        }
        catch (TimeoutException)
        {
            sender.Fail(StanzaCondition.RemoteServerTimeout);
        }
    }

    private void AskClient(Room room, OccupantSession session, Occupant target, Sender from, Element iq)
    {
        var question = new PendingQuestion(from, iq, target.Shown.Jid, time.GetUtcNow());
        if (!room.Ask().TryAdd(question, time.GetUtcNow()))
        {
            throw new StanzaErrorException(StanzaCondition.ResourceConstraint, $"At most {PendingQuestions.Max} questions wait in a room.");
        }

        var copy = iq.Copy().Set("id", question.Id).Set("from", session.Occupant.Address.Text).Set("to", question.Target.Text);
        router.Send(new QuestionSender(session.Occupant.Address, room, question), copy, question.Target);
    }

    /// <summary>Brings the answer of a person's server back under the occupant's address.</summary>
    private sealed class CardSender(Jid occupant, Sender asker, Element iq, Jid? hidden) : Sender
    {
        public override Jid Jid => occupant;

        public void Fail(StanzaCondition condition) => asker.Reply(StanzaReply.Error(iq, condition)!);

        public override void Reply(Element stanza)
        {
            if (stanza["type"] == "error")
            {
                Fail(StanzaReply.ReadError(stanza).Condition);
            }
            else
            {
                asker.Reply(StanzaReply.Result(iq, Hide(stanza.FirstChild())));
            }
        }

        public override void ReplyResult(Element answered, ReadOnlySpan<byte> payload)
        {
            if (hidden is not null && MentionsAddress(payload))
            {
                Reply(StanzaReply.Result(answered, XmlStreamReader.ParseElement(payload, Ns.Client)));
            }
            else
            {
                asker.ReplyResult(iq, payload);
            }
        }

        private bool MentionsAddress(ReadOnlySpan<byte> payload)
        {
            if (payload.IndexOf("JABBERID"u8) >= 0)
            {
                return true;
            }

            // Somebody may write the own address with capitals; a picture's text has no such sign, and nearly all of a card is picture.
            var (before, after) = (Encoding.UTF8.GetByteCount(hidden!.Local!), Encoding.UTF8.GetByteCount(hidden.Domain) + 1);
            for (var left = payload; left.IndexOf((byte)'@') is >= 0 and var at; left = left[(at + 1)..])
            {
                var sign = payload.Length - left.Length + at;
                if (sign >= before && sign + after <= payload.Length
                    && Encoding.UTF8.GetString(payload[(sign - before)..(sign + after)]).Equals(hidden.Text, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }

            return false;
        }

        // A card that says its owner's address would tell who an occupant is.
        private Element? Hide(Element? card)
        {
            if (card is null || hidden is null)
            {
                return card;
            }

            var copy = card.Copy();
            foreach (var field in card.Where(Names).ToArray())
            {
                copy.Remove(field);
            }

            return copy;
        }

        private bool Names(Element field) =>
            field.Name == "JABBERID" || field.ToString().Contains(hidden!.Text, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Nobody is there to answer.</summary>
    private sealed class QuestionSender(Jid occupant, Room room, PendingQuestion question) : Sender
    {
        public override Jid Jid => occupant;

        public override void Reply(Element stanza) => room.Questions?.Take(question.Id, question.Target)?.Answer(stanza);
    }
}
