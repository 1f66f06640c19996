using System.Collections.Concurrent;
using System.Net;
using Likeness.Xmpp.Server.Federation;
using Likeness.Xmpp.Server.Tests.Hosting;
using Likeness.Xmpp.Server.Tests.Play;
using Likeness.Xmpp.Xml;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Xmpp.Server.Tests.Federation;

/// <summary>Two whole servers that know where the other one is, and people of both.</summary>
internal sealed class TwoServers : IAsyncDisposable
{
    public const string Here = "capulet.example";
    public const string There = "montague.example";
    private readonly ConcurrentDictionary<string, DnsEndPoint> _routes = new();
    private readonly List<Actor> _actors = [];
    private readonly Conversation _conversation = new();

    public TestServer Capulet { get; private set; } = null!;

    public TestServer Montague { get; private set; } = null!;

    public string Talk => _conversation.ToString();

    /// <param name="areCertified">Their certificates are from an authority that both trust.</param>
    public static async Task<TwoServers> Start(bool areCertified = true, Func<FederationOptions, FederationOptions>? change = null)
    {
        var both = new TwoServers();
        both.Capulet = await both.Start(Here, areCertified, change);
        both.Montague = await both.Start(There, areCertified, change);
        both._routes[Here] = both._routes[$"rooms.{Here}"] = new DnsEndPoint("127.0.0.1", both.Capulet.Peers.Port);
        both._routes[There] = both._routes[$"rooms.{There}"] = new DnsEndPoint("127.0.0.1", both.Montague.Peers.Port);
        return both;
    }

    /// <summary>A new server in the place of the one that was there.</summary>
    public async Task Replace(Func<Task> between)
    {
        await Montague.DisposeAsync();
        await between();
        Montague = await Start(There, areCertified: true, change: null);
        _routes[There] = _routes[$"rooms.{There}"] = new DnsEndPoint("127.0.0.1", Montague.Peers.Port);
    }

    /// <summary>Somebody of either server comes online; what that causes has come before it is returned.</summary>
    public async Task<Actor> ComeOnline(string name, string domain, bool isAvailable = true)
    {
        var server = domain == Here ? Capulet : Montague;
        var address = $"{name}@{domain}";
        if (await server.Stores.Accounts.Find(new Identity(address)) is null)
        {
            await server.Stores.Accounts.Add(TestCredentials.Of(address));
        }

        var actor = await Actor.Connect($"{name}/client", server.EndPoint, _conversation, domain: domain);
        _actors.Add(actor);
        await StreamSteps.LogIn(actor);
        if (isAvailable)
        {
            await actor.Send("<presence/>");
            await actor.Fence();
            actor.Drop(_ => true);
        }

        return actor;
    }

    public static Peers PeersOf(TestServer server) => server.Services.GetRequiredService<Peers>();

    public async ValueTask DisposeAsync()
    {
        foreach (var actor in _actors)
        {
            await actor.DisposeAsync();
        }

        await Capulet.DisposeAsync();
        await Montague.DisposeAsync();
    }

    private Task<TestServer> Start(string domain, bool areCertified, Func<FederationOptions, FederationOptions>? change)
    {
        var federation = new FederationOptions { IsOn = true, AllowsPrivateAddresses = true, Routes = _routes, Authorities = TestAuthority.Trusted };
        var options = new XmppServerOptions
        {
            PlaintextForDevelopment = true,
            FailureDelay = TimeSpan.Zero,
            PingAfter = TimeSpan.Zero,
            Federation = change?.Invoke(federation) ?? federation,
        };
        return TestServer.Start(options, domain: domain, certificates: TestAuthority.For([domain, $"rooms.{domain}"], areCertified));
    }
}
