using System.Net;
using Likeness.Server.Options;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace Likeness.Server;

/// <summary>
/// Sockets for the web. A chat session is quiet for hours, so it holds no buffer while it waits, at the price of two more system
/// calls for each thing it reads; a web connection is short and busy, and an avatar is a tenth cheaper without them. A request
/// is handled by the pool's thread that took it off the socket: an avatar that is prepared is not worth a change of threads.
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

    public bool CanBind(EndPoint endpoint) => endpoint is IPEndPoint address && (options.Http.Contains(address) || options.Https.Contains(address));

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) => _sockets.BindAsync(endpoint, cancellationToken);
}
