using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Likeness.Server.Options;
using Likeness.Server.Tls;
using Likeness.Xmpp.Server;
using Likeness.Xmpp.Server.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Likeness.Server;

/// <summary>Every port the server opens, in one list.</summary>
internal sealed class Listeners(ConnectionSlots slots)
{
    private readonly List<ListenOptions> _http = [];
    private readonly List<ListenOptions> _https = [];
    private readonly List<ListenOptions> _xmpp = [];
    private readonly List<ListenOptions> _xmpps = [];
    private readonly List<ListenOptions> _components = [];
    private readonly List<ListenOptions> _s2s = [];
    private readonly List<ListenOptions> _s2sTls = [];

    public BoundAddresses Addresses => new(Bound(_http), Bound(_https), Bound(_xmpp), Bound(_xmpps)) { Components = Bound(_components), S2s = Bound(_s2s), S2sTls = Bound(_s2sTls) };

    public void Open(KestrelServerOptions kestrel, LikenessOptions options, CertificateSource certificates)
    {
        Listen(kestrel, options.Http, _http, _ => { });
        Listen(kestrel, options.Https, _https, listen => listen.UseHttps((_, hello, _, _) => new(certificates.HandshakeFor(hello.ServerName)), state: null!));
        Listen(kestrel, options.Xmpp.Select(endpoint => new StreamEndPoint(endpoint)), _xmpp, listen => listen.UseXmpp());
        Listen(kestrel, options.Xmpps.Select(endpoint => new StreamEndPoint(endpoint)), _xmpps, listen => listen.UseXmpp(isTlsFirst: true));
        if (FederationKeys.IsOn(options))
        {
            Listen(kestrel, options.S2s.Select(endpoint => new StreamEndPoint(endpoint)), _s2s, listen => listen.UseXmppPeers());
            Listen(kestrel, options.S2sTls.Select(endpoint => new StreamEndPoint(endpoint)), _s2sTls, listen => listen.UseXmppPeers(isTlsFirst: true));
        }

        if (options.Chat.Components.Count > 0)
        {
            Listen(kestrel, options.Components.Select(endpoint => new StreamEndPoint(endpoint)), _components, listen => listen.UseXmppComponents());
        }
    }

    /// <summary>A socket that listens there. Throws <see cref="OptionsRefusedException"/> for an address that can never be had, <see cref="OperationRefusedException"/> for one that somebody else has at the moment.</summary>
    public static Socket Bind(EndPoint endpoint, LikenessOptions options)
    {
        try
        {
            return SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new OperationRefusedException($"{KeyOf(endpoint, options)}: {endpoint} is in use by another program; end it, or say another port.", exception);
        }
        catch (SocketException exception)
        {
            var problem = exception.SocketErrorCode switch
            {
                SocketError.AccessDenied => $"{endpoint} needs rights that this user does not have (ports below 1024: CAP_NET_BIND_SERVICE)",
                SocketError.AddressNotAvailable => $"{endpoint} is not an address of this machine",
                _ => $"{endpoint} cannot be listened on: {exception.Message}",
            };
            throw new OptionsRefusedException([new OptionProblem(KeyOf(endpoint, options), "the listeners", problem, "127.0.0.1:8080")]);
        }
    }

    private static string KeyOf(EndPoint endpoint, LikenessOptions options)
    {
        (string Key, ImmutableArray<IPEndPoint> Endpoints)[] all = [("http", options.Http), ("https", options.Https), ("xmpp", options.Xmpp), ("xmpps", options.Xmpps), ("components", options.Components), ("s2s", options.S2s), ("s2s-tls", options.S2sTls), ("metrics", options.Metrics)];
        return all.FirstOrDefault(one => one.Endpoints.Contains(endpoint)).Key ?? "listen";
    }

    private void Listen(KestrelServerOptions kestrel, IEnumerable<IPEndPoint> endpoints, List<ListenOptions> opened, Action<ListenOptions> serve)
    {
        foreach (var endpoint in endpoints)
        {
            kestrel.Listen(endpoint, listen =>
            {
                listen.Use(slots.UntilItEnds);
                serve(listen);
                opened.Add(listen);
            });
        }
    }

    /// <summary>Kestrel puts the port it got in place of a zero.</summary>
    private static ImmutableArray<IPEndPoint> Bound(List<ListenOptions> opened) => [.. opened.Select(listen => listen.IPEndPoint!)];
}
