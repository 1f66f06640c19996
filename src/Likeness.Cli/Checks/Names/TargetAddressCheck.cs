using System.Net.Sockets;

namespace Likeness.Cli.Checks.Names;

/// <summary>Whether the servers' names lead anywhere (RFC 2782).</summary>
internal sealed class TargetAddressCheck : INameCheck
{
    public IEnumerable<Finding> Judge(ObservedDomain domain)
    {
        foreach (var target in domain.Targets)
        {
            var found = target.Addresses;
            if (found.Aliases.Count > 0)
            {
                yield return Finding.Warning("srv-target-alias", target.Host, $"It is an alias (CNAME) of {found.Aliases[^1]}, which RFC 2782 forbids; some clients fail.", "Name that host in the SRV record, or give this one addresses of its own.");
            }

            if (found.Addresses.Count == 0 && found.HasFailed)
            {
                yield return Finding.Wrong("target-dns-failed", target.Host, "No resolver could tell its addresses.", "Ask the name servers of that host's domain directly.");
            }
            else if (found.Addresses.Count == 0)
            {
                yield return Finding.Wrong("target-no-address", target.Host, "It has neither an A nor an AAAA record.", "Add one, or correct the name in the SRV record.");
            }
            else if (!target.MayConnect)
            {
                yield return Finding.Wrong("target-private", target.Host, $"It has private addresses only ({string.Join(", ", found.Addresses)}): nobody outside reaches it.", "Give it a public address; to check from inside, use --allow-private.");
            }
            else
            {
                yield return Finding.Ok("target-addresses", target.Host, string.Join(", ", found.Addresses));
                if (found.Addresses.All(address => address.AddressFamily == AddressFamily.InterNetworkV6))
                {
                    yield return Finding.Warning("target-ipv6-only", target.Host, "It has IPv6 addresses only: machines with IPv4 alone do not reach it.", "Add an A record if there is an IPv4 address.");
                }
            }
        }
    }
}
