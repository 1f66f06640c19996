using Likeness.Bench.Xmpp.People;
using Likeness.Bench.Xmpp.Wire;

namespace Likeness.Bench.Xmpp.Scenarios;

/// <summary>Everybody's eyes in the avatar scenario: answers caps queries and hands notifications and results to the publication they belong to.</summary>
sealed class Audience(IReadOnlyDictionary<int, Publication> works, Population population, Load load) : IStanzaHandler
{
    long arrivals;

    public long Arrivals => Interlocked.Read(ref arrivals);

    public void Arrived(XmppConnection connection, ReadOnlySpan<byte> stanza)
    {
        Interlocked.Increment(ref arrivals);
        if (Stanza.IsIq(stanza))
        {
            if (!Caps.Answer(connection, stanza) && works.TryGetValue(connection.User, out var own))
                own.Answered(stanza);
        }
        else if (Stanza.IsMessage(stanza) && works.TryGetValue(Stanza.Sender(stanza), out var work))
        {
            var place = population.PlaceOf(connection.User, Stanza.Sender(stanza));
            if (place >= 0)
                work.Notified(place, stanza);
        }
    }

    public void Lost(XmppConnection connection, string reason) => load.Fail(reason);
}
