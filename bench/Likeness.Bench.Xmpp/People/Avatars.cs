using Likeness.Bench.Xmpp.Sessions;
using Likeness.Bench.Xmpp.Wire;

namespace Likeness.Bench.Xmpp.People;

/// <summary>Gives every user an avatar before the load starts, and remembers which.</summary>
static class Avatars
{
    // ejabberd aborts the creation of a node now and then when others are created beside it.
    const int attempts = 8;

    /// <summary>The picture ids by the connections' order.</summary>
    public static Task<string[]> Publish(IReadOnlyList<XmppConnection> connections, AvatarPicture picture) =>
        Crowd.Each([.. Enumerable.Range(0, connections.Count)], atOnce: 4, async index =>
        {
            var connection = connections[index];
            var (base64, id) = picture.Print(connection.User);
            await Insist(connection, "data", AvatarStanzas.Data("data", base64, id));
            await Insist(connection, "metadata", AvatarStanzas.Metadata("metadata", id, picture));
            return id;
        });

    static async Task Insist(XmppConnection connection, string requestId, string stanza)
    {
        for (var attempt = 1; ; attempt++)
        {
            var answer = await Request.Send(connection, requestId, stanza);
            if (!Stanza.IsError(answer))
                return;
            if (attempt == attempts)
                throw new ConnectionLostException($"u{connection.User}, avatar {requestId}: {Stanza.Text(answer)}");
            await Task.Delay(100);
        }
    }
}
