using System.Net;
using Likeness.Limits;
using Likeness.Xmpp.Server.Connections;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Xmpp.Server.Federation;

/// <summary>Serves streams of other servers (port 5269).</summary>
internal class PeerConnectionHandler : XmppConnectionHandler
{
    private readonly Peers _peers;
    private readonly IncomingPeers _incoming;

    public PeerConnectionHandler(IServiceProvider services)
        : base(services.GetRequiredService<StreamServices>())
    {
        _peers = services.GetRequiredService<Peers>();
        _incoming = services.GetRequiredService<IncomingPeers>();
    }

    private protected override bool MayOpen(IPAddress? address) => _incoming.TryEnter(address);

    private protected override StreamConnection Open(TcpConnection connection) => new(
        connection,
        new XmlFrame(StreamRole.PeerIn, _peers.Streams.Options.Limits),
        _peers.Streams,
        (opened, output) => new IncomingStream(_peers, _incoming, connection, opened, output));
}

/// <summary>Serves streams of other servers behind direct TLS (port 5270, XEP-0368).</summary>
internal sealed class DirectTlsPeerConnectionHandler(IServiceProvider services) : PeerConnectionHandler(services)
{
    protected override bool IsTlsFirst => true;
}

/// <summary>Who connects without having said who it is: so many at a time of one client, so many a minute. The machine itself is not counted.</summary>
internal sealed class IncomingPeers(XmppServerOptions options, TimeProvider time)
{
    private const int MaxClients = 10_000;
    private readonly Lock _gate = new();
    private readonly Dictionary<ClientKey, int> _unknown = [];
    private readonly KeyedRateLimiter<ClientKey> _rate = new(new RateLimit(options.Federation.MaxConnectionsPerMinute, TimeSpan.FromMinutes(1)), MaxClients, time);

    /// <summary>True: <see cref="Known"/> when it has said who it is, or is gone.</summary>
    public bool TryEnter(IPAddress? address)
    {
        if (options.IsOwnMachine(address))
        {
            return true;
        }

        var client = ClientKey.Of(address);
        if (_rate.Take(client) > TimeSpan.Zero)
        {
            return false;
        }

        lock (_gate)
        {
            var count = _unknown.GetValueOrDefault(client);
            if (count >= options.Federation.MaxUnknownPerClient)
            {
                return false;
            }

            _unknown[client] = count + 1;
            return true;
        }
    }

    public void Known(IPAddress? address)
    {
        if (options.IsOwnMachine(address))
        {
            return;
        }

        var client = ClientKey.Of(address);
        lock (_gate)
        {
            if (--_unknown[client] == 0)
            {
                _unknown.Remove(client);
            }
        }
    }
}

/// <summary>The parts of federation.</summary>
internal static class FederationParts
{
    public static IServiceCollection AddFederation(this IServiceCollection services) => services
        .AddSingleton<Strangers>()
        .AddSingleton<Peers>()
        .AddSingleton(provider => new FederationStatus(provider.GetRequiredService<Peers>()))
        .AddSingleton<LostPeers>()
        .AddSingleton<IncomingPeers>();
}
