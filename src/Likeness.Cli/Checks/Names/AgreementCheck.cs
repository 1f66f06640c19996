namespace Likeness.Cli.Checks.Names;

/// <summary>Whether the names for https and http lead to the same servers.</summary>
internal sealed class AgreementCheck : INameCheck
{
    public IEnumerable<Finding> Judge(ObservedDomain domain)
    {
        var secure = Hosts(domain.Secure);
        var plain = Hosts(domain.Plain);
        if (secure.Count > 0 && plain.Count > 0 && !secure.SetEquals(plain))
        {
            yield return Finding.Warning(
                "srv-targets-differ",
                domain.Domain,
                $"https leads to {string.Join(", ", secure)}, http to {string.Join(", ", plain)}: people may look different on http pages.",
                "Name the same servers in both.");
        }
    }

    private static HashSet<string> Hosts(ObservedService service) =>
        service.Records.Where(record => record.Target != ".").Select(record => record.Target.ToLowerInvariant()).ToHashSet(StringComparer.Ordinal);
}
