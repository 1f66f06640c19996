using Likeness.Xmpp.Server.Features.Avatars;
using Likeness.Xmpp.Server.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Xmpp.Server.Features;

/// <summary>Every XEP this server serves: one line each.</summary>
internal static class FeatureList
{
    public static IServiceCollection AddFeatures(this IServiceCollection services) => services
        .Add<Xep0054VCard>()
        .Add<Xep0115EntityCapabilities>()
        .Add<Xep0163Pep>()
        .Add<Xep0398AvatarConversion>()
        .AddAvatars();

    private static IServiceCollection Add<TFeature>(this IServiceCollection services)
        where TFeature : class, IFeature =>
        services.AddSingleton<TFeature>().AddSingleton<IFeature>(provider => provider.GetRequiredService<TFeature>());
}
