using System.Net;
using System.Net.Sockets;
using Likeness.Xmpp.Client;

namespace Likeness.Xmpp.Tests.Client;

public sealed class ServerFinderTests
{
    [Fact]
    [Trait("Requirement", "C-4")]
    public async Task Both_kinds_of_records_are_tried_by_rank_as_one_list()
    {
        var names = new KnownNames
        {
            ["_xmpp-client._tcp.example.org"] = [new(10, 1, "plain.example.org", 5222), new(30, 1, "last.example.org", 5222)],
            ["_xmpps-client._tcp.example.org"] = [new(20, 1, "direct.example.org", 443), new(5, 1, "first.example.org.", 5223)],
        };
        (await Find(names)).ShouldBe(
        [
            new ClientTarget("first.example.org", 5223, IsDirect: true),
            new ClientTarget("plain.example.org", 5222, IsDirect: false),
            new ClientTarget("direct.example.org", 443, IsDirect: true),
            new ClientTarget("last.example.org", 5222, IsDirect: false),
        ]);
    }

    [Theory]
    [InlineData(0.05, "small")]
    [InlineData(0.5, "large")]
    [InlineData(0.95, "large")]
    public async Task Of_equal_rank_the_weight_decides_which_is_first(double random, string first)
    {
        var names = new KnownNames { ["_xmpp-client._tcp.example.org"] = [new(1, 10, "small", 5222), new(1, 90, "large", 5222)] };
        (await Find(names, random))[0].Host.ShouldBe(first);
    }

    [Fact]
    public async Task A_server_without_weight_has_a_small_chance()
    {
        var names = new KnownNames { ["_xmpp-client._tcp.example.org"] = [new(1, 10, "heavy", 5222), new(1, 0, "light", 5222)] };
        (await Find(names, 0)).Select(target => target.Host).ShouldBe(["light", "heavy"]);
        (await Find(names, 0.5)).Select(target => target.Host).ShouldBe(["heavy", "light"]);
    }

    [Fact]
    [Trait("Requirement", "C-7")]
    public async Task A_domain_that_says_it_has_no_chats_is_not_tried_at_its_own_address()
    {
        var names = new KnownNames { ["_xmpp-client._tcp.example.org"] = [new(0, 0, ".", 0)] };
        (await Should.ThrowAsync<IOException>(() => Find(names))).Message.ShouldContain("no server for chats");
    }

    [Fact]
    public async Task One_kind_may_be_absent_and_the_other_there()
    {
        var names = new KnownNames
        {
            ["_xmpp-client._tcp.example.org"] = [new(0, 0, ".", 0)],
            ["_xmpps-client._tcp.example.org"] = [new(0, 0, "direct.example.org", 5223)],
        };
        (await Find(names)).ShouldBe([new ClientTarget("direct.example.org", 5223, IsDirect: true)]);
    }

    [Fact]
    [Trait("Requirement", "C-7")]
    public async Task Without_records_the_domain_itself_is_the_server() =>
        (await Find(new KnownNames())).ShouldBe([new ClientTarget("example.org", 5222, IsDirect: false)]);

    [Fact]
    public async Task A_domain_in_other_letters_is_asked_for_as_DNS_writes_it()
    {
        var names = new KnownNames { ["_xmpp-client._tcp.xn--bcher-kva.example"] = [new(0, 0, "chat.example", 5222)] };
        var finder = new ServerFinder(Options(names) with { Account = Jid.Parse("ada@bücher.example") });
        (await finder.Find(TestContext.Current.CancellationToken)).ShouldBe([new ClientTarget("chat.example", 5222, IsDirect: false)]);
    }

    [Fact]
    [Trait("Requirement", "C-7")]
    public async Task Where_the_servers_that_are_named_do_not_answer_the_domain_itself_is_not_tried()
    {
        using var domain = new TcpListener(IPAddress.Loopback, 0);
        domain.Start();
        using var nobody = Nobody();
        var names = new KnownNames
        {
            ["_xmpp-client._tcp.example.org"] = [new(1, 0, "one.example.org", PortOf(nobody))],
            ["_xmpps-client._tcp.example.org"] = [new(2, 0, "two.example.org", PortOf(nobody))],
        };
        var asked = new List<string>();
        names.Asked = asked.Add;

        // Where the domain itself would be found, somebody listens.
        var options = Options(names) with { Password = "pencil", Port = ((IPEndPoint)domain.LocalEndpoint).Port };
        await Should.ThrowAsync<IOException>(() => XmppClient.Connect(options, TestContext.Current.CancellationToken));
        asked.ShouldBe(["one.example.org", "two.example.org"]);
        domain.Pending().ShouldBeFalse();
    }

    [Fact]
    public async Task A_server_that_does_not_answer_gives_way_to_the_next()
    {
        await using var server = new ScriptedServer();
        using var nobody = Nobody();
        var names = new KnownNames { ["_xmpp-client._tcp.example.org"] = [new(1, 0, "nobody.example.org", PortOf(nobody)), new(2, 0, "somebody.example.org", server.Port)] };
        var reported = new List<Exception>();
        await using var client = await XmppClientTests.LogIn(server, XmppClientTests.Options(server) with { Host = null, Resolver = names, Report = reported.Add });
        client.Address.Local.ShouldBe("ada");
        reported.ShouldHaveSingleItem().Message.ShouldContain("refuses the connection");
    }

    // The port is taken, so that nobody else gets it, and not listened at.
    private static Socket Nobody()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    private static int PortOf(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;

    private static Task<IReadOnlyList<ClientTarget>> Find(KnownNames names, double random = 0.5) =>
        new ServerFinder(Options(names) with { NextRandom = () => random }).Find(TestContext.Current.CancellationToken);

    private static XmppClientOptions Options(KnownNames names) => new() { Account = Jid.Parse("ada@example.org"), Resolver = names };
}

/// <summary>A resolver that knows these services, and every host as this machine.</summary>
internal sealed class KnownNames : Dictionary<string, ServiceTarget[]>, IServiceResolver
{
    public Task<IReadOnlyList<ServiceTarget>> FindServices(string name, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ServiceTarget>>(this.GetValueOrDefault(name) ?? []);

    /// <summary>Hears of each host whose address is asked for.</summary>
    public Action<string> Asked { get; set; } = _ => { };

    public Task<IReadOnlyList<IPAddress>> FindAddresses(string host, CancellationToken cancellationToken)
    {
        Asked(host);
        return Task.FromResult<IReadOnlyList<IPAddress>>([IPAddress.Loopback]);
    }
}
