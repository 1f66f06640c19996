using System.Net;
using Likeness.Server;
using Likeness.Server.Options;
using Likeness.Xmpp.Server.Connections;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;

namespace Likeness.Cli.Tests.Serving;

/// <summary>Web and chat have sockets of their own kinds, also when both are asked for at the same address.</summary>
public sealed class TransportTests
{
    private static readonly IPEndPoint Free = new(IPAddress.Loopback, 0);
    private static readonly LikenessOptions Options = new() { DataDirectory = ".", Http = [Free], Xmpp = [Free] };

    [Fact]
    public void The_limit_of_open_files_does_not_change_whose_endpoint_it_is()
    {
        var slots = new ConnectionSlots(16);
        var web = slots.Around(new HttpTransport(Options, NullLoggerFactory.Instance), NullLogger<ConnectionSlots>.Instance);
        var chat = slots.Around(new TcpTransport(endpoint => Listeners.Bind(endpoint, Options)), NullLogger<ConnectionSlots>.Instance);

        Takes(web, Free).ShouldBeTrue();
        Takes(web, new StreamEndPoint(Free)).ShouldBeFalse();
        Takes(chat, Free).ShouldBeFalse();
        Takes(chat, new StreamEndPoint(Free)).ShouldBeTrue();
    }

    // Who is no selector takes every endpoint.
    private static bool Takes(IConnectionListenerFactory transport, IPEndPoint endpoint) =>
        (transport as IConnectionListenerFactorySelector)?.CanBind(endpoint) ?? true;
}
