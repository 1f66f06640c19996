namespace Likeness.Bench.Xmpp.Wire;

/// <summary>Receives a connection's stanzas during load, on the thread that read them.</summary>
interface IStanzaHandler
{
    void Arrived(XmppConnection connection, ReadOnlySpan<byte> stanza);

    /// <summary>Everything that one read brought has been handed over: the moment to answer in one write.</summary>
    void Drained(XmppConnection connection)
    {
    }

    void Lost(XmppConnection connection, string reason);
}
