using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Likeness.Cli.Checks;
using Likeness.Cli.Checks.Connections;
using Likeness.Cli.Checks.Names;
using Likeness.Cli.Checks.Protocol;
using Likeness.Cli.Federation;
using Likeness.Libravatar;
using Likeness.Libravatar.Resolving;
using Likeness.Libravatar.Tests.Fetching;
using Likeness.Libravatar.Tests.Support;

namespace Likeness.Cli.Tests.Checks;

/// <summary>What cannot be planted on loopback is judged from observations.</summary>
[Trait("Requirement", "L-8C")]
public sealed class JudgementTests
{
    [Theory]
    [InlineData("192.168.7.1", false, "target-private")]
    [InlineData("2a00::1", true, "target-ipv6-only")]
    public void Addresses_that_some_do_not_reach(string address, bool mayConnect, string finding)
    {
        var silence = new DnsAnswer(DnsStatus.NoSuchName, [], null, []);
        var target = new ObservedTarget("avatars.example.org", new HostAddresses([IPAddress.Parse(address)], [], false), mayConnect);
        var domain = new ObservedDomain("example.org", false, new ObservedService("secure", true, silence), new ObservedService("plain", false, silence), [target]);

        new TargetAddressCheck().Judge(domain).ShouldContain(found => found.Id == finding && found.Level != Level.Ok);
    }

    [Fact]
    public void A_host_that_no_resolver_knows_about()
    {
        var silence = new DnsAnswer(DnsStatus.NoSuchName, [], null, []);
        var target = new ObservedTarget("avatars.example.org", new HostAddresses([], [], HasFailed: true), false);
        var domain = new ObservedDomain("example.org", false, new ObservedService("secure", true, silence), new ObservedService("plain", false, silence), [target]);

        new TargetAddressCheck().Judge(domain).ShouldHaveSingleItem().Id.ShouldBe("target-dns-failed");
    }

    [Theory]
    [InlineData("192.0.2.1", SocketError.TimedOut, "tcp-silent", Level.Wrong)]
    [InlineData("192.0.2.1", SocketError.HostUnreachable, "tcp-failed", Level.Wrong)]
    [InlineData("2001:db8::1", SocketError.NetworkUnreachable, "tcp-no-ipv6-here", Level.Warning)]
    public void Ways_of_not_being_reached(string address, object failure, string finding, object level)
    {
        var connection = new ObservedConnection("avatars.example.org", new IPEndPoint(IPAddress.Parse(address), 443), (SocketError)failure, null);

        var found = new OpenPortCheck().Judge(connection, default).ShouldHaveSingleItem();

        (found.Id, found.Level).ShouldBe((finding, (Level)level));
    }

    [Fact]
    public void An_old_version_of_TLS()
    {
#pragma warning disable CS0618, SYSLIB0039, CA5397 // That is what it is about.
        var connection = new ObservedConnection("avatars.example.org", new IPEndPoint(IPAddress.Loopback, 443), null, new ObservedHandshake(null, SslProtocols.Tls11, null));
#pragma warning restore CS0618, SYSLIB0039, CA5397

        new HandshakeCheck().Judge(connection, default).ShouldHaveSingleItem().Id.ShouldBe("tls-old");
    }

    [Theory]
    [Trait("Requirement", "L-45")]
    [InlineData("//evil.example/x", true)]
    [InlineData("/\\evil.example/x", true)]
    [InlineData("https:evil.example/x", true)]
    [InlineData("https:///evil.example/x", true)]
    [InlineData("HTTPS://EVIL.EXAMPLE", true)]
    [InlineData("https://good.example@evil.example:8443/", true)]
    [InlineData("https://good.example.evil.example/", true)]
    [InlineData("javascript:alert(1)", true)]
    [InlineData("data:text/html,x", true)]
    [InlineData("/static/evil.example/x.png", false)]
    [InlineData("https://good.example/?d=//evil.example", false)]
    [InlineData("https://evil.example.good.example/", false)]
    public void A_location_is_read_as_browsers_do(string location, bool leadsAway) =>
        OpenRedirectCheck.LeadsAway(location).ShouldBe(leadsAway);

    [Fact]
    public async Task An_answer_that_takes_long()
    {
        var time = new ManualTime();
        await using var server = StandInServer.Answering(_ =>
        {
            time.Advance(TimeSpan.FromSeconds(3));
            return Answers.Status(404);
        });
        using var probe = new ServerProbe(AvatarBase.Parse($"http://127.0.0.1:{server.Port}"), null, new Reach(null, true, null, []), time);
        await probe.Get("x", CancellationToken.None);

        var found = await new SpeedCheck().Run(probe, CancellationToken.None).ToListAsync();

        found.ShouldHaveSingleItem().Text.ShouldBe("/avatar/x took 3.0 s.");
    }

    [Fact]
    public async Task A_server_that_stays_silent_is_given_up()
    {
        var time = new ManualTime();
        await using var server = new StandInServer(connection => connection.Hang());
        using var probe = new ServerProbe(AvatarBase.Parse($"http://127.0.0.1:{server.Port}"), null, new Reach(null, true, null, []), time);
        for (var round = 0; round < 3; round++)
        {
            var waits = time.TimerOf(ServerProbe.Timeout);
            var asking = probe.Get($"{round}", CancellationToken.None);
            await waits;
            time.Advance(ServerProbe.Timeout);
            (await asking).Failure.ShouldBe("there is no answer in time");
        }

        (await probe.Get("last", CancellationToken.None)).Failure!.ShouldContain("was not asked any more");
    }

    [Fact]
    [Trait("Requirement", "L-8A")]
    public async Task A_server_may_be_named_by_its_IPv6_address()
    {
        await using var server = StandInServer.Answering(_ => Answers.Status(404), new IPEndPoint(IPAddress.IPv6Loopback, 0));
        using var probe = new ServerProbe(AvatarBase.Parse($"http://[::1]:{server.Port}"), null, new Reach(null, false, null, []), TimeProvider.System, mayGoToServer: true);

        (await probe.Get("x", CancellationToken.None)).Status.ShouldBe(404);
    }

    [Fact]
    [Trait("Requirement", "L-75")]
    public async Task A_private_address_is_gone_to_only_when_that_is_allowed_or_a_person_named_it()
    {
        await using var server = StandInServer.Answering(_ => Answers.Status(404));
        var url = AvatarBase.Parse($"http://127.0.0.1:{server.Port}");
        foreach (var (allows, isNamed, status) in new[] { (false, false, 0), (true, false, 404), (false, true, 404) })
        {
            using var probe = new ServerProbe(url, null, new Reach(null, allows, null, []), TimeProvider.System, isNamed);

            (await probe.Get("x", CancellationToken.None)).Status.ShouldBe(status);
        }

        server.Connections.ShouldBe(2);
    }
}
