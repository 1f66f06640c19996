using Likeness.Http.Gateway;
using Likeness.Http.Gravatar;
using Likeness.Http.Renditions;
using Likeness.Http.Versions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Likeness.Http;

/// <summary>Composition of the avatar surface.</summary>
public static class AvatarServices
{
    /// <summary>Needs <see cref="PortraitBook"/>, <see cref="AddressBook"/>, <see cref="DomainPolicies"/>, <see cref="Imaging.ImageGate"/> and <see cref="Imaging.IImageRenderer"/> beside it.</summary>
    public static IServiceCollection AddAvatars(this IServiceCollection services, AvatarOptions? options = null)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options ?? new AvatarOptions());
        services.AddSingleton<HttpClock>();
        services.AddSingleton<PortraitVersions>();
        services.AddSingleton<IPortraitListener>(provider => provider.GetRequiredService<PortraitVersions>());
        services.AddSingleton<IAddressListener>(provider => provider.GetRequiredService<PortraitVersions>());
        services.AddSingleton<RenditionFolder>();
        services.AddSingleton<RenditionCache>();
        services.AddSingleton(provider => new PortraitLinks(
            provider.GetRequiredService<AvatarOptions>().PublicUrl, provider.GetRequiredService<DomainPolicies>()));
        services.AddSingleton<RenderQueue>();
        services.AddSingleton<RenderAllowance>();
        services.AddSingleton<AvatarPainter>();
        services.AddSingleton<AvatarSites>();
        services.AddSingleton<SiteImages>();
        services.AddSingleton<PublicPortraits>();
        services.AddSingleton<DefaultAvatars>();
        services.AddSingleton(provider => provider.GetRequiredService<AvatarOptions>().Gravatar);
        services.AddSingleton<GravatarProxy>();
        services.AddSingleton<GravatarRedirect>();
        services.AddSingleton<GravatarFallback>();
        services.AddSingleton(provider => provider.GetRequiredService<AvatarOptions>().Gateway);
        services.AddSingleton<GatewayFallback>();
        services.AddSingleton<PreparedAnswers>();
        services.AddSingleton<AvatarEndpoint>();
        services.AddSingleton<AvatarMetrics>();
        services.AddSingleton<AvatarRoute>();
        services.AddSingleton<VersionEndpoint>();
        services.AddSingleton<StaticDefaults>();
        services.AddSingleton<IPortraitListener, RenditionCleaner>();
        return services;
    }

    /// <summary>Serves <c>/avatar</c> and everything under it (L-20), pictures by their version under <c>/p</c>, and defaults under <c>/static/defaults</c> (L-132), for every method (L-54, L-55).</summary>
    public static void MapAvatars(this IEndpointRouteBuilder endpoints)
    {
        var route = endpoints.ServiceProvider.GetRequiredService<AvatarRoute>();
        var versions = endpoints.ServiceProvider.GetRequiredService<VersionEndpoint>();
        var defaults = endpoints.ServiceProvider.GetRequiredService<StaticDefaults>();
        endpoints.Map("/avatar/{**target}", (RequestDelegate)route.Serve).WithDisplayName("avatars");
        endpoints.Map("/p/{**target}", (RequestDelegate)versions.Serve).WithDisplayName("versioned pictures");
        endpoints.Map("/static/defaults/{**file}", (RequestDelegate)defaults.Serve).WithDisplayName("defaults");
    }
}
