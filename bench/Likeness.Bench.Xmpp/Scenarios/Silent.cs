using Likeness.Bench.Xmpp.Wire;

namespace Likeness.Bench.Xmpp.Scenarios;

/// <summary>A client that says nothing and only counts what it is told.</summary>
sealed class Silent(Load load) : IStanzaHandler
{
    long arrived;

    public long Arrivals => Interlocked.Read(ref arrived);

    public void Arrived(XmppConnection connection, ReadOnlySpan<byte> stanza) => Interlocked.Increment(ref arrived);

    public void Lost(XmppConnection connection, string reason) => load.Fail(reason);
}
