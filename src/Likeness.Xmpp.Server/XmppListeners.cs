using Likeness.Xmpp.Server.Connections;
using Likeness.Xmpp.Server.Federation;
using Microsoft.AspNetCore.Connections;

namespace Likeness.Xmpp.Server;

/// <summary>What the host opens for chats: who is served on a <see cref="StreamEndPoint"/> of <see cref="TcpTransport"/>.</summary>
public static class XmppListeners
{
    /// <summary>Clients, which start TLS inside the stream (port 5222) or before it (port 5223, XEP-0368).</summary>
    public static IConnectionBuilder UseXmpp(this IConnectionBuilder listen, bool isTlsFirst = false) =>
        isTlsFirst ? listen.UseConnectionHandler<DirectTlsConnectionHandler>() : listen.UseConnectionHandler<XmppConnectionHandler>();

    /// <summary>Other servers, which start TLS inside the stream (port 5269) or before it (port 5270, XEP-0368).</summary>
    public static IConnectionBuilder UseXmppPeers(this IConnectionBuilder listen, bool isTlsFirst = false) =>
        isTlsFirst ? listen.UseConnectionHandler<DirectTlsPeerConnectionHandler>() : listen.UseConnectionHandler<PeerConnectionHandler>();

    /// <summary>Components (port 5347, XEP-0114).</summary>
    public static IConnectionBuilder UseXmppComponents(this IConnectionBuilder listen) => listen.UseConnectionHandler<ComponentConnectionHandler>();
}
