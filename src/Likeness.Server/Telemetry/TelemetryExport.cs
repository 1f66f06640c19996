using System.Diagnostics.Metrics;
using Likeness.Xmpp.Server.Connections;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Likeness.Server.Telemetry;

/// <summary>Sends measurements to a collector by OTLP over HTTP, once a minute and at the end. Nothing leaves unless the setting names a collector.</summary>
internal sealed class TelemetryExport : IDisposable
{
    private const int ExportMilliseconds = 60_000;
    private const int EndMilliseconds = 3_000;
    private readonly Meter _meter = new("Likeness.Chat");
    private readonly MeterProvider _provider;

    public TelemetryExport(Uri collector, OpenConnections connections)
    {
        _meter.CreateObservableGauge("likeness.chat.sessions", () => connections.Count, description: "Chat clients that are connected.");
        _provider = Sdk.CreateMeterProviderBuilder()
            .ConfigureResource(resource => resource.AddService("likeness", serviceVersion: typeof(TelemetryExport).Assembly.GetName().Version?.ToString(3), autoGenerateServiceInstanceId: true))
            .AddMeter("Likeness.*")
            .AddMeter("Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
            // Without the address: that of the control socket is a path.
            .AddView("kestrel.*", new MetricStreamConfiguration { TagKeys = ["server.port", "error.type"] })
            .AddOtlpExporter((exporter, reader) =>
            {
                exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
                exporter.Endpoint = new Uri(collector, "/v1/metrics");
                exporter.HttpClientFactory = () => new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false });
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = ExportMilliseconds;
            })
            .Build();
    }

    public void Dispose()
    {
        _provider.ForceFlush(EndMilliseconds);
        _provider.Dispose();
        _meter.Dispose();
    }
}
