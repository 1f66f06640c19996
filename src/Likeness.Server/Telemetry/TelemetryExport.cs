using System.Diagnostics.Metrics;
using Likeness.Server.Options;
using Likeness.Xmpp.Server.Accounts;
using Likeness.Xmpp.Server.Federation;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Likeness.Server.Telemetry;

/// <summary>Measurements for those who were named: a collector is sent them by OTLP over HTTP, once a minute and at the end; Prometheus reads them from <see cref="MetricsListener"/>.</summary>
internal sealed class TelemetryExport : IDisposable
{
    private const int ExportMilliseconds = 60_000;
    private const int EndMilliseconds = 3_000;

    // The usual boundaries are for milliseconds.
    private static readonly double[] RenderSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
    private readonly Meter _meter = new("Likeness.Chat");
    private readonly bool _isSent;

    /// <param name="peers">Null: other servers are not talked to.</param>
    public TelemetryExport(LikenessOptions options, SessionActs sessions, FederationStatus? peers)
    {
        _meter.CreateObservableGauge("likeness.chat.sessions", () => sessions.Connections, description: "Chat clients that are connected.");
        _meter.CreateObservableGauge("likeness.s2s.streams", () => peers?.Streams ?? 0, description: "Streams to and from other servers.");
        _meter.CreateObservableGauge("likeness.s2s.waiting", () => peers?.Waiting ?? 0, description: "Stanzas that wait for a stream to another server.");
        _meter.CreateObservableGauge("likeness.s2s.unreachable", () => peers?.Unreachable ?? 0, description: "Pairs of domains that could not be connected and are left alone for a while.");
        var builder = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(resource => resource.AddService("likeness", serviceVersion: typeof(TelemetryExport).Assembly.GetName().Version?.ToString(3), autoGenerateServiceInstanceId: true))
            .AddMeter("Likeness.*")
            .AddMeter("Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
            // Without the address: that of the control socket is a path.
            .AddView("kestrel.*", new MetricStreamConfiguration { TagKeys = ["server.port", "error.type"] });
        builder.AddView("likeness.render.duration", new ExplicitBucketHistogramConfiguration { Boundaries = RenderSeconds });
        if (options.Collector is { } collector)
        {
            _isSent = true;
            builder.AddOtlpExporter((exporter, reader) =>
            {
                exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
                exporter.Endpoint = new Uri(collector, "/v1/metrics");
                exporter.HttpClientFactory = () => new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false });
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = ExportMilliseconds;
            });
        }

        if (!options.Metrics.IsEmpty)
        {
            builder.AddPrometheusExporter(exporter =>
            {
                exporter.ScopeInfoEnabled = false;
                exporter.TargetInfoEnabled = false;
            });
        }

        Provider = builder.Build();
    }

    public MeterProvider Provider { get; }

    public void Dispose()
    {
        if (_isSent)
        {
            Provider.ForceFlush(EndMilliseconds);
        }

        Provider.Dispose();
        _meter.Dispose();
    }
}
