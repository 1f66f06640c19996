using System.Net.Security;
using Likeness.Xmpp.Client;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Tests.Client;

/// <summary>Servers that send their clients on (RFC 6120 §4.9.3.19).</summary>
public sealed class ElsewhereTests
{
    [Fact]
    public async Task Who_is_sent_on_logs_in_there_as_who_it_is()
    {
        await using var second = new ScriptedServer();
        await using var first = new ScriptedServer { Elsewhere = $"127.0.0.1:{second.Port}" };
        var reported = new List<Exception>();
        var sending = first.Login();
        await using var client = await XmppClientTests.LogIn(second, XmppClientTests.Options(first) with { Report = reported.Add });
        await sending;
        client.Address.ShouldBe(Jid.Parse("ada@example.org/made-up"));
        reported.ShouldHaveSingleItem().ShouldBeOfType<StreamErrorException>().Condition.ShouldBe("see-other-host");
    }

    [Fact]
    [Trait("Requirement", "C-224")]
    public async Task A_domain_without_port_is_looked_up_and_its_certificate_is_still_the_accounts()
    {
        await using var second = new ScriptedServer();
        await using var first = new ScriptedServer { Elsewhere = " chats.example.net " };
        var names = new KnownNames { ["_xmpp-client._tcp.chats.example.net"] = [new(0, 0, "one.example.net", second.Port)] };
        var asked = new List<string?>();
        var sending = first.Login();
        await using var client = await XmppClientTests.LogIn(second, XmppClientTests.Options(first) with
        {
            Resolver = names,
            AcceptCertificate = (sender, shown, _, _) =>
            {
                asked.Add((sender as SslStream)?.TargetHostName);
                return shown is not null;
            },
        });
        await sending;
        client.Address.Local.ShouldBe("ada");
        asked.ShouldBe(["example.org", "example.org"]);
    }

    [Fact]
    [Trait("Requirement", "C-224")]
    public async Task What_anybody_on_the_way_could_have_said_is_not_followed()
    {
        await using var second = new ScriptedServer();
        await using var first = new ScriptedServer { Elsewhere = $"127.0.0.1:{second.Port}", IsElsewhereSaidBeforeTls = true };
        var sending = first.Login();
        var ended = await Should.ThrowAsync<StreamErrorException>(() => XmppClient.Connect(XmppClientTests.Options(first), TestContext.Current.CancellationToken));
        await sending;
        (ended.Condition, ended.Elsewhere).ShouldBe(("see-other-host", null));
    }

    [Fact]
    public async Task Three_times_is_enough()
    {
        await using var server = new ScriptedServer();
        server.Elsewhere = $"127.0.0.1:{server.Port}";
        var sent = Task.Run(async () =>
        {
            for (var time = 0; time < 4; time++)
            {
                await server.Login();
            }
        });
        (await Should.ThrowAsync<IOException>(() => XmppClient.Connect(XmppClientTests.Options(server), TestContext.Current.CancellationToken))).Message.ShouldContain("on and on");
        await sent;
    }

    [Theory]
    [InlineData("no host at all")]
    [InlineData("example.org:0")]
    [InlineData("example.org:99999")]
    [InlineData("")]
    public async Task What_is_no_host_is_passed_over_for_the_next_server(string elsewhere)
    {
        await using var second = new ScriptedServer();
        await using var first = new ScriptedServer { Elsewhere = elsewhere };
        var names = new KnownNames { ["_xmpp-client._tcp.example.org"] = [new(1, 0, "one.example.org", first.Port), new(2, 0, "two.example.org", second.Port)] };
        var sending = first.Login();
        await using var client = await XmppClientTests.LogIn(second, XmppClientTests.Options(first) with { Host = null, Resolver = names });
        await sending;
        client.Address.Local.ShouldBe("ada");
    }

    [Fact]
    public async Task A_session_that_is_sent_on_goes_on_there()
    {
        await using var second = new ScriptedServer();
        await using var first = new ScriptedServer();
        await using var client = await XmppClientTests.LogIn(first, XmppClientTests.Options(first) with { NextRandom = () => 0 });
        var anew = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        client.BeganAnew += _ => anew.TrySetResult();
        var serving = second.Login();
        await first.Write($"<stream:error><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>127.0.0.1:{second.Port}</see-other-host></stream:error></stream:stream>");
        await serving;
        await anew.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await client.Send(new Element("message", Ns.Client).Set("to", "bob@example.org"), TestContext.Current.CancellationToken);
        (await second.ReadStanza())["to"].ShouldBe("bob@example.org");
    }
}
