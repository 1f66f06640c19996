using Likeness.Http.Answering;
using Likeness.Http.Foreign;
using Likeness.Http.Renditions;
using Likeness.Http.Resolving;
using Likeness.Http.Uploads;
using Likeness.Http.Versions;
using Likeness.Imaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Likeness.Http.Avatars;

/// <summary>Composition of the avatar surface.</summary>
public static class AvatarServices
{
    /// <summary>Needs <see cref="PortraitBook"/>, <see cref="AddressBook"/>, <see cref="DomainPolicies"/>, <see cref="ImageGate"/> and <see cref="IImageRenderer"/> beside it.</summary>
    public static IServiceCollection AddAvatars(this IServiceCollection services, AvatarOptions? options = null)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options ?? new AvatarOptions());
        services.TryAddSingleton<SeenTally>();
        services.AddSingleton<HttpClock>();
        services.AddSingleton<PortraitVersions>();
        services.AddSingleton<IPortraitListener>(provider => provider.GetRequiredService<PortraitVersions>());
        services.AddSingleton<IAddressListener>(provider => provider.GetRequiredService<PortraitVersions>());
        services.AddSingleton<RenditionFolder>();
        services.AddSingleton<IPortraitListener, RenditionCleaner>();
        services.AddSingleton<RenditionCache>();
        services.AddSingleton<RenderQueue>();
        services.AddSingleton<Painter>();
        services.AddSingleton<IPortraitPainter, PortraitPainter>();
        services.AddSingleton<AvatarSites>();
        services.AddSingleton<PreparedAnswers>();
        services.AddSingleton<PortraitResolver>();
        services.AddSingleton<GatewayResolver>();
        services.AddSingleton<GravatarResolver>();
        services.AddSingleton<DefaultResolver>();
        services.AddSingleton(provider => new SiteImages(
            provider.GetRequiredService<ImageGate>(), provider.GetRequiredService<IImageRenderer>(), provider.GetRequiredService<PortraitVersions>()));
        services.AddSingleton<VersionEndpoint>();
        services.AddSingleton(provider => new PortraitLinks(
            provider.GetRequiredService<AvatarOptions>().PublicUrl, provider.GetRequiredService<DomainPolicies>()));
        services.AddSingleton<AvatarMetrics>();
        services.AddSingleton<AvatarEndpoint>();
        services.AddSingleton<StaticDefaults>();
        return services;
    }

    /// <summary>
    /// Serves <c>/avatar</c> and everything under it, the oldest way of asking, <c>/avatar.php?gravatar_id=HASH</c>, pictures
    /// by their version under <c>/p</c>, and defaults under <c>/static/defaults</c>, for every method. Avatars are served before anything is routed: call after
    /// what changes the request, such as believing a proxy, and before what wants the route.
    /// </summary>
    public static void MapAvatars(this WebApplication application)
    {
        var avatars = application.Services.GetRequiredService<AvatarEndpoint>();
        var versions = application.Services.GetRequiredService<VersionEndpoint>();
        var defaults = application.Services.GetRequiredService<StaticDefaults>();
        application.Use(next => context =>
            context.Request.Path.Value is { } path && path.StartsWith("/avatar/", StringComparison.Ordinal) ? avatars.Serve(context) : next(context));
        application.Use(next => context => Outage.Guard(context, next, application.Logger));
        application.UseRouting();
        application.Map("/avatar/{**target}", (RequestDelegate)avatars.Serve).WithDisplayName("avatars");
        application.Map("/p/{**target}", (RequestDelegate)versions.Serve).WithDisplayName("versioned pictures");
        application.Map("/avatar.php", (RequestDelegate)avatars.ServeOld).WithDisplayName("avatars by query");
        application.Map("/static/defaults/{**file}", (RequestDelegate)defaults.Serve).WithDisplayName("defaults");
    }
}
