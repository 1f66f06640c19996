namespace Likeness.Cli.Checks.Names;

/// <summary>Everything DNS said about a domain's avatar servers.</summary>
internal sealed record ObservedDomain(string Domain, ObservedService Secure, ObservedService Plain, IReadOnlyList<ObservedTarget> Targets)
{
    public IEnumerable<ObservedService> Services => [Secure, Plain];
}
