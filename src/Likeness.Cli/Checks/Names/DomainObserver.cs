using Likeness.Cli.Federation;
using Likeness.Libravatar;
using Likeness.Libravatar.Discovery;
using Likeness.Libravatar.Resolving;

namespace Likeness.Cli.Checks.Names;

/// <summary>Asks DNS about a domain's avatar servers.</summary>
internal sealed class DomainObserver(Reach reach, DnsResolver resolver)
{
    private const int MaxTargets = 8;

    public async Task<ObservedDomain> Observe(string domain, bool isForPerson, CancellationToken cancellationToken)
    {
        var services = await Task.WhenAll(Ask(domain, SchemePolicy.HttpsOnly, cancellationToken), Ask(domain, SchemePolicy.Http, cancellationToken));
        var hosts = services.SelectMany(ServersOf).Select(server => server.Host).Distinct(StringComparer.Ordinal).Take(MaxTargets);
        return new ObservedDomain(domain, isForPerson, services[0], services[1], await Task.WhenAll(hosts.Select(host => Ask(host, cancellationToken))));
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
