using System.Collections.Immutable;
using System.Net;
using Likeness.Libravatar.Fetching;
using Likeness.Server.Options;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Likeness.Server.Telemetry;

/// <summary><c>GET /metrics</c> for Prometheus, on listeners of its own: what the world's listeners answer can never be this.</summary>
internal sealed class MetricsListener : IAsyncDisposable
{
    public const int MaxConnections = 16;
    private const string Path = "/metrics";
    private readonly WebApplication _application;

    private MetricsListener(WebApplication application)
    {
        _application = application;
        var features = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>();
        Addresses = [.. (features?.Addresses ?? []).Select(address => IPEndPoint.Parse(new Uri(address).Authority))];
    }

    public ImmutableArray<IPEndPoint> Addresses { get; }

    /// <summary>Throws as <see cref="Listeners.Bind"/> does.</summary>
    public static async Task<MetricsListener> Start(LikenessOptions options, TelemetryExport export, ILoggerFactory logging, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(logging);
        builder.WebHost.UseKestrelCore().UseSockets(transport => transport.CreateBoundListenSocket = endpoint => Listeners.Bind(endpoint, options));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
            kestrel.Limits.MaxRequestBodySize = 0;
            foreach (var endpoint in options.Metrics)
            {
                kestrel.Listen(endpoint, listen => listen.Protocols = HttpProtocols.Http1);
            }
        });
        var application = builder.Build();
        application.UseOpenTelemetryPrometheusScrapingEndpoint(
            export.Provider, request => request.Request.Path == Path && HttpMethods.IsGet(request.Request.Method), path: null, configureBranchedPipeline: null, optionsName: null);
        application.Run(request =>
        {
            request.Response.StatusCode = StatusCodes.Status404NotFound;
            return request.Response.WriteAsync($"Measurements for Prometheus are at {Path}.\n");
        });
        try
        {
            await application.StartAsync(cancellationToken);
            return new MetricsListener(application);
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }
    }

    /// <summary>What to say about listeners that more than this machine and its network can reach.</summary>
    public static IEnumerable<string> Warnings(LikenessOptions options) => options.Metrics
        .Where(endpoint => endpoint.Address.Equals(IPAddress.Any) || endpoint.Address.Equals(IPAddress.IPv6Any) || PublicAddress.IsPublic(endpoint.Address))
        .Select(endpoint => $"metrics: whoever reaches {endpoint} reads how busy this server is; see that a firewall stands before it.");

    public async ValueTask DisposeAsync()
    {
        await _application.StopWithin(WebApplicationEnd.Short);
        await _application.DisposeAsync();
    }
}
