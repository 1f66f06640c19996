using System.Collections.Immutable;

namespace Likeness.Server.Options;

/// <summary>The settings of what programs and monitors ask.</summary>
internal static class ApiKeys
{
    public static ImmutableArray<OptionKey> All { get; } =
    [
        new("api-requests", "1200", "6000",
            "Requests a minute that one token of the REST interface may make.",
            (options, values) => options with { Api = options.Api with { RequestsPerMinute = OptionText.Number(values, 60, 1_000_000) } }),
    ];
}
