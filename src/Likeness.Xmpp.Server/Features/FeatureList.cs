using Likeness.Xmpp.Server.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Xmpp.Server.Features;

/// <summary>Every XEP this server serves: one line each.</summary>
internal static class FeatureList
{
    public static IServiceCollection AddFeatures(this IServiceCollection services) => services;

    private static IServiceCollection Add<TFeature>(this IServiceCollection services)
        where TFeature : class, IFeature =>
        services.AddSingleton<TFeature>().AddSingleton<IFeature>(provider => provider.GetRequiredService<TFeature>());
}
