using Likeness.Server.Options;
using Likeness.Xmpp.Server.Connections;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Server.Telemetry;

/// <summary>How measuring is put into the host.</summary>
internal static class TelemetryHosting
{
    public static IServiceCollection AddTelemetry(this IServiceCollection services, LikenessOptions options)
    {
        services.AddSingleton<IPortraitListener, PortraitMetrics>();
        if (options.Collector is { } collector)
        {
            services.AddSingleton(provider => new TelemetryExport(collector, provider.GetRequiredService<OpenConnections>()));
        }

        return services;
    }

    /// <summary>Call once when everything is composed.</summary>
    public static void Begin(IServiceProvider services) => services.GetService<TelemetryExport>();
}
