using Likeness.Cli.Federation;
using Likeness.Libravatar;
using Likeness.Libravatar.Discovery;
using Likeness.Libravatar.Resolving;

namespace Likeness.Cli.Checks.Names;

/// <summary>Asks DNS about a domain's avatar servers.</summary>
internal sealed class DomainObserver(Reach reach, DnsResolver resolver)
{
    private const int MaxTargets = 8;

    private static readonly (ChatStart Start, string Prefix)[] ChatServices =
    [
        (ChatStart.Client, "_xmpp-client._tcp."),
        (ChatStart.ClientTls, "_xmpps-client._tcp."),
        (ChatStart.Server, "_xmpp-server._tcp."),
        (ChatStart.ServerTls, "_xmpps-server._tcp."),
    ];

    public async Task<ObservedDomain> Observe(string domain, bool isForPerson, CancellationToken cancellationToken)
    {
        var web = Task.WhenAll(Ask(domain, SchemePolicy.HttpsOnly, cancellationToken), Ask(domain, SchemePolicy.Http, cancellationToken));
        var chat = await Task.WhenAll(ChatServices.Select(async service =>
            new ObservedService(service.Prefix + domain, service.Start is ChatStart.ClientTls or ChatStart.ServerTls, await resolver.AskAsync(new DnsQuestion(service.Prefix + domain, DnsType.Srv), cancellationToken)) { Chat = service.Start }));
        var services = await web;
        var hosts = services.Concat(chat).SelectMany(ServersOf).Select(server => server.Host).Distinct(StringComparer.Ordinal).Take(MaxTargets);
        return new ObservedDomain(domain, isForPerson, services[0], services[1], await Task.WhenAll(hosts.Select(host => Ask(host, cancellationToken)))) { Chat = chat };
    }

    /// <summary>What clients would use, in the order of their trial; weights left out.</summary>
    public static IEnumerable<(string Host, int Port)> ServersOf(ObservedService service)
    {
        foreach (var record in service.Records.OrderBy(record => record.Priority))
        {
            if (HostSanity.IsPort(record.Port) && HostSanity.TryClean(record.Target, out var host))
            {
                yield return (host, record.Port);
            }
        }
    }

    private async Task<ObservedService> Ask(string domain, SchemePolicy policy, CancellationToken cancellationToken)
    {
        var name = ServiceName.Of(domain, policy)[0];
        return new ObservedService(name, ServiceName.IsSecure(name), await resolver.AskAsync(new DnsQuestion(name, DnsType.Srv), cancellationToken));
    }

    private async Task<ObservedTarget> Ask(string host, CancellationToken cancellationToken)
    {
        var addresses = await HostAddresses.Ask(resolver, host, cancellationToken);
        return new ObservedTarget(host, addresses, addresses.Addresses.Any(reach.MayConnect));
    }
}
