using System.Globalization;
using Likeness.Xmpp;
using Likeness.Xmpp.Client;
using Likeness.Xmpp.Xml;

namespace Likeness.Interop.Tests.Hosting;

/// <summary>Two people who chat all the time, each on one stream, and notice when anything is late or lost.</summary>
internal sealed class Witnesses(XmppClient juliet, XmppClient romeo)
{
    /// <summary>Longer is a disturbance.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>Messages that arrived, each followed by an answered ping.</summary>
    public int Exchanges { get; private set; }

    /// <summary>Chats until told to stop; throws when a stream ended, or a ping or message was not answered in time.</summary>
    public async Task ChatUntil(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            await Exchange(juliet, romeo);
            await Exchange(romeo, juliet);
        }

        juliet.Ended.IsCompleted.ShouldBeFalse("juliet's stream ended");
        romeo.Ended.IsCompleted.ShouldBeFalse("romeo's stream ended");
    }

    private async Task Exchange(XmppClient from, XmppClient to)
    {
        using var timeout = new CancellationTokenSource(Timeout);
        var id = (++Exchanges).ToString(CultureInfo.InvariantCulture);
        await from.Send(
            new Element("message", Ns.Client).Set("type", "chat").Set("id", id).Set("to", to.Address.Text).Add(new Element("body", Ns.Client).Add("still here")),
            timeout.Token);
        await to.Expect(stanza => stanza.Name == "message" && stanza["id"] == id, timeout.Token);
        await to.Request(new Element("iq", Ns.Client).Set("type", "get").Set("to", "localhost").Add(new Element("ping", Ns.Ping)), timeout.Token);
    }
}
