using System.Net;
using System.Runtime.CompilerServices;
using Likeness.Cli.Checks.Connections;
using Likeness.Cli.Checks.Names;
using Likeness.Cli.Checks.Protocol;
using Likeness.Cli.Federation;
using Likeness.Libravatar;
using Likeness.Libravatar.Resolving;

namespace Likeness.Cli.Checks;

/// <summary>Looks at names, connections and servers in this order, as far as each leads.</summary>
/// <param name="progress">Is told what is looked at, before it is.</param>
internal sealed class Examination(Reach reach, TimeProvider time, Action<string>? progress = null)
{
    private const int MaxServers = 6;
    private const int MaxAddresses = 4;

    private readonly ConnectionObserver _observer = new(reach);

    /// <summary>Looks only whether a person is shown where DNS leads: no other questions, no chats, and nobody asked whom the domain does not name.</summary>
    public bool IsOfPersonAlone { get; init; }

    public IAsyncEnumerable<Finding> Run(CheckTarget target, CancellationToken cancellationToken) =>
        target.Server is { } server ? OfServer(server, cancellationToken) : OfDomain(target.Domain!, target.Person, cancellationToken);

    private async IAsyncEnumerable<Finding> OfDomain(string domain, Address? person, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        progress?.Invoke($"DNS of {domain}");
        using var resolver = new DnsResolver(reach.Resolver);
        var observed = await new DomainObserver(reach, resolver).Observe(domain, person is not null, cancellationToken);
        foreach (var finding in CheckList.Names.SelectMany(check => check.Judge(observed)))
        {
            yield return finding;
        }

        var servers = observed.Services.SelectMany(DomainObserver.ServersOf, (service, server) => (server.Host, server.Port, service.IsSecure)).Distinct().Take(MaxServers).ToList();
        foreach (var (host, port, isSecure) in servers)
        {
            await foreach (var finding in At(new Uri($"{(isSecure ? "https" : "http")}://{host}:{port}"), AddressesOf(observed, host), person, false, cancellationToken))
            {
                yield return finding;
            }
        }

        if (servers.Count == 0 && person is not null)
        {
            yield return Finding.Ok("fallback", domain, $"Clients look at {AvatarBase.LibravatarSecure}.");
            if (IsOfPersonAlone)
            {
                yield break;
            }

            using var probe = new ServerProbe(AvatarBase.LibravatarSecure, person, reach, time);
            await foreach (var finding in Ask(probe, CheckList.People, cancellationToken))
            {
                yield return finding;
            }
        }

        if (IsOfPersonAlone)
        {
            yield break;
        }

        if (person is { Kind: AddressKind.Email })
        {
            progress?.Invoke($"WebFinger at {domain}");
            yield return await new WebFingerCheck(reach).Look(new Uri($"https://{domain}"), person, cancellationToken);
        }

        foreach (var (start, host, port) in observed.Chat.SelectMany(DomainObserver.ServersOf, (service, server) => (service.Chat!.Value, server.Host, server.Port)).Distinct().Take(MaxServers))
        {
            progress?.Invoke($"the chat server at {host}:{port}");
            var connections = await Task.WhenAll(AddressesOf(observed, host).Take(MaxAddresses).Select(address =>
                _observer.ObserveChat(host, domain, start, new IPEndPoint(address, port), cancellationToken)));
            foreach (var finding in Judge(connections))
            {
                yield return finding;
            }
        }

        if (HasChats(observed))
        {
            progress?.Invoke($"chats in browsers at {domain}");
            yield return await new HostMetaCheck(reach).Look(new Uri($"https://{domain}"), cancellationToken);
        }
    }

    private static bool HasChats(ObservedDomain observed) =>
        observed.Chat.Any(service => service.Chat is not (ChatStart.Server or ChatStart.ServerTls) && DomainObserver.ServersOf(service).Any());

    private IEnumerable<IPAddress> AddressesOf(ObservedDomain observed, string host) =>
        observed.Targets.FirstOrDefault(target => target.Host == host)?.Addresses.Addresses.Where(reach.MayConnect) ?? [];

    private async IAsyncEnumerable<Finding> OfServer(AvatarBase server, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var url = new Uri(server.Text);
        progress?.Invoke($"DNS of {url.IdnHost}");
        var addresses = await reach.AddressesOf(url.IdnHost, cancellationToken);
        if (addresses.Count == 0)
        {
            yield return Finding.Wrong("target-no-address", url.IdnHost, "It has no address.", "Correct the name, or add an A or AAAA record.");
        }

        await foreach (var finding in At(url, addresses, null, true, cancellationToken))
        {
            yield return finding;
        }
    }

    private async IAsyncEnumerable<Finding> At(Uri url, IEnumerable<IPAddress> addresses, Address? person, bool isNamed, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        progress?.Invoke($"connections to {url.Authority}");
        var connections = await Task.WhenAll(addresses.Take(MaxAddresses).Select(address =>
            _observer.Observe(url.IdnHost, new IPEndPoint(address, url.Port), url.Scheme == Uri.UriSchemeHttps, cancellationToken)));
        foreach (var finding in Judge(connections))
        {
            yield return finding;
        }

        if (Array.Exists(connections, connection => connection is { Failure: null, Handshake: null or { Failure: null } }))
        {
            using var probe = new ServerProbe(AvatarBase.Parse(url.AbsoluteUri), person, reach, time, isNamed);
            await foreach (var finding in Ask(probe, IsOfPersonAlone ? CheckList.People : CheckList.Servers, cancellationToken))
            {
                yield return finding;
            }
        }
    }

    private IEnumerable<Finding> Judge(IEnumerable<ObservedConnection> connections) =>
        connections.SelectMany(_ => CheckList.Connections, (connection, check) => check.Judge(connection, time.GetUtcNow())).SelectMany(findings => findings);

    private async IAsyncEnumerable<Finding> Ask(ServerProbe probe, IReadOnlyList<IProtocolCheck> checks, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        progress?.Invoke($"questions to {probe.Subject}");
        var manner = await probe.Meet(cancellationToken);
        if (manner.Finding is { } first)
        {
            yield return first;
        }

        foreach (var check in checks.Where(manner.Allows))
        {
            progress?.Invoke($"questions to {probe.Subject}: {check.GetType().Name.Replace("Check", "", StringComparison.Ordinal)}");
            var isFine = true;
            await foreach (var finding in check.Run(probe, cancellationToken))
            {
                isFine = false;
                yield return finding;
            }

            if (isFine && check.Fine is var (id, text))
            {
                yield return Finding.Ok(id, probe.Subject, text);
            }
        }
    }
}
