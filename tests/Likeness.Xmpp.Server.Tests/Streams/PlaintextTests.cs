namespace Likeness.Xmpp.Server.Tests.Streams;

/// <summary>What is refused before TLS, and between the lines around it.</summary>
public sealed class PlaintextTests
{
    [Theory]
    [Trait("Requirement", "C-40")]
    [InlineData("PLAIN")]
    [InlineData("SCRAM-SHA-1")]
    [InlineData("SCRAM-SHA-256")]
    [InlineData("SCRAM-SHA-256-PLUS")]
    [InlineData("ANONYMOUS")]
    public async Task No_mechanism_begins_before_TLS_where_it_is_required(string mechanism)
    {
        await using var scene = await LoginSteps.Scene(tlsRequired: true);
        var actor = await scene.Open("mercutio");

        await actor.Send($"<auth xmlns='{Ns.Sasl}' mechanism='{mechanism}'>AGp1bGlldABzZWNyZXQ=</auth>");

        (await actor.StreamError()).ShouldBe("unsupported-stanza-type");
    }

    [Theory]
    [Trait("Requirement", "C-3")]
    [InlineData(" ")]
    [InlineData("<")]
    [InlineData("<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='localhost' version='1.0'>")]
    [InlineData("<iq type='set' id='injected'><query xmlns='jabber:iq:register'/></iq>")]
    public async Task Anything_behind_starttls_ends_the_stream_before_the_handshake(string injected)
    {
        await using var scene = await LoginSteps.Scene(tlsRequired: true);
        var actor = await scene.Open("mercutio");

        await actor.Send($"<starttls xmlns='{Ns.Tls}'/>{injected}");

        (await actor.Receive()).ShouldNotBeNull().Name.ShouldBe("proceed");
        (await actor.StreamError()).ShouldBe("policy-violation");
    }
}
