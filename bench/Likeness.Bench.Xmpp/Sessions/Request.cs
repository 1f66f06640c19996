using Likeness.Bench.Xmpp.Wire;

namespace Likeness.Bench.Xmpp.Sessions;

/// <summary>One request and its answer during set-up, before the connection is pumped.</summary>
static class Request
{
    static readonly TimeSpan timeout = TimeSpan.FromSeconds(30);

    /// <summary>Sends an IQ whose id is <paramref name="id"/> and gives the answer, an error answer included.</summary>
    public static async Task<byte[]> Send(XmppConnection connection, string id, string stanza)
    {
        using var limit = new CancellationTokenSource(timeout);
        connection.Send(stanza);
        var idBytes = System.Text.Encoding.UTF8.GetBytes(id);
        return await connection.ReadUntil(answer => Answers(answer, idBytes), limit.Token);
    }

    static bool Answers(ReadOnlySpan<byte> stanza, ReadOnlySpan<byte> id) =>
        Stanza.IsIq(stanza) && Stanza.Attribute(stanza, " id="u8).SequenceEqual(id);
}
