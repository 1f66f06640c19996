using System.Net;
using Likeness.Http.Tests.Hosting;
using Likeness.Libravatar.Discovery;
using Likeness.Libravatar.Fetching;
using Likeness.Libravatar.Resolving;
using Likeness.Libravatar.Tests.Fetching;
using Likeness.Libravatar.Tests.Resolving;

namespace Likeness.Http.Tests.Foreign;

/// <summary>A server with a gateway; the far domain's DNS and avatar server are stand-ins on loopback.</summary>
internal sealed class GatewayStage : IAsyncDisposable
{
    public const string Stranger = "0123456789abcdef0123456789abcdef";
    public const string FarDomain = "far.club.net";

    private readonly StandInResolver _dns;

    private GatewayStage(AvatarServer server, StandInServer far, StandInResolver dns) => (Server, Far, _dns) = (server, far, dns);

    public AvatarServer Server { get; }

    public StandInServer Far { get; }

    public int DnsQuestions => _dns.Asked.Count;

    public static async Task<GatewayStage> Start(
        StandInServer far,
        Func<GatewayOptions, GatewayOptions>? change = null,
        Func<SafeFetchOptions, SafeFetchOptions>? rules = null,
        string host = "avatars.club.net",
        Func<AvatarServer?, int>? port = null)
    {
        AvatarServer? server = null;
        var dns = new StandInResolver(asked => [asked.Name == $"_avatars._tcp.{FarDomain}" && asked.Type == DnsType.Srv
            ? DnsBytes.Reply(asked, DnsBytes.Srv(0, 0, port?.Invoke(server) ?? far.Port, host))
            : DnsBytes.Reply(asked, 3, [], [DnsBytes.Soa("net", 300, 300)])]);
        var options = new GatewayOptions { IsOn = true };
        var fetch = options.Client.Fetch with { MayConnect = IPAddress.IsLoopback, Resolve = (_, _) => ValueTask.FromResult<IPAddress[]>([IPAddress.Loopback]) };
        options = options with
        {
            Client = options.Client with
            {
                Discovery = new DiscoveryOptions { Resolver = new DnsResolverOptions { Servers = [dns.EndPoint.ToString()] }, Timeout = TimeSpan.FromSeconds(5) },
                Fetch = rules?.Invoke(fetch) ?? fetch,
            },
        };
        server = await AvatarServer.Start(new AvatarOptions { Gateway = change?.Invoke(options) ?? options, PublicUrl = new Uri("https://faces.example.org/") });
        return new GatewayStage(server, far, dns);
    }

    public Task<Answer> Get(string query = "?domain=" + FarDomain, string hash = Stranger, params string[] headers) => Server.Get($"/avatar/{hash}{query}", headers);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Far.DisposeAsync();
        await _dns.DisposeAsync();
    }
}
