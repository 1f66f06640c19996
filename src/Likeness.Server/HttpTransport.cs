using System.Net;
using Likeness.Server.Options;
using Likeness.Xmpp.Server.Connections;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace Likeness.Server;

/// <summary>
/// Sockets for the web. A web connection is short and busy: it has a buffer before it has data, which makes an avatar a tenth cheaper
/// than waiting with empty reads. A request is handled by the pool's thread that took it off the socket: an avatar that is prepared
/// is not worth a change of threads.
/// </summary>
internal sealed class HttpTransport(LikenessOptions options, ILoggerFactory loggers) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private readonly SocketTransportFactory _sockets = new(
        Microsoft.Extensions.Options.Options.Create(new SocketTransportOptions
        {
            WaitForDataBeforeAllocatingBuffer = false,
            UnsafePreferInlineScheduling = true,
            CreateBoundListenSocket = endpoint => Listeners.Bind(endpoint, options),
        }),
        loggers);

    public bool CanBind(EndPoint endpoint) => endpoint is not StreamEndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => _sockets.BindAsync(endpoint, cancellationToken);
}
