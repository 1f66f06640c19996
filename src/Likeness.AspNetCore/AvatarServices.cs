using Likeness.AspNetCore.Links;
using Likeness.AspNetCore.Proxy;
using Likeness.Libravatar;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Likeness.AspNetCore;

/// <summary>Registers what a site needs to show avatars.</summary>
public static class AvatarServices
{
    /// <summary>Adds <see cref="AvatarClient"/>, <see cref="AvatarLinks"/> and what <see cref="AvatarEndpoints.MapAvatars"/> needs; unusable options are refused when the application starts.</summary>
    public static IServiceCollection AddAvatars(this IServiceCollection services, Action<AvatarSiteOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<AvatarSiteOptions>()
            .Configure(options => configure?.Invoke(options))
            .Validate(options => options.Keys.All(key => key.Length >= AvatarSiteOptions.ShortestKey), $"Each of AvatarSiteOptions.Keys needs at least {AvatarSiteOptions.ShortestKey} characters.")
            .Validate(options => options.Timeout > TimeSpan.Zero, "AvatarSiteOptions.Timeout must be more than zero.")
            .ValidateOnStart();
        services.TryAddSingleton(static provider => new AvatarClient(Options(provider).Client, provider.GetService<TimeProvider>()));
        services.TryAddSingleton(static provider => new AvatarSeal(Keys(provider)));
        services.TryAddSingleton(static provider => new AvatarLinks(
            Options(provider),
            provider.GetRequiredService<AvatarClient>(),
            provider.GetRequiredService<LinkGenerator>(),
            new Lazy<AvatarSeal>(provider.GetRequiredService<AvatarSeal>)));
        services.TryAddSingleton<AvatarProxy>();
        services.AddHostedService<RememberedServers>();
        return services;
    }

    private static IEnumerable<string> Keys(IServiceProvider provider)
    {
        var options = Options(provider);
        return options.Keys.Count > 0
            ? options.Keys
            : [GeneratedKey.In(options.KeyFile ?? GeneratedKey.UsualFile(provider.GetRequiredService<IHostEnvironment>().ApplicationName))];
    }

    private static AvatarSiteOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<AvatarSiteOptions>>().Value;
}
