using System.Net;
using System.Net.Sockets;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Tests.Play;

/// <summary>Other servers: those that connect, and those that are called.</summary>
internal static class FederationSteps
{
    private const string Features = "<stream:features><dialback xmlns='urn:xmpp:features:dialback'><errors/></dialback></stream:features>";

    public static readonly Step[] All =
    [
        new("servers talk to each other", (scene, _, _) => Set(scene, options => options with { IsOn = true, AllowsPrivateAddresses = true, Routes = scene.Routes })),
        new("servers need certificates", (scene, _, _) => Set(scene, options => options with { RequiresCertificates = true })),
        new("the server * is blocked in the settings", (scene, words, _) => Set(scene, options => options with { Blocked = options.Blocked.And(words[0]) })),
        new("* stanzas wait for a server", (scene, words, _) => Set(scene, options => options with { MaxWaitingStanzas = int.Parse(words[0]) })),
        new("a server sends * stanzas a second", (scene, words, _) => Set(scene, options => options with { MaxStanzasPerSecond = int.Parse(words[0]) })),
        new("* messages a minute come of strangers", (scene, words, _) => Set(scene, options => options with { MaxStrangerMessagesPerMinute = int.Parse(words[0]) })),
        new("* strangers of a domain ask an hour", (scene, words, _) => Set(scene, options => options with { MaxStrangerRequestsPerHour = int.Parse(words[0]) })),
        new("a domain is told * times a minute that somebody is not here", (scene, words, _) => Set(scene, options => options with { MaxNobodiesPerMinute = int.Parse(words[0]) })),
        new("the server * is blocked from now on", async (scene, words, _) =>
        {
            var list = scene.Options.Federation.BlockList;
            await scene.FenceAll();
            list.Patterns = list.Patterns.And(words[0]);
        }),
        new("* is reached nowhere", (scene, words, _) => Route(scene, words[0], Unused())),
        new("* listens", (scene, words, _) => Listen(scene, words[0])),
        new("* connects as the server *", (scene, words, _) => Connect(scene, words[0], words[1])),
        new("* is the server *", (scene, words, _) => Verify(scene, words[0], words[1])),
        new("* hears a call at *", (scene, words, _) => Hear(scene, words[0], words[1])),
        new("* is called at *", (scene, words, _) => Answer(scene, words[0], words[1])),
    ];

    private static Task Set(Scene scene, Func<FederationOptions, FederationOptions> change)
    {
        scene.Options = scene.IsStarted
            ? throw new TranscriptException("The server runs already; settings come first.")
            : scene.Options with { Federation = change(scene.Options.Federation) };
        return Task.CompletedTask;
    }

    private static Task Listen(Scene scene, string domain)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        scene.Listeners[domain] = listener;
        return Route(scene, domain, ((IPEndPoint)listener.LocalEndpoint).Port);
    }

    private static Task Route(Scene scene, string domain, int port)
    {
        scene.Routes[domain] = new DnsEndPoint("127.0.0.1", port);
        return Task.CompletedTask;
    }

    private static int Unused()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    // Its header is answered; what follows is the play's.
    private static async Task<Actor> Connect(Scene scene, string name, string domain)
    {
        var actor = await scene.Connect(name, endpoint: server => server.Peers);
        await actor.Send($"<?xml version='1.0'?><stream:stream xmlns='jabber:server' xmlns:stream='{Ns.Streams}' xmlns:db='{Ns.Dialback}' from='{domain}' to='localhost' version='1.0'>");
        await Expect(actor, "stream");
        return actor;
    }

    // By dialback, and for both ways on one stream.
    private static async Task Verify(Scene scene, string name, string domain)
    {
        await Listen(scene, domain);
        using var quiet = scene.Conversation.Pause();
        var actor = await Connect(scene, name, domain);
        await Expect(actor, "features");
        await actor.Send($"<bidi xmlns='{Ns.Bidi}'/><db:result from='{domain}' to='localhost'>a key</db:result>");
        var authority = await Answer(scene, $"{name}'s authority", domain);
        var asked = await Expect(authority, "verify");
        await authority.Send($"<db:verify from='{domain}' to='localhost' id='{asked["id"]}' type='valid'/>");
        await Expect(authority, null);
        if ((await Expect(actor, "result"))["type"] != "valid")
        {
            throw new TranscriptException($"{domain} was not verified.");
        }

        actor.ServerOf = domain;
        actor.IsBound = true;
    }

    // Its header has come and is not answered.
    private static async Task<Actor> Hear(Scene scene, string name, string domain)
    {
        await scene.Server();
        var actor = await scene.Accept(name, domain);
        var header = await Expect(actor, "stream");
        return header["to"] == domain && header["id"] is null ? actor : throw new TranscriptException($"Not a header for {domain}: {header}");
    }

    private static async Task<Actor> Answer(Scene scene, string name, string domain)
    {
        var actor = await Hear(scene, name, domain);
        await actor.Send($"<?xml version='1.0'?><stream:stream xmlns='jabber:server' xmlns:stream='{Ns.Streams}' xmlns:db='{Ns.Dialback}' id='of-{domain}' from='{domain}' to='localhost' version='1.0'>{Features}");
        return actor;
    }

    private static async Task<Element> Expect(Actor actor, string? element) =>
        await actor.Receive() is { } received
            ? received.Name == element ? received : throw new TranscriptException($"Expected <{element}/>, received {received}.")
            : element is null ? new Element("end", "") : throw new TranscriptException($"Expected <{element}/>, and the stream is over.");
}
