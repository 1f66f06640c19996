using Likeness.Server.Options;
using Likeness.Xmpp.Server.Accounts;
using Likeness.Xmpp.Server.Federation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Likeness.Server.Telemetry;

/// <summary>How measuring is put into the host.</summary>
internal static class TelemetryHosting
{
    public static IServiceCollection AddTelemetry(this IServiceCollection services, LikenessOptions options)
    {
        services.AddSingleton<IPortraitListener, PortraitMetrics>();
        if (options.Collector is not null || !options.Metrics.IsEmpty)
        {
            services.AddSingleton(provider => new TelemetryExport(options, provider.GetRequiredService<SessionActs>(), FederationKeys.IsOn(options) ? provider.GetRequiredService<FederationStatus>() : null));
        }

        return services;
    }

    /// <summary>Null when nobody is to read measurements here.</summary>
    public static async Task<MetricsListener?> Listen(IServiceProvider services, LikenessOptions options, ILoggerFactory logging, CancellationToken cancellationToken) =>
        options.Metrics.IsEmpty ? null : await MetricsListener.Start(options, services.GetRequiredService<TelemetryExport>(), logging, cancellationToken);

    /// <summary>Call once when everything is composed.</summary>
    public static void Begin(IServiceProvider services) => services.GetService<TelemetryExport>();
}
