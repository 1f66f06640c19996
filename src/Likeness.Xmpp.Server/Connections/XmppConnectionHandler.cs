using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Likeness.Xmpp.Server.Connections;

/// <summary>Serves client streams on an endpoint of <see cref="TcpTransport"/> (port 5222).</summary>
internal class XmppConnectionHandler(StreamServices services) : ConnectionHandler
{
    /// <summary>The TLS handshake comes before the first stream.</summary>
    protected virtual bool IsTlsFirst => false;

    public sealed override Task OnConnectedAsync(ConnectionContext connection)
    {
        var address = (connection.RemoteEndPoint as IPEndPoint)?.Address;
        if (services.Limits.TryEnter(address))
        {
            if (MayOpen(address))
            {
                return Open((TcpConnection)connection).Run(IsTlsFirst);
            }

            services.Limits.Leave(address);
        }

        connection.Abort();
        return Task.CompletedTask;
    }

    /// <summary>What else is asked before anything is done for a connection.</summary>
    private protected virtual bool MayOpen(IPAddress? address) => true;

    private protected virtual StreamConnection Open(TcpConnection connection) => new(connection, new XmlFrame(StreamRole.Client, services.Options.Limits), services);
}

/// <summary>Serves client streams behind direct TLS (port 5223, XEP-0368).</summary>
internal sealed class DirectTlsConnectionHandler(StreamServices services) : XmppConnectionHandler(services)
{
    protected override bool IsTlsFirst => true;
}

/// <summary>Serves streams of components (port 5347, XEP-0114).</summary>
internal sealed class ComponentConnectionHandler(StreamServices services, IComponents components) : XmppConnectionHandler(services)
{
    private readonly StreamServices _services = services;

    private protected override StreamConnection Open(TcpConnection connection) =>
        new(connection, new XmlFrame(StreamRole.Component, _services.Options.Limits), _services, (opened, output) => new ComponentNegotiation(_services, components, opened, output));
}
