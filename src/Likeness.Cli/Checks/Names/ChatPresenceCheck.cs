using System.Globalization;
using Likeness.Libravatar.Resolving;

namespace Likeness.Cli.Checks.Names;

/// <summary>Where chat clients and other chat servers find the domain (RFC 6120 §3.2.1, XEP-0368).</summary>
internal sealed class ChatPresenceCheck : INameCheck
{
    public IEnumerable<Finding> Judge(ObservedDomain domain)
    {
        foreach (var service in domain.Chat)
        {
            if (service.Answer.Status == DnsStatus.Failed)
            {
                yield return Finding.Wrong("dns-failed", service.Name, "No resolver gave an answer.", "Ask the name servers of the domain directly. With DNSSEC look for expired signatures.");
            }
            else if (service.Records is [{ Target: "." }])
            {
                yield return Finding.Ok("chat-srv-absent", service.Name, "The target is a dot: the domain says that it has no such service.");
            }
            else if (service.Records.Count > 0)
            {
                yield return Finding.Ok("chat-srv-present", service.Name, string.Join(", ", service.Records.Select(Shown)));
            }
        }

        if (domain.Chat.Count > 0 && domain.Chat.All(service => service.Answer.Status is DnsStatus.NoSuchName or DnsStatus.NoSuchRecord))
        {
            yield return Finding.Ok("chat-srv-missing", domain.Domain, "There are no records for chats: chat clients look for the domain itself, on port 5222.");
        }
        else if (domain.Chat.Any(HasServer) && !domain.Chat.Any(service => service.Chat is not (ChatStart.Server or ChatStart.ServerTls) && HasServer(service)))
        {
            yield return Finding.Warning(
                "chat-srv-client-missing",
                domain.Domain,
                "There is a record for other chat servers and none for clients: they look for the domain itself, on port 5222.",
                $"Add _xmpp-client._tcp.{domain.Domain}, and _xmpps-client._tcp.{domain.Domain} for TLS from the first byte.");
        }
    }

    private static bool HasServer(ObservedService service) => service.Records.Any(record => record.Target != ".");

    private static string Shown(ServiceRecord record) =>
        string.Create(CultureInfo.InvariantCulture, $"{record.Priority} {record.Weight} {record.Port} {record.Target}");
}
