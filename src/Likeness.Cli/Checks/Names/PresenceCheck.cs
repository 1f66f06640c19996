using System.Globalization;
using Likeness.Libravatar.Resolving;

namespace Likeness.Cli.Checks.Names;

/// <summary>Whether the domain names its servers at all.</summary>
internal sealed class PresenceCheck : INameCheck
{
    public IEnumerable<Finding> Judge(ObservedDomain domain)
    {
        var hasSecure = domain.Secure.Records.Count > 0;
        var hasPlain = domain.Plain.Records.Count > 0;
        foreach (var service in domain.Services)
        {
            if (service.Answer.Status == DnsStatus.Failed)
            {
                yield return Finding.Wrong("dns-failed", service.Name, "No resolver gave an answer.", "See whether the resolver works at all; then ask the name servers of the domain directly. With DNSSEC look for expired signatures.");
            }
            else if (service.Records is [{ Target: "." }])
            {
                yield return Finding.Warning("srv-absent", service.Name, "The target is a dot: the domain says that it has no such service.", "If it has one, name the server.");
            }
            else if (service.Records.Count > 0)
            {
                yield return Finding.Ok("srv-present", service.Name, string.Join(", ", service.Records.Select(Shown)));
            }
        }

        if (domain.Services.All(service => service.Answer.Status is DnsStatus.NoSuchName or DnsStatus.NoSuchRecord))
        {
            yield return new Finding(
                "srv-missing",
                domain.IsForPerson ? Level.Warning : Level.Wrong,
                domain.Domain,
                "There are no SRV records: avatars of this domain are looked for at libravatar.org.",
                $"Add them: likeness dns {domain.Domain}");
        }
        else if (hasPlain && !hasSecure && domain.Secure.Answer.Status != DnsStatus.Failed)
        {
            yield return Finding.Warning("srv-secure-missing", domain.Secure.Name, "There is only the name for http: pages by https do not use it.", $"Add a record for https: likeness dns {domain.Domain}");
        }
        else if (hasSecure && !hasPlain && domain.Plain.Answer.Status != DnsStatus.Failed)
        {
            yield return Finding.Ok("srv-plain-missing", domain.Plain.Name, "There is none; only old pages by http would use it.");
        }
    }

    private static string Shown(ServiceRecord record) =>
        string.Create(CultureInfo.InvariantCulture, $"{record.Priority} {record.Weight} {record.Port} {record.Target}");
}
