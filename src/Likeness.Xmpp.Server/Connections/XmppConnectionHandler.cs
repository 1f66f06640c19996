using Microsoft.AspNetCore.Connections;

namespace Likeness.Xmpp.Server.Connections;

/// <summary>Serves client streams on a Kestrel endpoint (port 5222).</summary>
public sealed class XmppConnectionHandler(StreamServices services) : ConnectionHandler
{
    public override Task OnConnectedAsync(ConnectionContext connection) => new StreamConnection(connection, StreamRole.Client, services).Run(tlsFirst: false);
}

/// <summary>Serves client streams behind direct TLS (port 5223, XEP-0368).</summary>
public sealed class DirectTlsConnectionHandler(StreamServices services) : ConnectionHandler
{
    public override Task OnConnectedAsync(ConnectionContext connection) => new StreamConnection(connection, StreamRole.Client, services).Run(tlsFirst: true);
}
