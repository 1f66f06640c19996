using System.Globalization;
using System.Net;
using Likeness.Libravatar;

namespace Likeness.Cli.Checks.Names;

/// <summary>Whether the records can be used: host names and ports.</summary>
internal sealed class TargetNameCheck : INameCheck
{
    public IEnumerable<Finding> Judge(ObservedDomain domain)
    {
        foreach (var service in domain.All)
        {
            foreach (var record in service.Records)
            {
                if (record.Target == ".")
                {
                    if (service.Records.Count > 1)
                    {
                        yield return Finding.Wrong("srv-dot-among-others", service.Name, "One target is a dot, which says that there is no such service; others say that there is.", "Remove that record.");
                    }

                    continue;
                }

                if (IPAddress.TryParse(record.Target, out _))
                {
                    yield return Finding.Wrong("srv-target-address", service.Name, $"The target {record.Target} is an address; it has to be a host name.", "Give the server a name with an A or AAAA record.");
                }
                else if (!HostSanity.TryClean(record.Target, out _))
                {
                    yield return Finding.Wrong("srv-target-invalid", service.Name, $"The target {record.Target} is no host name: clients leave it out.", "Letters, digits and hyphens only; no underscore, no scheme, no path.");
                }

                if (!HostSanity.IsPort(record.Port))
                {
                    yield return Finding.Wrong("srv-port-zero", service.Name, $"The port of {record.Target} is 0.", $"Use the port that the server listens on, usually {service.UsualPort}.");
                }
                else if (service.Chat is null && record.Port == (service.IsSecure ? 80 : 443))
                {
                    yield return Finding.Warning(
                        "srv-port-of-other-scheme",
                        service.Name,
                        string.Create(CultureInfo.InvariantCulture, $"Port {record.Port} is usually for the other scheme; clients speak {(service.IsSecure ? "https" : "http")} to it."),
                        "The scheme follows the name of the service, not the port: exchange the two records.");
                }
            }
        }
    }
}
