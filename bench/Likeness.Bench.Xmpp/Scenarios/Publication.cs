using System.Diagnostics;
using System.Text;
using Likeness.Bench.Xmpp.People;
using Likeness.Bench.Xmpp.Wire;

namespace Likeness.Bench.Xmpp.Scenarios;

/// <summary>One publisher's current picture on its way: data accepted, metadata accepted, contacts notified, next.</summary>
sealed class Publication(XmppConnection session, AvatarPicture picture, Population population, Load load)
{
    readonly Lock turn = new();
    readonly bool[] notified = new bool[population.Contacts];
    byte[] id = [];
    string idText = "";
    long startedAt;
    int missing;
    bool accepted;
    int serial = 1_000_000 * (session.User + 1);

    /// <summary>Somebody has not been notified, or the publisher not answered.</summary>
    public bool Unfinished => missing > 0 || !accepted;

    public void Begin()
    {
        lock (turn)
        {
            var (base64, next) = picture.Print(++serial);
            (idText, id) = (next, Encoding.ASCII.GetBytes(next));
            Array.Clear(notified);
            (missing, accepted) = (notified.Length, false);
            startedAt = Stopwatch.GetTimestamp();
            session.Send(AvatarStanzas.Data("data", base64, idText));
        }
    }

    public void Answered(ReadOnlySpan<byte> answer)
    {
        var request = Stanza.Attribute(answer, " id="u8);
        var (data, metadata) = (request.SequenceEqual("data"u8), request.SequenceEqual("metadata"u8));
        if (!data && !metadata)
            return;
        if (Stanza.IsError(answer))
            load.Fail("a publication was refused", answer);
        if (data)
            session.Send(AvatarStanzas.Metadata("metadata", idText, picture));
        else
            Step(static work => work.accepted = true);
    }

    /// <summary>The contact at <paramref name="place"/> got an event; another picture's, or the same again, does not count.</summary>
    public void Notified(int place, ReadOnlySpan<byte> stanza)
    {
        if (!Stanza.Has(stanza, "urn:xmpp:avatar:metadata"u8) || !Stanza.Has(stanza, id) || Volatile.Read(ref notified[place]))
            return;
        Step(work =>
        {
            work.notified[place] = true;
            work.missing--;
        });
    }

    void Step(Action<Publication> change)
    {
        lock (turn)
        {
            change(this);
            if (Unfinished)
                return;
        }

        load.Took(startedAt);
        load.Count();
        if (!load.Over)
            Begin();
    }
}
