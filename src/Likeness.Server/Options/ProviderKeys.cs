using System.Collections.Immutable;
using Likeness.Web;

namespace Likeness.Server.Options;

/// <summary>Sites that vouch for people (OpenID Connect).</summary>
internal static class ProviderKeys
{
    private const string Example = "club=https://id.example.org,likeness,/etc/likeness/club.secret";
    private const int MaxName = 32;

    public static ImmutableArray<OptionKey> Keys { get; } =
    [
        new("oidc", "none", Example,
            "A site that vouches for people on the pages (OpenID Connect): NAME=ISSUER,CLIENT and, if there is one, the file with the client's secret; several may be named. It wants public-url.",
            (options, values) => options with { Providers = [.. values.Select(Provider)] })
        {
            Repeatable = true,
            NamesFile = true,
        },
    ];

    public static IEnumerable<OptionProblem> Problems(LikenessOptions options)
    {
        if (options.Providers.Count > 0 && options.PublicUrl is null)
        {
            yield return new OptionProblem("oidc", "all settings together", "the other site has to send people back, and public-url is not said", "public-url https://avatars.example.org");
        }

        foreach (var name in options.Providers.GroupBy(provider => provider.Name).Where(group => group.Count() > 1).Select(group => group.Key))
        {
            yield return new OptionProblem("oidc", "all settings together", $"'{name}' is named twice", Example);
        }
    }

    private static ProviderOptions Provider(string value)
    {
        var sign = value.IndexOf('=', StringComparison.Ordinal);
        var parts = value[(sign + 1)..].Split(',');
        var name = sign > 0 ? value[..sign] : "";
        return name.Length is > 0 and <= MaxName && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '.')
            && parts.Length is 2 or 3 && parts[1].Length > 0
            && Uri.TryCreate(parts[0], UriKind.Absolute, out var issuer) && issuer is { Query: "", Fragment: "", UserInfo: "" }
            && (issuer.Scheme == Uri.UriSchemeHttps || (issuer.Scheme == Uri.UriSchemeHttp && issuer.IsLoopback))
                ? new ProviderOptions(name, issuer, parts[1], parts.Length == 3 ? ComponentKeys.SecretIn(parts[2]) : null)
                : throw new FormatException($"'{value}' is not NAME=ISSUER,CLIENT or NAME=ISSUER,CLIENT,FILE with an https issuer, such as {Example}");
    }
}
