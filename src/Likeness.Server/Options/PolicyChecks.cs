using Likeness.Imaging.Faces;

namespace Likeness.Server.Options;

/// <summary>What the settings of domains must be in the light of each other.</summary>
internal static class PolicyChecks
{
    private const string All = "all settings together";

    public static IEnumerable<OptionProblem> Problems(LikenessOptions options) =>
    [
        .. options.Policies.Keys.Where(domain => !options.Domains.Contains(domain))
            .Select(domain => new OptionProblem($"policies.{domain}", All, "this domain is not served", $"--domain {domain}")),
        .. options.Policies.Select(entry => (Prefix: $"policies.{entry.Key}.", Policy: entry.Value))
            .Prepend((Prefix: "", options.Policy))
            .SelectMany(entry => Of(options, entry.Prefix, entry.Policy)),
        .. HostsClaimedTwice(options),
        .. RoomKeys.Problems(options),
        .. ServiceKeys.Problems(options),
        .. ProviderKeys.Problems(options),
        .. ComponentKeys.Problems(options),
        .. MailKeys.Problems(options),
        .. UploadKeys.Problems(options),
        .. FederationKeys.Problems(options),
        .. BesideKeys.Problems(options),
    ];

    private static IEnumerable<OptionProblem> Of(LikenessOptions options, string prefix, DomainPolicy policy)
    {
        if (FaceCatalogue.Find(policy.DefaultFace) is null && options.DefaultImages.All(image => image.Name != policy.DefaultFace))
        {
            yield return new(prefix + "default-face", All, $"'{policy.DefaultFace}' is neither a face ({string.Join(", ", FaceCatalogue.All.Select(face => face.Name))}) nor a default-image", "identicon");
        }

        if (policy.DefaultVisibility < policy.WidestVisibility)
        {
            yield return new(prefix + "visibility", All, $"{Word(policy.DefaultVisibility)} is wider than widest-visibility, {Word(policy.WidestVisibility)}", Word(policy.WidestVisibility));
        }

        if (policy.Sizes.Default > policy.Sizes.Largest)
        {
            yield return new(prefix + "default-size", All, $"{policy.Sizes.Default} is more than the largest size, {policy.Sizes.Largest}", $"{policy.Sizes.Largest}");
        }
    }

    private static string Word(Visibility visibility) => visibility.ToString().ToLowerInvariant();

    // Said for all domains alike, a host would belong to each of them.
    private static IEnumerable<OptionProblem> HostsClaimedTwice(LikenessOptions options) =>
        options.Domains.Select(domain => (options.Policies.GetValueOrDefault(domain) ?? options.Policy) with { Domain = domain })
            .SelectMany(policy => DomainPolicies.HostsOf(policy).Distinct(StringComparer.Ordinal), (policy, host) => (policy.Domain, Host: host))
            .GroupBy(entry => entry.Host, entry => entry.Domain)
            .Where(claims => claims.Count() > 1)
            .Select(claims => new OptionProblem(
                "web-host", All, $"'{claims.Key}' is claimed by {string.Join(" and ", claims)}", """{ "policies": { "example.net": { "web-host": "avatars.example.net" } } }"""));
}
