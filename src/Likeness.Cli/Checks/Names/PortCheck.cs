using System.Globalization;

namespace Likeness.Cli.Checks.Names;

/// <summary>Ports that not every client finds its way to.</summary>
internal sealed class PortCheck : INameCheck
{
    public IEnumerable<Finding> Judge(ObservedDomain domain)
    {
        foreach (var service in domain.Services)
        {
            if (service.Records.FirstOrDefault(record => record.Target != "." && record.Port is not (0 or 80 or 443)) is { } record)
            {
                yield return Finding.Warning(
                    "srv-port-unusual",
                    service.Name,
                    string.Create(CultureInfo.InvariantCulture, $"The port is {record.Port}: some clients, among them the library of Gitea and Forgejo, take the name alone and go to port {service.UsualPort}."),
                    $"Serve avatars on port {service.UsualPort} too, through a reverse proxy if need be.");
            }
        }
    }
}
