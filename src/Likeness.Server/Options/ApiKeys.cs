using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

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
        new("log-format", "systemd where standard output is the journal, else text", "json",
            "How events are written to standard output: text, json or systemd.",
            (options, values) => options with { LogFormat = (LogFormat)OptionText.OneOf(values, "text", "json", "systemd") }),
        new("log-level", "information", "Likeness.Xmpp.Server=debug",
            "From which level on events are written: trace, debug, information, warning, error, critical or none; SOURCE=LEVEL for those of one source.",
            (options, values) => options with { LogLevels = [.. values.Select(Level)] })
        {
            Repeatable = true,
        },
    ];

    private static (string? Source, LogLevel Level) Level(string text)
    {
        var (source, word) = text.LastIndexOf('=') is var at and > 0 ? (text[..at], text[(at + 1)..]) : (null, text);
        return (source, (LogLevel)OptionText.OneOf([word], "trace", "debug", "information", "warning", "error", "critical", "none"));
    }

    private static Uri? Collector(string text) =>
        text == "off" ? null
        : Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url is { UserInfo: "", AbsolutePath: "/", Query: "", Fragment: "" } ? url
        : throw new FormatException($"'{text}' is not an http or https URL without path");
}
