using System.Net.Security;
using System.Text;
using Likeness.Xmpp.Server.Tests.Hosting;
using Likeness.Xmpp.Server.Tests.Play;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Tests.Federation;

/// <summary>Servers that connect with a certificate of their own.</summary>
public sealed class CertifiedPeerTests
{
    [Theory]
    [Trait("Requirement", "F-18")]
    [Trait("Requirement", "C-191")]
    [Trait("Requirement", "C-192")]
    [InlineData("montague.example", true, true)]
    [InlineData("montague.example", false, false)]
    [InlineData("verona.example", true, false)]
    [InlineData(null, true, false)]
    public async Task EXTERNAL_is_offered_to_whom_it_will_succeed_only(string? from, bool isSigned, bool isOffered)
    {
        await using var scene = Scene();
        var peer = await Connect(scene, TestAuthority.For(["montague.example"], isSigned));

        var features = await Open(peer, from);

        (features.Child("mechanisms", Ns.Sasl)?.Any(mechanism => mechanism.Text() == "EXTERNAL") == true).ShouldBe(isOffered, features.ToString());
        features.Child("dialback", Ns.DialbackFeature).ShouldNotBeNull();
    }

    [Theory]
    [Trait("Requirement", "F-18")]
    [Trait("Requirement", "C-192")]
    [InlineData("verona.example", "not-authorized")]
    [InlineData("romeo@montague.example", "not-authorized")]
    [InlineData("montague.example", "success")]
    [InlineData("", "success")]
    public async Task Nobody_is_somebody_else_than_its_certificate_says(string identity, string outcome)
    {
        await using var scene = Scene();
        var peer = await Connect(scene, TestAuthority.For(["montague.example"]));
        await Open(peer, "montague.example");

        await peer.Send($"<auth xmlns='{Ns.Sasl}' mechanism='EXTERNAL'>{(identity.Length == 0 ? "=" : Convert.ToBase64String(Encoding.UTF8.GetBytes(identity)))}</auth>");

        var answer = (await peer.Receive()).ShouldNotBeNull();
        (answer.Name == "failure" ? answer.FirstChild()!.Name : answer.Name).ShouldBe(outcome);
        if (outcome == "success")
        {
            (await Open(peer, "montague.example")).Child("mechanisms", Ns.Sasl).ShouldBeNull();
            TwoServers.PeersOf(await scene.Server()).OpenStreams.ShouldHaveSingleItem().AuthenticatedBy.ShouldBe("EXTERNAL");
        }
    }

    private static Scene Scene()
    {
        var scene = new Scene();
        scene.Options = scene.Options with { Federation = new FederationOptions { IsOn = true, AllowsPrivateAddresses = true, Routes = scene.Routes, Authorities = TestAuthority.Trusted } };
        return scene;
    }

    private static async Task<Actor> Connect(Scene scene, SslStreamCertificateContext certificate)
    {
        var peer = await scene.Connect("montague", endpoint: server => server.Peers);
        await Open(peer, null);
        await peer.Send($"<starttls xmlns='{Ns.Tls}'/>");
        (await peer.Receive()).ShouldNotBeNull().Name.ShouldBe("proceed");
        await peer.StartTls(shown: certificate);
        return peer;
    }

    private static async Task<Element> Open(Actor peer, string? from)
    {
        await peer.Send($"<?xml version='1.0'?><stream:stream xmlns='jabber:server' xmlns:stream='{Ns.Streams}' to='localhost'{(from is null ? "" : $" from='{from}'")} version='1.0'>");
        (await peer.Receive()).ShouldNotBeNull().Name.ShouldBe("stream");
        return (await peer.Receive()).ShouldNotBeNull();
    }
}
