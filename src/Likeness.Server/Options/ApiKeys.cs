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
        new("webfinger", "on", "off",
            "Whether WebFinger tells where the public avatar of an address is.",
            (options, values) => options with { WebFinger = OptionText.OneOf(values, "off", "on") == 1 }),
        new("otlp", "off", "http://127.0.0.1:4318",
            "OpenTelemetry collector that measurements are sent to (OTLP over HTTP), or off.",
            (options, values) => options with { Collector = Collector(OptionText.One(values)) }),
        new("metrics", "off", "127.0.0.1:9464",
            "Where Prometheus reads measurements (`GET /metrics`), on a listener of its own, or off.",
            (options, values) => options with { Metrics = OptionText.Listeners(values) })
        {
            Repeatable = true,
        },
    ];

    private static Uri? Collector(string text) =>
        text == "off" ? null
        : Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url is { UserInfo: "", AbsolutePath: "/", Query: "", Fragment: "" } ? url
        : throw new FormatException($"'{text}' is not an http or https URL without path");
}
