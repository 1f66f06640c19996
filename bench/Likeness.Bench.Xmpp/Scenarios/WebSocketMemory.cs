using System.Net.WebSockets;
using System.Text;
using Likeness.Bench.Xmpp.People;
using Likeness.Bench.Xmpp.Results;
using Likeness.Bench.Xmpp.Sessions;

namespace Likeness.Bench.Xmpp.Scenarios;

/// <summary>As <see cref="IdleMemory"/>, for clients in browsers: resident memory per session over WebSocket that is bound, available and silent.</summary>
sealed class WebSocketMemory(string name) : IScenario
{
    const int warmUpSessions = 50;
    const string framing = "urn:ietf:params:xml:ns:xmpp-framing";
    static readonly TimeSpan settle = TimeSpan.FromSeconds(3);

    public string Name => name;

    public string Unit => "KB/session";

    public bool LessIsBetter => true;

    public async Task<Measurement> Run(Stage stage)
    {
        if (stage.Server.Web is not { } web)
            throw new ScenarioFailedException("it has no WebSocket here");
        foreach (var socket in await Open(stage, web, warmUpSessions))
            socket.Dispose();
        await Task.Delay(settle);
        var before = stage.Server.Usage.ResidentKilobytes;
        var sockets = await Open(stage, web, stage.IdleSessions);
        try
        {
            await Quiet.Wait(stage.Server, () => 0);
            await Task.Delay(settle);
            var after = stage.Server.Usage.ResidentKilobytes;
            return new Measurement((after - before) / (double)sockets.Length) { ServerMegabytes = after / 1024.0 };
        }
        finally
        {
            foreach (var socket in sockets)
                socket.Dispose();
        }
    }

    static Task<ClientWebSocket[]> Open(Stage stage, Uri web, int count) => Crowd.Each(stage.Population.Loners(count), atOnce: 16, async user =>
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("xmpp");
        await socket.ConnectAsync(new Uri($"ws://{web.Authority}/xmpp-websocket"), limit.Token);
        var open = $"<open xmlns='{framing}' to='localhost' version='1.0'/>";
        await Ask(open, "features");
        var login = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0u{user}\0{Population.Password}"));
        await Ask($"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{login}</auth>", "<success");
        await Ask(open, "features");
        await Ask("<iq xmlns='jabber:client' type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>", "type='result'");
        await Ask("<presence xmlns='jabber:client'/>", "<presence");
        return socket;

        async Task Ask(string element, string answer)
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes(element), WebSocketMessageType.Text, endOfMessage: true, limit.Token);
            var buffer = new byte[16 * 1024];
            string received;
            do
                received = Encoding.UTF8.GetString(buffer, 0, (await socket.ReceiveAsync(buffer, limit.Token)).Count);
            while (!received.Contains(answer, StringComparison.Ordinal) && !received.Contains("<failure", StringComparison.Ordinal) && !received.Contains("<close", StringComparison.Ordinal));
            if (!received.Contains(answer, StringComparison.Ordinal))
                throw new ScenarioFailedException($"{element}: {received}");
        }
    });
}
