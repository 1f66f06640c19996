using System.Net;
using Likeness.Libravatar.Resolving;

namespace Likeness.Cli.Federation;

/// <summary>What DNS says about the addresses of a host.</summary>
/// <param name="Aliases">The names it is an alias of, in the order they were followed.</param>
/// <param name="HasFailed">No resolver answered one of the questions.</param>
internal sealed record HostAddresses(IReadOnlyList<IPAddress> Addresses, IReadOnlyList<string> Aliases, bool HasFailed)
{
    private static readonly HostAddresses ThisMachine = new([IPAddress.Loopback, IPAddress.IPv6Loopback], [], false);

    /// <summary>Asks for A and AAAA; <c>localhost</c> is known without asking (RFC 6761 §6.3).</summary>
    public static async Task<HostAddresses> Ask(DnsResolver resolver, string host, CancellationToken cancellationToken)
    {
        if (host == "localhost" || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase))
        {
            return ThisMachine;
        }

        var answers = await Task.WhenAll(
            resolver.AskAsync(new DnsQuestion(host, DnsType.A), cancellationToken),
            resolver.AskAsync(new DnsQuestion(host, DnsType.Aaaa), cancellationToken));
        return new HostAddresses(
            [.. answers.SelectMany(answer => answer.Records).OfType<AddressRecord>().Select(record => record.Address)],
            [.. answers.SelectMany(answer => answer.Aliases).Distinct(StringComparer.OrdinalIgnoreCase)],
            answers.Any(answer => answer.Status == DnsStatus.Failed));
    }
}
