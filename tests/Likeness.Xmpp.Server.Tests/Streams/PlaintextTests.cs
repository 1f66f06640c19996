using System.Text;
using Likeness.Xmpp.Server.Tests.Hosting;

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
    [InlineData("<")]
    [InlineData("\n<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='localhost' version='1.0'>")]
    [InlineData("<iq type='set' id='injected'><query xmlns='jabber:iq:register'/></iq>")]
    public async Task Anything_behind_starttls_ends_the_stream_before_the_handshake(string injected)
    {
        await using var scene = await LoginSteps.Scene(tlsRequired: true);
        var actor = await scene.Open("mercutio");

        await actor.Send($"<starttls xmlns='{Ns.Tls}'/>{injected}");

        (await actor.StreamError()).ShouldBe("policy-violation");
    }

    [Theory]
    [Trait("Requirement", "C-3")]
    [InlineData("\n", "")]
    [InlineData(" \r\n\t", "")]
    [InlineData("", "\n")]
    public async Task White_space_behind_starttls_and_auth_is_dropped(string atOnce, string afterwards)
    {
        await using var scene = await LoginSteps.Scene(tlsRequired: true);
        var actor = await scene.Open("juliet");

        await actor.Send($"<starttls xmlns='{Ns.Tls}'/>{atOnce}");
        (await actor.Receive()).ShouldNotBeNull().Name.ShouldBe("proceed");
        await actor.Send(afterwards);
        await actor.StartTls();
        await actor.OpenStream();
        (await actor.Receive()).ShouldNotBeNull().Name.ShouldBe("features");
        var plain = Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0juliet\0{TestCredentials.Password}"));
        await actor.Send($"<auth xmlns='{Ns.Sasl}' mechanism='PLAIN'>{plain}</auth>{atOnce}");
        (await actor.Receive()).ShouldNotBeNull().Name.ShouldBe("success");
        await actor.Send(afterwards);

        (await actor.Bind("balcony")).ShouldBe("juliet@localhost/balcony");
    }
}
