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
internal sealed class Listeners(ConnectionSlots slots)
{
    private readonly List<ListenOptions> _http = [];
    private readonly List<ListenOptions> _https = [];
    private readonly List<ListenOptions> _xmpp = [];
    private readonly List<ListenOptions> _xmpps = [];

    public BoundAddresses Addresses => new(Bound(_http), Bound(_https), Bound(_xmpp), Bound(_xmpps));

    public void Open(KestrelServerOptions kestrel, LikenessOptions options, CertificateSource certificates)
    {
        Listen(kestrel, options.Http, _http, _ => { });
        Listen(kestrel, options.Https, _https, listen => listen.UseHttps((_, hello, _, _) => new(certificates.HandshakeFor(hello.ServerName)), state: null!));
        Listen(kestrel, options.Xmpp, _xmpp, listen => listen.UseConnectionHandler<XmppConnectionHandler>());
        Listen(kestrel, options.Xmpps, _xmpps, listen => listen.UseConnectionHandler<DirectTlsConnectionHandler>());
    }

    private void Listen(KestrelServerOptions kestrel, ImmutableArray<IPEndPoint> endpoints, List<ListenOptions> opened, Action<ListenOptions> serve)
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
