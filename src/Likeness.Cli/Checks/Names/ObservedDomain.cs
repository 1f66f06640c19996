namespace Likeness.Cli.Checks.Names;

/// <summary>Everything DNS said about a domain's avatar servers.</summary>
/// <param name="IsForPerson">It is looked at for the sake of one person, who may well be at the public server.</param>
internal sealed record ObservedDomain(string Domain, bool IsForPerson, ObservedService Secure, ObservedService Plain, IReadOnlyList<ObservedTarget> Targets)
{
    public IEnumerable<ObservedService> Services => [Secure, Plain];
}
