using Likeness.AspNetCore.Links;
using Likeness.AspNetCore.Proxy;
using Likeness.Libravatar;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Likeness.AspNetCore;

/// <summary>Registers what a site needs to show avatars.</summary>
public static class AvatarServices
{
    /// <summary>Adds <see cref="IAvatarClient"/>, <see cref="AvatarLinks"/> and what <see cref="AvatarEndpoints.MapAvatars"/> needs; unusable options are refused when the application starts.</summary>
    public static IServiceCollection AddAvatars(this IServiceCollection services, Action<AvatarSiteOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<AvatarSiteOptions>()
            .Configure(options => configure?.Invoke(options))
            .Validate(options => options.Keys.All(key => key.Length >= AvatarSiteOptions.MinKeyLength), $"Each of AvatarSiteOptions.Keys needs at least {AvatarSiteOptions.MinKeyLength} characters.")
            .Validate(options => options.Timeout > TimeSpan.Zero, "AvatarSiteOptions.Timeout must be more than zero.")
            .ValidateOnStart();
        services.AddAvatarClient();
        services.AddOptions<AvatarClientOptions>().ValidateOnStart();
        services.Replace(ServiceDescriptor.Transient<IOptionsFactory<AvatarClientOptions>, SiteClientOptions>());
        services.TryAddSingleton(static provider => new AvatarSeal(Keys(provider)));
        services.TryAddSingleton(static provider => new AvatarLinks(
            Options(provider),
            provider.GetRequiredService<IAvatarClient>(),
            provider.GetRequiredService<LinkGenerator>(),
            new Lazy<AvatarSeal>(provider.GetRequiredService<AvatarSeal>)));
        services.TryAddSingleton<AvatarProxy>();
        services.AddHostedService<RememberedServers>();
        return services;
    }

    /// <summary>As <see cref="AddAvatars(IServiceCollection, Action{AvatarSiteOptions})"/>, with options from a section such as <c>Avatars</c>. A key that is no option, or a value that cannot be read, ends the start with an <see cref="InvalidOperationException"/> that names it: a misspelled wish for privacy must not be lost.</summary>
    public static IServiceCollection AddAvatars(this IServiceCollection services, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return services.AddAvatars(options =>
        {
            options.Client.ReadFrom(section.GetSection(nameof(AvatarSiteOptions.Client)));
            section.Bind(options, static binder => binder.ErrorOnUnknownConfiguration = true);
            foreach (var setting in section.GetChildren())
            {
                var (isGroup, isList) = (setting.Key.ToUpperInvariant() is "CLIENT" or "KEYS", setting.Key.ToUpperInvariant() is "KEYS");
                if ((isGroup ? !string.IsNullOrEmpty(setting.Value) : setting.GetChildren().Any()) || (isList && setting.GetChildren().Any(key => key.GetChildren().Any())))
                {
                    throw new InvalidOperationException($"'{setting.Path}' cannot be read: {(isGroup ? "it has keys below it and is no value" : "it is a value and has no keys below it")}.");
                }
            }
        });
    }

    private static IEnumerable<string> Keys(IServiceProvider provider)
    {
        var options = Options(provider);
        return options.Keys.Count > 0
            ? options.Keys
            : [GeneratedKey.In(options.KeyFile ?? GeneratedKey.UsualFile(provider.GetRequiredService<IHostEnvironment>().ApplicationName))];
    }

    private static AvatarSiteOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<AvatarSiteOptions>>().Value;

    /// <summary>The client's options begin as the site has them, so that it does not matter which of the two is configured, nor in which order.</summary>
    private sealed class SiteClientOptions(
        IOptions<AvatarSiteOptions> site,
        IEnumerable<IConfigureOptions<AvatarClientOptions>> setups,
        IEnumerable<IPostConfigureOptions<AvatarClientOptions>> postSetups,
        IEnumerable<IValidateOptions<AvatarClientOptions>> validations) : OptionsFactory<AvatarClientOptions>(setups, postSetups, validations)
    {
        protected override AvatarClientOptions CreateInstance(string name) => site.Value.Client with { };
    }
}
