using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text;
using Likeness.Xmpp.Sasl;
using Likeness.Xmpp.Server.Connections;
using Likeness.Xmpp.Server.Tests.Hosting;

namespace Likeness.Xmpp.Server.Tests.Streams;

/// <summary>SCRAM over the wire, with and without channel binding (RFC 5802, RFC 7677, RFC 5929).</summary>
public sealed class ScramLoginTests
{
    private static byte[] EndPoint => ServerEndPoint.Of(TestCertificate.Context.TargetCertificate)!;

    [Theory]
    [Trait("Requirement", "C-43")]
    [InlineData("SCRAM-SHA-1")]
    [InlineData("SCRAM-SHA-256")]
    [InlineData("SCRAM-SHA-1-PLUS")]
    [InlineData("SCRAM-SHA-256-PLUS")]
    public async Task Client_and_server_prove_to_each_other_that_they_know_the_password(string mechanism)
    {
        await using var scene = await LoginSteps.Scene(tlsRequired: true);
        var actor = await scene.OpenSecured("mercutio");

        (await actor.Authenticate(Client(mechanism, TestCredentials.Password))).ShouldBe("success");

        (await actor.Bind("balcony")).ShouldBe("juliet@localhost/balcony");
    }

    [Theory]
    [Trait("Requirement", "C-42")]
    [InlineData("SCRAM-SHA-1")]
    [InlineData("SCRAM-SHA-256")]
    [InlineData("SCRAM-SHA-1-PLUS")]
    [InlineData("SCRAM-SHA-256-PLUS")]
    public async Task A_wrong_password_is_refused_and_may_be_corrected(string mechanism)
    {
        await using var scene = await LoginSteps.Scene(tlsRequired: true);
        var actor = await scene.OpenSecured("mercutio");

        (await actor.Authenticate(Client(mechanism, "wrong"))).ShouldBe("not-authorized");
        (await actor.Authenticate(Client(mechanism, TestCredentials.Password))).ShouldBe("success");
    }

    [Theory]
    [Trait("Requirement", "K-11")]
    [Trait("Requirement", "K-12")]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task A_login_is_bound_to_its_very_connection_and_to_no_other_one(SslProtocols protocol)
    {
        await using var scene = await LoginSteps.Scene(tlsRequired: true);
        var actor = await scene.OpenSecured("mercutio", protocol: protocol);
        var other = await scene.OpenSecured("tybalt", protocol: protocol);
        var (own, foreign) = (TlsExporter.Of(actor.Tls!).ShouldNotBeNull(), TlsExporter.Of(other.Tls!).ShouldNotBeNull());
        foreign.ShouldNotBe(own);

        (await actor.Authenticate(Bound(foreign))).ShouldBe("not-authorized");
        (await actor.Authenticate(Bound(own))).ShouldBe("success");
    }

    [Fact]
    [Trait("Requirement", "K-10")]
    [Trait("Requirement", "K-15")]
    public async Task Bindings_are_announced_with_the_exporter_first_and_the_offer_is_proven()
    {
        await using var scene = await LoginSteps.Scene(tlsRequired: true);
        var actor = await scene.OpenSecured("mercutio");
        var features = actor.Features.ShouldNotBeNull();
        var bindings = features.Child("sasl-channel-binding", Ns.SaslChannelBinding)!.Select(binding => binding["type"]!).ToArray();
        bindings.ShouldBe(["tls-exporter", "tls-server-end-point"]);
        var announced = SaslServerContext.Announcement(features.Child("mechanisms", Ns.Sasl)!.Select(mechanism => mechanism.Text()), bindings);

        var challenge = await actor.Begin("SCRAM-SHA-256", "n,,n=juliet,r=abcdefgh");

        SaslContent.TryRead(challenge, out var first).ShouldBeTrue();
        Encoding.UTF8.GetString(first!).ShouldEndWith(",h=" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(announced))));
    }

    [Fact]
    [Trait("Requirement", "C-46")]
    public async Task A_binding_to_another_certificate_is_refused()
    {
        await using var scene = await LoginSteps.Scene(tlsRequired: true);
        var actor = await scene.OpenSecured("mercutio");
        byte[] foreign = [.. EndPoint.Reverse()];

        (await actor.Authenticate(new ScramClient(ScramHash.Sha256, "juliet", TestCredentials.Password, foreign))).ShouldBe("not-authorized");
    }

    [Fact]
    [Trait("Requirement", "C-46")]
    public async Task A_client_that_was_shown_no_binding_although_it_was_offered_is_refused()
    {
        await using var scene = await LoginSteps.Scene(tlsRequired: true);
        var actor = await scene.OpenSecured("mercutio");

        (await actor.Authenticate(DeniedBinding())).ShouldBe("not-authorized");
        (await actor.Authenticate(Client("SCRAM-SHA-256-PLUS", "wrong"))).ShouldBe("not-authorized");
        (await actor.Authenticate(DeniedBinding())).ShouldBe("not-authorized");
    }

    [Theory]
    [Trait("Requirement", "C-46")]
    [InlineData("tls-unique")]
    [InlineData("tls-exporter-2")]
    public async Task A_client_that_tried_a_binding_we_do_not_have_may_go_on_without_one_on_this_stream_only(string binding)
    {
        await using var scene = await LoginSteps.Scene(tlsRequired: true);
        var actor = await scene.OpenSecured("mercutio");

        var refused = await actor.Begin("SCRAM-SHA-1-PLUS", $"p={binding},,n=juliet,r=abcdefgh");

        refused.Name.ShouldBe("failure");
        (await actor.Authenticate(DeniedBinding())).ShouldBe("success");
        var other = await scene.OpenSecured("tybalt");
        (await other.Authenticate(DeniedBinding())).ShouldBe("not-authorized");
    }

    [Fact]
    [Trait("Requirement", "C-46")]
    public async Task Without_TLS_there_is_no_binding_to_be_denied()
    {
        await using var scene = await LoginSteps.Scene(tlsRequired: false);
        var actor = await scene.Open("mercutio");

        (await actor.Authenticate(DeniedBinding())).ShouldBe("success");
    }

    [Theory]
    [Trait("Requirement", "C-41")]
    [InlineData("SCRAM-SHA-1")]
    [InlineData("SCRAM-SHA-256-PLUS")]
    [InlineData("PLAIN")]
    public async Task A_missing_first_message_is_asked_for_with_an_empty_challenge(string mechanism)
    {
        await using var scene = await LoginSteps.Scene(tlsRequired: true);
        var actor = await scene.OpenSecured("mercutio");

        await actor.Send($"<auth xmlns='{Ns.Sasl}' mechanism='{mechanism}'/>");

        // Not "=": that is the content of an answer of no bytes, and some clients decode it as data.
        (await actor.Receive()).ShouldNotBeNull().ToString().ShouldBe($"<challenge xmlns='{Ns.Sasl}'/>");
        ISaslClient client = mechanism == "PLAIN" ? new PlainClient("juliet", TestCredentials.Password) : Client(mechanism, TestCredentials.Password);
        (await actor.Continue(client)).ShouldBe("success");
    }

    private static ScramClient Bound(byte[] exporter) => new(ScramHash.Sha256, "juliet", TestCredentials.Password, exporter) { BindingType = "tls-exporter" };

    // 'y': the client could bind, and believes that the server could not.
    private static ScramClient DeniedBinding() => new(ScramHash.Sha1, "juliet", TestCredentials.Password, couldBind: true);

    private static ScramClient Client(string mechanism, string password) => new(
        mechanism.StartsWith("SCRAM-SHA-256", StringComparison.Ordinal) ? ScramHash.Sha256 : ScramHash.Sha1,
        "juliet",
        password,
        mechanism.EndsWith("-PLUS", StringComparison.Ordinal) ? EndPoint : null);
}
