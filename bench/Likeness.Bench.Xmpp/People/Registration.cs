using Likeness.Bench.Xmpp.Sessions;
using Likeness.Bench.Xmpp.Wire;

namespace Likeness.Bench.Xmpp.People;

/// <summary>Creates accounts in-band (XEP-0077 §3.1); one that exists already is fine.</summary>
static class Registration
{
    public static Task Register(Target target, IReadOnlyList<int> users) =>
        Crowd.Each(users, atOnce: 8, async user =>
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            using var connection = await XmppConnection.Connect(target.Server, limit.Token);
            await Login.Features(connection, target, tls: false, limit.Token);
            var answer = await Request.Send(connection, "r", $"<iq type='set' id='r'><query xmlns='jabber:iq:register'><username>u{user}</username><password>{Population.Password}</password></query></iq>");
            if (Stanza.IsError(answer) && !Stanza.Has(answer, "<conflict"u8))
                throw new ConnectionLostException($"registration of u{user}: {Stanza.Text(answer)}");
            return true;
        });
}
