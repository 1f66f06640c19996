using Likeness.Http.Renditions;
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
        services.AddSingleton<RenderQueue>();
        services.AddSingleton<RenderAllowance>();
        services.AddSingleton<AvatarPainter>();
        services.AddSingleton<AvatarSites>();
        services.AddSingleton<SiteImages>();
        services.AddSingleton<PublicPortraits>();
        services.AddSingleton<DefaultAvatars>();
        services.AddSingleton<PreparedAnswers>();
        services.AddSingleton<AvatarEndpoint>();
        services.AddSingleton<AvatarMetrics>();
        services.AddSingleton<AvatarRoute>();
        services.AddSingleton<IPortraitListener, RenditionCleaner>();
        return services;
    }

    /// <summary>Serves <c>/avatar</c> and everything under it, for every method (L-20, L-54, L-55).</summary>
    public static IEndpointConventionBuilder MapAvatars(this IEndpointRouteBuilder endpoints)
    {
        var route = endpoints.ServiceProvider.GetRequiredService<AvatarRoute>();
        return endpoints.Map("/avatar/{**target}", (RequestDelegate)route.Serve).WithDisplayName("avatars");
    }
}
