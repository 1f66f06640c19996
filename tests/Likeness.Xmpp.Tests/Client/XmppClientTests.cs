using System.Security.Authentication;
using Likeness.Xmpp.Client;
using Likeness.Xmpp.Sasl;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Tests.Client;

public sealed class XmppClientTests
{
    private static readonly string Pin = ScriptedServer.Certificate.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256);

    [Theory]
    [Trait("Requirement", "C-40")]
    [InlineData(true, null, "SCRAM-SHA-256-PLUS")]
    [InlineData(false, null, "SCRAM-SHA-256")]
    [InlineData(true, "SCRAM-SHA-1 PLAIN SCRAM-SHA-1-PLUS", "SCRAM-SHA-1-PLUS")]
    [InlineData(false, "PLAIN SCRAM-SHA-1", "SCRAM-SHA-1")]
    [InlineData(true, "PLAIN", "PLAIN")]
    public async Task The_strongest_mechanism_is_used(bool plus, string? offered, string used)
    {
        await using var server = new ScriptedServer { OfferPlus = plus, Mechanisms = offered?.Split(' ') };
        await using var client = await LogIn(server, Options(server));
        client.Address.ShouldBe(Jid.Parse("ada@example.org/made-up"));
        server.Mechanism.ShouldBe(used);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("tls-unique")]
    public async Task Logins_are_not_bound_to_what_the_server_does_not_say_it_has(string? binding)
    {
        await using var server = new ScriptedServer { Binding = binding };
        await using var client = await LogIn(server, Options(server));
        server.Mechanism.ShouldBe("SCRAM-SHA-256");
    }

    [Theory]
    [Trait("Requirement", "K-11")]
    [InlineData("tls-server-end-point tls-exporter", "p=tls-exporter")]
    [InlineData("tls-exporter", "p=tls-exporter")]
    [InlineData("tls-server-end-point", "p=tls-server-end-point")]
    public async Task Logins_are_bound_to_their_very_connection_where_the_server_can_do_that(string offered, string bound)
    {
        await using var server = new ScriptedServer { Binding = offered };
        await using var client = await LogIn(server, Options(server));
        server.Bound.ShouldBe(bound);
    }

    [Fact]
    public async Task The_resource_asked_for_is_bound()
    {
        await using var server = new ScriptedServer();
        await using var client = await LogIn(server, Options(server) with { Account = Jid.Parse("ada@example.org/phone") });
        client.Address.Resource.ShouldBe("phone");
    }

    [Fact]
    public async Task A_wrong_password_is_said_so()
    {
        await using var server = new ScriptedServer();
        (await Should.ThrowAsync<SaslException>(() => LogIn(server, Options(server) with { Password = "pen" }))).Condition.ShouldBe("not-authorized");
    }

    [Fact]
    public async Task A_removed_offer_of_channel_binding_is_noticed()
    {
        await using var server = new ScriptedServer { Mechanisms = ["SCRAM-SHA-256"] };
        await Should.ThrowAsync<SaslException>(() => LogIn(server, Options(server)));
    }

    [Fact]
    [Trait("Requirement", "C-6")]
    public async Task A_certificate_nobody_vouches_for_is_refused()
    {
        await using var server = new ScriptedServer();
        var refused = await Should.ThrowAsync<AuthenticationException>(() => LogIn(server, Options(server) with { AcceptCertificate = null }));
        refused.Message.ShouldBe("The certificate is from nobody who is trusted here.");
    }

    [Fact]
    public async Task Another_certificate_than_the_pinned_one_is_refused()
    {
        await using var server = new ScriptedServer();
        await Should.ThrowAsync<AuthenticationException>(() => LogIn(server, Options(server) with { AcceptCertificate = XmppClientOptions.Pinned(new string('0', 64)) }));
    }

    [Fact]
    [Trait("Requirement", "C-6")]
    public async Task An_authority_of_ones_own_is_trusted_for_the_names_in_its_certificates()
    {
        await using var server = new ScriptedServer();
        await using var client = await LogIn(server, Options(server) with { AcceptCertificate = null, Authorities = [ScriptedServer.Certificate] });
        client.Address.Local.ShouldBe("ada");
        await using var other = new ScriptedServer();
        var refused = await Should.ThrowAsync<AuthenticationException>(() => LogIn(other, Options(other) with
        {
            AcceptCertificate = null,
            Authorities = [ScriptedServer.Certificate],
            Account = Jid.Parse("ada@example.net"),
        }));
        refused.Message.ShouldBe("The certificate is another domain's.");
    }

    [Fact]
    [Trait("Requirement", "C-3")]
    public async Task Plain_text_slipped_in_before_TLS_ends_the_connection()
    {
        await using var server = new ScriptedServer { Injected = "<message/>" };
        await Should.ThrowAsync<AuthenticationException>(() => LogIn(server, Options(server)));
    }

    [Fact]
    public async Task Without_TLS_no_password_is_sent_unless_allowed()
    {
        await using var server = new ScriptedServer { OfferTls = false };
        await Should.ThrowAsync<AuthenticationException>(() => LogIn(server, Options(server)));
        await using var loopback = new ScriptedServer { OfferTls = false };
        await using var client = await LogIn(loopback, Options(loopback) with { RequireTls = false });
        loopback.Mechanism.ShouldBe("SCRAM-SHA-256");
        await using var plain = new ScriptedServer { OfferTls = false, Mechanisms = ["PLAIN"] };
        (await Should.ThrowAsync<SaslException>(() => LogIn(plain, Options(plain) with { RequireTls = false }))).Condition.ShouldBe("invalid-mechanism");
    }

    [Fact]
    [Trait("Requirement", "C-226")]
    public async Task An_answer_from_somebody_else_is_ignored()
    {
        await using var server = new ScriptedServer();
        await using var client = await LogIn(server, Options(server));
        var asking = client.Request(new Element("iq", Ns.Client).Set("type", "get").Set("to", "bob@example.org").Add(new Element("vCard", Ns.VCard)));
        var request = await server.Read();
        await server.Write(StanzaReply.Result(request, new Element("forged", "u")).Set("from", "eve@example.org"));
        await server.Write(StanzaReply.Result(request, new Element("forged", "u")).Set("from", null));
        await server.Write(StanzaReply.Result(request, new Element("forged", "u")).Set("id", "guess"));
        await server.Write(StanzaReply.Result(request, new Element("vCard", Ns.VCard)));
        (await asking).Child("vCard", Ns.VCard).ShouldNotBeNull();
    }

    [Theory]
    [Trait("Requirement", "C-226")]
    [InlineData(null)]
    [InlineData("ada@example.org")]
    [InlineData("example.org")]
    public async Task The_own_account_may_answer_without_a_sender_or_by_its_name(string? from)
    {
        await using var server = new ScriptedServer();
        await using var client = await LogIn(server, Options(server));
        var asking = client.Request(new Element("iq", Ns.Client).Set("type", "get").Add(new Element("query", Ns.Roster)));
        await server.Write(StanzaReply.Result(await server.Read()).Set("from", from));
        (await asking)["type"].ShouldBe("result");
    }

    [Fact]
    public async Task An_error_answer_is_thrown()
    {
        await using var server = new ScriptedServer();
        await using var client = await LogIn(server, Options(server));
        var asking = client.Request(new Element("iq", Ns.Client).Set("type", "get").Set("to", "bob@example.org").Add(new Element("vCard", Ns.VCard)));
        await server.Write(StanzaReply.Error(await server.Read(), StanzaCondition.ServiceUnavailable)!);
        (await Should.ThrowAsync<StanzaErrorException>(() => asking)).Condition.ShouldBe(StanzaCondition.ServiceUnavailable);
    }

    [Fact]
    [Trait("Requirement", "C-86")]
    public async Task Requests_of_others_are_answered()
    {
        await using var server = new ScriptedServer();
        await using var client = await LogIn(server, Options(server));
        await server.Write("<iq type='get' id='1' from='example.org'><ping xmlns='urn:xmpp:ping'/></iq><iq type='get' id='2' from='example.org'><other xmlns='u'/></iq>");
        (await server.Read()).ToString().ShouldBe("<iq to='example.org' id='1' type='result'/>");
        var error = await server.Read();
        error["id"].ShouldBe("2");
        StanzaReply.ReadError(error).Condition.ShouldBe(StanzaCondition.ServiceUnavailable);
    }

    [Fact]
    public async Task What_comes_can_be_expected_before_and_after_it_comes()
    {
        await using var server = new ScriptedServer();
        await using var client = await LogIn(server, Options(server));
        var expected = client.Expect(stanza => stanza["id"] == "b");
        await server.Write("<message id='a'/><message id='b'/><presence id='c'/>");
        (await expected)["id"].ShouldBe("b");
        (await client.Expect(stanza => stanza.Name == "presence"))["id"].ShouldBe("c");
        (await client.Expect(_ => true))["id"].ShouldBe("a");
        var never = client.Expect(_ => true);
        await server.Write("<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>");
        (await Should.ThrowAsync<StreamErrorException>(() => never)).Condition.ShouldBe("conflict");
        await client.Ended;
        await Should.ThrowAsync<IOException>(() => client.Request(new Element("iq", Ns.Client).Set("type", "get")));
    }

    internal static async Task<XmppClient> LogIn(ScriptedServer server, XmppClientOptions options)
    {
        var serving = server.Login();
        try
        {
            var client = await XmppClient.Connect(options);
            await serving;
            return client;
        }
        catch
        {
            await server.DisposeAsync();
            await serving.ContinueWith(_ => { }, TaskScheduler.Default);
            throw;
        }
    }

    internal static XmppClientOptions Options(ScriptedServer server) => new()
    {
        Account = Jid.Parse("ada@example.org"),
        Password = "pencil",
        Host = "127.0.0.1",
        Port = server.Port,
        AcceptCertificate = XmppClientOptions.Pinned(Pin),
        CloseTimeout = TimeSpan.FromMilliseconds(50),
    };
}
