using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Likeness.Libravatar;
using Likeness.Libravatar.Discovery;
using Likeness.Libravatar.Fetching;
using Likeness.Libravatar.Resolving;
using Likeness.Xmpp.Server.Connections;

namespace Likeness.Xmpp.Server.Federation;

/// <summary>Where a domain's server may be.</summary>
/// <param name="IsDirect">TLS comes before the stream (XEP-0368).</param>
internal sealed record PeerTarget(string Host, int Port, bool IsDirect);

/// <summary>Finds the servers of domains (RFC 6120 §3.2, XEP-0368 §4) and connects to them: only to addresses that may be gone to.</summary>
internal sealed class PeerFinder(FederationOptions options, TimeProvider time) : IDisposable
{
    private const int Port = 5269;
    private const int MaxTargets = 8;
    private const int MaxAddresses = 6;
    private const int MaxKnown = 10_000;
    private static readonly TimeSpan MinKept = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan MaxKept = TimeSpan.FromHours(1);
    private static readonly TimeSpan AbsenceKept = TimeSpan.FromSeconds(60);

    // RFC 8305 §8
    private static readonly TimeSpan HeadStart = TimeSpan.FromMilliseconds(250);
    private readonly DnsResolver _resolver = new(new DnsResolverOptions { Servers = [.. options.Resolvers] }, time);
    private readonly GenerationCache<string, Known> _known = new(MaxKnown, _ => 1);

    /// <summary>In the order in which they are to be tried.</summary>
    /// <exception cref="PeerUnreachableException">There is no server for it, or DNS does not answer.</exception>
    public async Task<IReadOnlyList<PeerTarget>> Find(string domain, CancellationToken cancellationToken)
    {
        if (options.Routes.TryGetValue(domain, out var route))
        {
            return [new PeerTarget(route.Host, route.Port, IsDirect: false)];
        }

        if (IPAddress.TryParse(domain, out _))
        {
            return [new PeerTarget(domain.Trim('[', ']'), Port, IsDirect: false)];
        }

        if (!HostSanity.TryClean(Ascii(domain), out var name))
        {
            throw new PeerUnreachableException("this is no name of a domain", isUnknown: true);
        }

        var known = _known.TryGet(name, out var kept) && time.GetUtcNow() < kept.Until ? kept : await Ask(name, cancellationToken);
        if (known.IsAbsent)
        {
            throw new PeerUnreachableException("its DNS says that it has no server for chats", isUnknown: true);
        }

        return known.Records.Count == 0
            ? [new PeerTarget(name, Port, IsDirect: false)]
            : [.. SrvSelection.Order(known.Records, most => Random.Shared.Next(most + 1)).Take(MaxTargets).Select(record => new PeerTarget(record.Target, record.Port, known.Direct.Contains(record)))];
    }

    /// <exception cref="PeerUnreachableException">None of its addresses accepts a connection.</exception>
    public async Task<Socket> Connect(PeerTarget target, CancellationToken cancellationToken)
    {
        var addresses = await AddressesOf(target.Host, cancellationToken);
        IPEndPoint[] allowed = [.. InTurn(addresses.Where(address => options.AllowsPrivateAddresses || PublicAddress.IsPublic(address))).Take(MaxAddresses).Select(address => new IPEndPoint(address, target.Port))];
        if (allowed.Length == 0)
        {
            throw addresses.Length == 0
                ? new PeerUnreachableException($"{target.Host} has no address", isUnknown: true)
                : new PeerUnreachableException($"{target.Host} is in a private network, where this server does not go");
        }

        try
        {
            return await Staggered.First(allowed, Attempt, HeadStart, time, cancellationToken);
        }
        catch (Exception refused) when (refused is SocketException or IOException or TimeoutException)
        {
            var reason = refused is SocketException { SocketErrorCode: SocketError.ConnectionRefused } ? "refuses the connection" : "does not answer";
            throw new PeerUnreachableException(string.Create(CultureInfo.InvariantCulture, $"{target.Host} {reason} at port {target.Port}"), inner: refused);
        }
    }

    public void Dispose() => _resolver.Dispose();

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

    private async Task<Known> Ask(string name, CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(
            _resolver.AskAsync(new DnsQuestion($"_xmpps-server._tcp.{name}", DnsType.Srv), cancellationToken),
            _resolver.AskAsync(new DnsQuestion($"_xmpp-server._tcp.{name}", DnsType.Srv), cancellationToken));
        HashSet<ServiceRecord> direct = [.. Usable(answers[0])];
        ServiceRecord[] records = [.. direct, .. Usable(answers[1])];
        if (records.Length == 0 && answers[1].Status == DnsStatus.Failed)
        {
            throw new PeerUnreachableException("DNS does not answer");
        }

        var isAbsent = records.Length == 0 && (answers[1].Records is [ServiceRecord { Target: "." }] || (answers[1].Records.Count > 0 && answers[0].Records.Count > 0));
        var told = answers.Select(answer => answer.TimeToLive).Min();
        var kept = records.Length == 0 ? AbsenceKept : told < MinKept ? MinKept : told > MaxKept ? MaxKept : told ?? MinKept;
        var known = new Known(records, direct, isAbsent, time.GetUtcNow() + kept);
        _known.Set(name, known);
        return known;
    }

    private static IEnumerable<ServiceRecord> Usable(DnsAnswer answer)
    {
        foreach (var record in answer.Records.OfType<ServiceRecord>())
        {
            if (HostSanity.IsPort(record.Port) && HostSanity.TryClean(record.Target, out var host))
            {
                yield return record with { Target = host };
            }
        }
    }

    private async Task<IPAddress[]> AddressesOf(string host, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(host, out var literal))
        {
            return [literal];
        }

        if (options.Resolvers.Count == 0)
        {
            try
            {
                return await Dns.GetHostAddressesAsync(host, cancellationToken);
            }
            catch (SocketException unknown)
            {
                return unknown.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData ? [] : throw new PeerUnreachableException("DNS does not answer", inner: unknown);
            }
        }

        var answers = await Task.WhenAll(
            _resolver.AskAsync(new DnsQuestion(host, DnsType.Aaaa), cancellationToken),
            _resolver.AskAsync(new DnsQuestion(host, DnsType.A), cancellationToken));
        IPAddress[] addresses = [.. answers.SelectMany(answer => answer.Records).OfType<AddressRecord>().Select(record => record.Address)];
        return addresses.Length == 0 && answers.Any(answer => answer.Status == DnsStatus.Failed) ? throw new PeerUnreachableException("DNS does not answer") : addresses;
    }

    /// <summary>The families take turns (RFC 8305 §4).</summary>
    private static IEnumerable<IPAddress> InTurn(IEnumerable<IPAddress> addresses) => addresses
        .Select(address => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address)
        .Distinct()
        .GroupBy(address => address.AddressFamily)
        .SelectMany(family => family.Select((address, turn) => (address, turn)))
        .OrderBy(entry => entry.turn)
        .Select(entry => entry.address);

    private async Task<Socket> Attempt(IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            TcpTransport.Prepare(socket);
            await socket.ConnectAsync(endPoint, cancellationToken).AsTask().WaitAsync(options.ConnectTimeout, time, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <param name="Direct">Which of the records are for direct TLS.</param>
    /// <param name="IsAbsent">The domain says that there is no such service.</param>
    private sealed record Known(IReadOnlyList<ServiceRecord> Records, HashSet<ServiceRecord> Direct, bool IsAbsent, DateTimeOffset Until);
}
