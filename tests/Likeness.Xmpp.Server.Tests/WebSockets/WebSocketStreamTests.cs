using System.Net.WebSockets;
using Likeness.Xmpp.Sasl;
using Likeness.Xmpp.Server.Connections;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Server.Tests.Hosting;
using Likeness.Xmpp.Server.Tests.Play;
using Likeness.Xmpp.Xml;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Xmpp.Server.Tests.WebSockets;

/// <summary>Streams over WebSocket (RFC 7395): the same as on TCP, one element per message.</summary>
public sealed class WebSocketStreamTests
{
    [Theory]
    [Trait("Requirement", "W-3")]
    [Trait("Requirement", "W-17")]
    [Trait("Requirement", "C-172")]
    [Trait("Requirement", "C-173")]
    [InlineData("SCRAM-SHA-1")]
    [InlineData("SCRAM-SHA-256")]
    public async Task A_client_logs_in_and_opens_the_stream_anew(string mechanism)
    {
        await using var scene = await Cast();
        await using var client = await WebClient.Connect(await scene.Server());

        var features = await client.Open();
        features.Is("features", Ns.Streams).ShouldBeTrue();
        client.Text.ShouldStartWith("<stream:features xmlns:stream='http://etherx.jabber.org/streams'>");
        features.Child("starttls", Ns.Tls).ShouldBeNull();
        features.Child("mechanisms", Ns.Sasl)!.Select(one => one.Text()).ShouldBe(["SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN"], ignoreOrder: true);

        var scram = new ScramClient(mechanism == "SCRAM-SHA-1" ? ScramHash.Sha1 : ScramHash.Sha256, "juliet", TestCredentials.Password);
        var challenge = await client.Ask(SaslContent.Write("auth", scram.Start()).Set("mechanism", mechanism).ToString());
        SaslContent.TryRead(challenge, out var asked).ShouldBeTrue();
        var success = await client.Ask(SaslContent.Write("response", scram.Respond(asked!)).ToString());
        success.Name.ShouldBe("success");
        SaslContent.TryRead(success, out var proof).ShouldBeTrue();
        scram.Finish(proof!);
        client.Text.ShouldNotContain("\n");

        (await client.Open()).Child("bind", Ns.Bind).ShouldNotBeNull();
    }

    [Fact]
    [Trait("Requirement", "W-4")]
    [Trait("Requirement", "C-171")]
    public async Task Every_stanza_stands_alone_whoever_sends_it()
    {
        await using var scene = await Cast();
        var server = await scene.Server();
        await using var juliet = await WebClient.LoggedIn(server, "juliet", "web");
        await juliet.Send("<presence xmlns='jabber:client'/>");
        await juliet.Fence();
        var long1 = new string('x', 200);
        var long2 = new string('y', 70_000);
        await Performance.Play(scene, Transcript.Parse("romeo",
        [
            "romeo/orchard comes online",
            "romeo/orchard sends",
            "    <message to='juliet@localhost' type='chat' id='1'><body>A &amp; B</body></message>",
            "romeo/orchard sends",
            $"    <message to='juliet@localhost/web' type='chat' id='2'><body>{long1}</body></message>",
            "romeo/orchard sends",
            $"    <message to='juliet@localhost/web' type='chat' id='3'><body>{long2}</body></message>",
            "romeo/orchard sends",
            "    <iq to='juliet@localhost/web' type='get' id='4'><query xmlns='urn:x'/></iq>",
        ]));
        await scene.FenceAll();

        var come = await juliet.Fence();

        come.ShouldAllBe(element => element.Namespace == Ns.Client);
        come.Where(element => element["from"] == "romeo@localhost/orchard").Select(element => $"{element.Name} {element["id"]}")
            .ShouldBe(["presence ", "message 1", "message 2", "message 3", "iq 4"]);
        come.Single(element => element["id"] == "1").Child("body")!.Text().ShouldBe("A & B");
        come.Single(element => element["id"] == "3").Child("body")!.Text().ShouldBe(long2);
    }

    [Fact]
    [Trait("Requirement", "W-5")]
    [Trait("Requirement", "C-172")]
    public async Task A_client_that_takes_leave_is_answered_before_the_socket_is_closed()
    {
        await using var scene = await Cast();
        await using var client = await WebClient.LoggedIn(await scene.Server(), "juliet", "web");

        (await client.Ask(WebClient.CloseStream)).Is("close", Ns.Framing).ShouldBeTrue();

        (await client.Receive()).ShouldBeNull();
        client.Status.ShouldBe(WebSocketCloseStatus.NormalClosure);
        await client.Closed();
        await Gone(scene);
    }

    [Theory]
    [Trait("Requirement", "W-2")]
    [Trait("Requirement", "W-3")]
    [Trait("Requirement", "C-171")]
    [InlineData("<message xmlns='jabber:client'/><message xmlns='jabber:client'/>", "not-well-formed")]
    [InlineData(" <message xmlns='jabber:client'/>", "bad-format")]
    [InlineData("", "bad-format")]
    [InlineData("hello", "bad-format")]
    [InlineData("<message xmlns='jabber:client'/>hello", "bad-format")]
    [InlineData("<message xmlns='jabber:client'>", "not-well-formed")]
    [InlineData("<message/>", "invalid-namespace")]
    [InlineData("<message xmlns='jabber:server'/>", "invalid-namespace")]
    [InlineData("<stream:error/>", "not-well-formed")]
    [InlineData("<message xmlns='jabber:client'><x:y/></message>", "not-well-formed")]
    [InlineData("<?php ?><message xmlns='jabber:client'/>", "restricted-xml")]
    [InlineData("<!-- a --><message xmlns='jabber:client'/>", "restricted-xml")]
    [InlineData("<query xmlns='urn:x'/>", "unsupported-stanza-type")]
    [InlineData("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", "unsupported-stanza-type")]
    [InlineData(WebClient.OpenStream, "policy-violation")]
    public async Task What_is_not_one_element_in_its_place_ends_the_stream(string message, string condition)
    {
        await using var scene = await Cast();
        await using var client = await WebClient.LoggedIn(await scene.Server(), "juliet", "web");

        await client.Send(message);

        await Ends(client, condition);
        await Gone(scene);
    }

    [Fact]
    [Trait("Requirement", "K-14")]
    [Trait("Requirement", "C-173")]
    public async Task Where_the_connection_s_TLS_is_not_known_nothing_is_bound_to_it()
    {
        await using var scene = await Cast();
        await using var client = await WebClient.Connect(await scene.Server());

        var features = await client.Open();

        features.Child("mechanisms", Ns.Sasl)!.Select(mechanism => mechanism.Text()).ShouldBe(["SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN"]);
        features.Child("sasl-channel-binding", Ns.SaslChannelBinding).ShouldBeNull();
    }

    [Theory]
    [Trait("Requirement", "W-6")]
    [Trait("Requirement", "C-173")]
    [InlineData("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", "unsupported-stanza-type")]
    [InlineData("<iq xmlns='jabber:client' type='get' id='1'><query xmlns='jabber:iq:roster'/></iq>", "not-authorized")]
    [InlineData("<message xmlns='jabber:client'/>", "not-authorized")]
    public async Task Before_the_login_there_is_only_the_login(string message, string condition)
    {
        await using var scene = await Cast();
        await using var client = await WebClient.Connect(await scene.Server());
        await client.Open();

        await client.Send(message);

        await Ends(client, condition);
    }

    [Fact]
    [Trait("Requirement", "W-3")]
    public async Task Nothing_comes_before_the_stream_is_opened()
    {
        await using var scene = await Cast();
        await using var client = await WebClient.Connect(await scene.Server());

        (await client.Ask($"<auth xmlns='{Ns.Sasl}' mechanism='PLAIN'>AGp1bGlldABzZWNyZXQ=</auth>")).Is("open", Ns.Framing).ShouldBeTrue();

        await Ends(client, "policy-violation");
    }

    [Fact]
    [Trait("Requirement", "W-3")]
    [Trait("Requirement", "C-172")]
    public async Task An_unknown_host_is_refused_inside_a_stream()
    {
        await using var scene = await Cast();
        await using var client = await WebClient.Connect(await scene.Server());

        (await client.Ask(WebClient.OpenStream.Replace("localhost", "elsewhere.example"))).Is("open", Ns.Framing).ShouldBeTrue();

        await Ends(client, "host-unknown");
    }

    [Theory]
    [Trait("Requirement", "W-16")]
    [InlineData("<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='localhost' version='1.0'>")]
    [InlineData("<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='localhost' version='1.0'>")]
    public async Task A_client_of_the_old_draft_is_told_which_document_to_read(string header)
    {
        await using var scene = await Cast();
        await using var client = await WebClient.Connect(await scene.Server());

        (await client.Ask(header)).Is("open", Ns.Framing).ShouldBeTrue();

        await Ends(client, "bad-format", WebSocketCloseStatus.ProtocolError);
        client.Reason.ShouldNotBeNull().ShouldContain("RFC 7395");
    }

    [Fact]
    [Trait("Requirement", "W-9")]
    [Trait("Requirement", "C-171")]
    public async Task Nothing_but_text_is_taken()
    {
        await using var scene = await Cast();
        await using var client = await WebClient.LoggedIn(await scene.Server(), "juliet", "web");

        await client.Send("<presence xmlns='jabber:client'/>", WebSocketMessageType.Binary);

        await Ends(client, "bad-format", WebSocketCloseStatus.InvalidMessageType);
    }

    [Theory]
    [Trait("Requirement", "W-9")]
    [Trait("Requirement", "C-174")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_message_over_the_limit_of_stanzas_ends_the_stream(bool isLoggedIn)
    {
        await using var scene = await Cast();
        var server = await scene.Server();
        await using var client = isLoggedIn ? await WebClient.LoggedIn(server, "juliet", "web") : await WebClient.Connect(server);
        const string frame = "<message xmlns='jabber:client'></message>";
        var limit = isLoggedIn ? scene.Options.Limits.StanzaBytes : scene.Options.Limits.StanzaBytesBeforeAuthentication;
        if (isLoggedIn)
        {
            await client.Send(frame.Insert(frame.IndexOf('>') + 1, new string('x', limit - frame.Length)));
            await client.Fence();
        }
        else
        {
            await client.Open();
        }

        await client.Send(frame.Insert(frame.IndexOf('>') + 1, new string('x', limit + 1 - frame.Length)));

        await Ends(client, "policy-violation", WebSocketCloseStatus.MessageTooBig);
    }

    [Fact]
    [Trait("Requirement", "W-5")]
    public async Task At_shutdown_clients_are_told()
    {
        await using var scene = await Cast();
        var server = await scene.Server();
        await using var client = await WebClient.LoggedIn(server, "juliet", "web");

        server.Services.GetRequiredService<OpenConnections>().CloseAll();

        await Ends(client, "system-shutdown");
    }

    internal static async Task<Scene> Cast()
    {
        var scene = new Scene();
        await Performance.Play(scene, Transcript.Parse("cast", ["juliet and romeo are users", "juliet and romeo are contacts"]));
        return scene;
    }

    // Everything that counted the client has let it go.
    private static async Task Gone(Scene scene)
    {
        var services = (await scene.Server()).Services;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15));
        while (services.GetRequiredService<ConnectionLimits>().Count > 0)
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        services.GetRequiredService<OpenConnections>().Count.ShouldBe(0);
        (services.GetRequiredService<AccountDirectory>().FindLoaded("juliet@localhost")?.Sessions.Length ?? 0).ShouldBe(0);
        scene.ServerErrors.ShouldBeEmpty();
    }

    private static async Task Ends(WebClient client, string condition, WebSocketCloseStatus status = WebSocketCloseStatus.NormalClosure)
    {
        var error = (await client.Receive()).ShouldNotBeNull();
        error.Is("error", Ns.Streams).ShouldBeTrue(client.Text);
        error.FirstChild()!.Name.ShouldBe(condition, client.Text);
        (await client.Receive()).ShouldNotBeNull().Is("close", Ns.Framing).ShouldBeTrue(client.Text);
        (await client.Receive()).ShouldBeNull();
        client.Status.ShouldBe(status);
        await client.Closed();
    }
}
