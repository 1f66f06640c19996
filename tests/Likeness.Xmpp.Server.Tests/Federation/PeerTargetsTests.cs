using System.Net;
using System.Net.Sockets;
using Likeness.Xmpp.Server.Tests.Hosting;
using Likeness.Xmpp.Server.Tests.Play;

namespace Likeness.Xmpp.Server.Tests.Federation;

/// <summary>Where a domain has several servers, and most of them are of no use.</summary>
public sealed class PeerTargetsTests
{
    [Fact]
    [Trait("Requirement", "F-2")]
    [Trait("Requirement", "F-42")]
    public async Task Every_server_and_every_address_is_tried_until_one_has_let_us_in()
    {
        await using var names = new StandInNames();
        await using var scene = new Scene();
        scene.Options = scene.Options with { Federation = new FederationOptions { IsOn = true, AllowsPrivateAddresses = true, Resolvers = [names.EndPoint] } };
        names.AddServer("_xmpp-server._tcp.montague.example", 1, "gone.example", 5269);
        AddServer(scene, names, 2, "refusing");
        scene.Listeners["refusing"].Stop();
        AddServer(scene, names, 3, "ending");
        AddServer(scene, names, 4, "mute");
        AddServer(scene, names, 5, "unwilling");
        AddServer(scene, names, 6, "willing", IPAddress.IPv6Loopback, IPAddress.Loopback);
        await Performance.Play(scene, Transcript.Parse("cast", ["juliet is a user", "juliet/balcony connects"]));
        var juliet = scene.Actor("juliet/balcony");
        await juliet.Send("<message to='romeo@montague.example' id='1' type='chat'><body>one</body></message>");

        await (await Called(scene, "ending")).HangUp();
        var mute = await Called(scene, "mute");
        (await scene.Server()).Clock.Advance(TimeSpan.FromSeconds(11));
        var unwilling = await Called(scene, "unwilling");
        (await mute.Receive()).ShouldBeNull("it had ten seconds to answer");
        await unwilling.Send("<?xml version='1.0'?><stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams' id='1' version='1.0'><stream:error><policy-violation xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>");
        var willing = await Called(scene, "willing");
        await willing.Send($"<?xml version='1.0'?><stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams' xmlns:db='{Ns.Dialback}' id='1' version='1.0'><stream:features><dialback xmlns='{Ns.DialbackFeature}'/></stream:features>");
        (await willing.Receive()).ShouldNotBeNull().Name.ShouldBe("result");
        await willing.Send("<db:result from='montague.example' to='localhost' type='valid'/>");

        (await willing.Receive()).ShouldNotBeNull()["id"].ShouldBe("1");
        await juliet.Fence();
        juliet.Kept.ShouldBeEmpty();
    }

    private static async Task<Actor> Called(Scene scene, string name)
    {
        var actor = await scene.Accept(name, name);
        (await actor.Receive()).ShouldNotBeNull()["to"].ShouldBe("montague.example");
        return actor;
    }

    // Of several addresses it listens on the last.
    private static void AddServer(Scene scene, StandInNames names, ushort priority, string name, params IPAddress[] addresses)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        scene.Listeners[name] = listener;
        names.Add($"{name}.example", addresses.Length > 0 ? addresses : [IPAddress.Loopback]);
        names.AddServer("_xmpp-server._tcp.montague.example", priority, $"{name}.example", ((IPEndPoint)listener.LocalEndpoint).Port);
    }
}
