using Likeness.Libravatar.Resolving;

namespace Likeness.Cli.Checks.Names;

/// <summary>What DNS said to one service name of a domain.</summary>
internal sealed record ObservedService(string Name, bool IsSecure, DnsAnswer Answer)
{
    public IReadOnlyList<ServiceRecord> Records { get; } = [.. Answer.Records.OfType<ServiceRecord>()];

    public int UsualPort => IsSecure ? 443 : 80;
}
