using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Likeness.Libravatar.Discovery;

namespace Likeness.Xmpp.Client;

/// <summary>Asks DNS for the client; .NET itself looks up no SRV records.</summary>
public interface IServiceResolver
{
    /// <summary>The SRV records of a name such as <c>_xmpp-client._tcp.example.org</c>, in any order; empty: there are none.</summary>
    /// <exception cref="IOException">DNS does not answer.</exception>
    Task<IReadOnlyList<ServiceTarget>> FindServices(string name, CancellationToken cancellationToken);

    /// <summary>The addresses of a host; empty: it has none.</summary>
    /// <exception cref="IOException">DNS does not answer.</exception>
    Task<IReadOnlyList<IPAddress>> FindAddresses(string host, CancellationToken cancellationToken);
}

/// <summary>One SRV record (RFC 2782).</summary>
/// <param name="Host"><c>.</c>: the domain says that it has no such service.</param>
public sealed record ServiceTarget(int Priority, int Weight, string Host, int Port);

/// <summary>A place to connect to.</summary>
/// <param name="IsDirect">TLS comes before the stream (XEP-0368).</param>
internal sealed record ClientTarget(string Host, int Port, bool IsDirect)
{
    /// <summary>Null: it is TCP.</summary>
    public Uri? WebSocket { get; private init; }

    public static ClientTarget At(Uri webSocket) => new(webSocket.IdnHost, webSocket.Port, webSocket.Scheme == Uri.UriSchemeWss) { WebSocket = webSocket };
}

/// <summary>Finds the servers of a domain and connects to them (RFC 6120 §3.2, XEP-0368 §4).</summary>
internal sealed class ServerFinder(XmppClientOptions options)
{
    private const int MaxTargets = 8;
    private const int MaxAddresses = 6;
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    /// <summary>In the order in which they are to be tried.</summary>
    /// <exception cref="IOException">There is none, or DNS does not answer.</exception>
    public async Task<IReadOnlyList<ClientTarget>> Find(CancellationToken cancellationToken)
    {
        if (options.WebSocket is { } address)
        {
            return [ClientTarget.At(address)];
        }

        return options.Host is { } host ? [new ClientTarget(host, options.Port, options.DirectTls)] : await Find(options.Account.Domain, cancellationToken);
    }

    /// <summary>Where a server sends its client: a domain, an address, either with a port, or a WebSocket (RFC 6120 §4.9.3.19, RFC 7395 §3.6.1).</summary>
    /// <param name="from">Who said so; what was secure before is so after it.</param>
    /// <exception cref="IOException">It is none of these, or DNS does not answer.</exception>
    public async Task<IReadOnlyList<ClientTarget>> FindElsewhere(string said, ClientTarget from, CancellationToken cancellationToken)
    {
        if (from.WebSocket is { } before)
        {
            return Uri.TryCreate(said, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeWss || (address.Scheme == Uri.UriSchemeWs && before.Scheme == address.Scheme))
                ? [ClientTarget.At(address)]
                : throw new IOException("The server sends its client to what is no safe WebSocket.");
        }

        var colon = said.EndsWith(']') ? -1 : said.LastIndexOf(':');
        var host = (colon < 0 ? said : said[..colon]).Trim('[', ']');
        var port = 0;
        if (Uri.CheckHostName(Ascii(host)) == UriHostNameType.Unknown || (colon >= 0 && !(int.TryParse(said[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= ushort.MaxValue)))
        {
            throw new IOException("The server sends its client to what is no host.");
        }

        return colon < 0 ? await Find(host, cancellationToken) : [new ClientTarget(Ascii(host), port, from.IsDirect)];
    }

    private async Task<IReadOnlyList<ClientTarget>> Find(string name, CancellationToken cancellationToken)
    {
        var domain = Ascii(name);
        if (options.Resolver is not { } resolver || IPAddress.TryParse(domain, out _))
        {
            return [new ClientTarget(domain.Trim('[', ']'), options.Port, options.DirectTls)];
        }

        var direct = resolver.FindServices($"_xmpps-client._tcp.{domain}", cancellationToken);
        var plain = resolver.FindServices($"_xmpp-client._tcp.{domain}", cancellationToken);
        await Task.WhenAll(direct, plain);
        var records = (await direct).Select(record => (Record: record, IsDirect: true)).Concat((await plain).Select(record => (Record: record, IsDirect: false))).ToArray();
        if (records.Length == 0)
        {
            return [new ClientTarget(domain, options.Port, options.DirectTls)];
        }

        var usable = records.Where(entry => entry.Record.Host is not ("." or "") && entry.Record.Port is > 0 and <= ushort.MaxValue).ToArray();
        return usable.Length > 0
            ? [.. WeightedOrder.Of(usable, entry => entry.Record.Priority, entry => Math.Clamp(entry.Record.Weight, 0, ushort.MaxValue), UpTo).Take(MaxTargets).Select(entry => new ClientTarget(entry.Record.Host.TrimEnd('.'), entry.Record.Port, entry.IsDirect))]
            : throw new IOException($"{name} says in DNS that it has no server for chats.");
    }

    /// <summary>A connection to the first of its addresses that takes one.</summary>
    /// <exception cref="IOException">None does.</exception>
    public async Task<Stream> Connect(ClientTarget target, CancellationToken cancellationToken)
    {
        var addresses = await AddressesOf(target.Host, cancellationToken);
        Exception failure = new IOException($"{target.Host} has no address.");
        foreach (var address in addresses.Distinct().Take(MaxAddresses))
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, target.Port), cancellationToken).AsTask().WaitAsync(ConnectTimeout, options.TimeProvider, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (Exception refused) when (refused is SocketException or TimeoutException)
            {
                socket.Dispose();
                var reason = refused is SocketException { SocketErrorCode: SocketError.ConnectionRefused } ? "refuses the connection" : "does not answer";
                failure = new IOException(string.Create(CultureInfo.InvariantCulture, $"{target.Host} {reason} at port {target.Port}."), refused);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw failure;
    }

    /// <summary>In A-labels, as DNS and TLS want it.</summary>
    public static string Ascii(string domain)
    {
        try
        {
            return new IdnMapping().GetAscii(domain);
        }
        catch (ArgumentException)
        {
            return domain;
        }
    }

    private async Task<IReadOnlyList<IPAddress>> AddressesOf(string host, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host.Trim('[', ']'), out var literal))
        {
            return [literal];
        }

        if (options.Resolver is { } resolver)
        {
            return await resolver.FindAddresses(host, cancellationToken);
        }

        try
        {
            return await Dns.GetHostAddressesAsync(host, cancellationToken);
        }
        catch (SocketException unknown)
        {
            throw new IOException(unknown.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData ? $"{host} has no address." : "DNS does not answer.", unknown);
        }
    }

    private int UpTo(int most) => Math.Min(most, (int)(options.NextRandom() * (most + 1d)));
}
