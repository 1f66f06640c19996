using System.Net;
using Likeness.Xmpp.Server.Federation;
using Likeness.Xmpp.Server.Tests.Hosting;
using Likeness.Xmpp.Server.Tests.Play;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Xmpp.Server.Tests.Federation;

/// <summary>Which domains are here, which are elsewhere, and what an operator sees of these.</summary>
public sealed class OwnAndOtherDomainsTests
{
    [Fact]
    [Trait("Requirement", "F-36")]
    public async Task Domains_of_one_server_talk_to_each_other_without_a_network()
    {
        await using var scene = new Scene
        {
            AddServices = services => services.AddSingleton(new DomainPolicies([new DomainPolicy { Domain = TestServer.Domain }, new DomainPolicy { Domain = "capulet.example" }])),
        };
        await Performance.Play(scene, Transcript.Parse("cast", ["servers talk to each other", "capulet.example listens", "rooms.capulet.example listens", "romeo is a user", "romeo/orchard connects"]));
        var server = await scene.Server();
        await server.Stores.Accounts.Add(TestCredentials.Of("juliet@capulet.example"));
        await using var juliet = await Actor.Connect("juliet/balcony", server.EndPoint, scene.Conversation, domain: "capulet.example");
        await StreamSteps.LogIn(juliet);
        var romeo = scene.Actor("romeo/orchard");

        await romeo.Send("<message to='juliet@capulet.example/balcony' type='chat' id='1'><body>Ay me!</body></message><presence to='verona@rooms.capulet.example/romeo'/>");

        (await juliet.Receive()).ShouldNotBeNull()["id"].ShouldBe("1");
        (await romeo.Until(stanza => stanza.Name == "presence"))["from"].ShouldBe("verona@rooms.capulet.example/romeo");
        await juliet.Send("<message to='romeo@localhost/orchard' type='chat' id='2'><body>What man art thou?</body></message>");
        await romeo.Until(stanza => stanza["id"] == "2");
        TwoServers.PeersOf(server).Links.ShouldBeEmpty();
        scene.Listeners.Values.ShouldAllBe(listener => !listener.Pending());
    }

    [Fact]
    [Trait("Requirement", "F-35")]
    public async Task An_operator_sees_who_is_connected_and_why_somebody_is_not()
    {
        await using var scene = new Scene();
        await Performance.Play(scene, Transcript.Parse("cast",
        [
            "servers talk to each other", "juliet is a user", "juliet/balcony connects", "montague is the server montague.example", "verona.example is reached nowhere", "mantua.example listens",
            "juliet/balcony sends",
            "    <message to='nurse@verona.example' id='1' type='chat'><body>one</body></message>",
            "juliet/balcony receives",
            "    <message id='1' type='error'/>",
            "juliet/balcony sends",
            "    <message to='friar@mantua.example' id='2' type='chat'><body>two</body></message>",
            "    <message to='friar@mantua.example' id='3' type='chat'><body>three</body></message>",
            "mantua hears a call at mantua.example",
            "tybalt connects as the server padua.example",
            "juliet/balcony is fenced",
        ]));
        var status = (await scene.Server()).Services.GetRequiredService<FederationStatus>();

        var rows = status.Read();

        rows.Select(row => (row.Theirs, row.Ours, row.Direction, row.State, row.By, row.Waiting)).ShouldBe(
        [
            ("mantua.example", "localhost", "out", "connecting", "", 2),
            ("montague.example", "localhost", "both", "connected", "dialback", 0),
            ("verona.example", "localhost", "out", "waiting", "", 0),
        ]);
        var connected = rows[1];
        (connected.Address, connected.Tls, connected.Problem, connected.Since).ShouldBe((IPAddress.Loopback.ToString(), "", "", (await scene.Server()).Clock.GetUtcNow()));
        rows[2].Problem.ShouldStartWith("127.0.0.1 refuses the connection at port ");
        (status.Streams, status.Waiting, status.Unreachable).ShouldBe((1, 2, 1));
    }
}
