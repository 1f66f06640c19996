using System.Collections.Immutable;
using System.Net;
using Likeness.Server.Options;
using Likeness.Server.Tls;
using Likeness.Xmpp.Server.Connections;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Likeness.Server;

/// <summary>Every port the server opens, in one list.</summary>
internal sealed class Listeners
{
    private readonly List<ListenOptions> _http = [];
    private readonly List<ListenOptions> _https = [];
    private readonly List<ListenOptions> _xmpp = [];

    public BoundAddresses Addresses => new(Bound(_http), Bound(_https), Bound(_xmpp));

    public void Open(KestrelServerOptions kestrel, LikenessOptions options, CertificateSource certificates)
    {
        Listen(kestrel, options.Http, _http, _ => { });
        Listen(kestrel, options.Https, _https, listen => listen.UseHttps((_, hello, _, _) => new(certificates.HandshakeFor(hello.ServerName)), state: null!));
        Listen(kestrel, options.Xmpp, _xmpp, listen => listen.UseConnectionHandler<XmppConnectionHandler>());
    }

    private static void Listen(KestrelServerOptions kestrel, ImmutableArray<IPEndPoint> endpoints, List<ListenOptions> opened, Action<ListenOptions> serve)
    {
        foreach (var endpoint in endpoints)
        {
            kestrel.Listen(endpoint, listen =>
            {
                serve(listen);
                opened.Add(listen);
            });
        }
    }

    /// <summary>Kestrel puts the port it got in place of a zero.</summary>
    private static ImmutableArray<IPEndPoint> Bound(List<ListenOptions> opened) => [.. opened.Select(listen => listen.IPEndPoint!)];
}
