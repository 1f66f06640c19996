using System.Collections.Frozen;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Likeness.Libravatar;

/// <summary>Registers an <see cref="IAvatarClient"/>; nothing of ASP.NET Core is needed.</summary>
public static class AvatarClientServices
{
    /// <summary>The options that are groups or lists.</summary>
    private static readonly FrozenSet<string> Sections = new[]
    {
        "FallbackServers", "Discovery", "Discovery:AskedSpecialDomains", "Discovery:Resolver", "Discovery:Resolver:Servers", "Fetch", "Cache",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Adds one <see cref="IAvatarClient"/> for the program. Options that contradict themselves are an <see cref="OptionsValidationException"/> when it is first asked for.</summary>
    public static IServiceCollection AddAvatarClient(this IServiceCollection services, Action<AvatarClientOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = services.AddOptions<AvatarClientOptions>();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<AvatarClientOptions>, OptionsCheck>());
        services.TryAddSingleton(static provider => new AvatarClient(
            provider.GetRequiredService<IOptions<AvatarClientOptions>>().Value,
            provider.GetService<TimeProvider>(),
            provider.GetService<ILogger<AvatarClient>>()));
        services.TryAddSingleton<IAvatarClient>(static provider => provider.GetRequiredService<AvatarClient>());
        return services;
    }

    /// <summary>As <see cref="AddAvatarClient(IServiceCollection, Action{AvatarClientOptions})"/>, with options from a section such as <c>Avatars:Client</c>. A key that is no option, or a value that cannot be read, is an <see cref="InvalidOperationException"/>: a misspelled wish for privacy must not be lost.</summary>
    public static IServiceCollection AddAvatarClient(this IServiceCollection services, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return services.AddAvatarClient(options => options.ReadFrom(section));
    }

    /// <summary>Sets what the section says, strictly. Throws <see cref="InvalidOperationException"/> that names the key.</summary>
    public static void ReadFrom(this AvatarClientOptions options, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(section);
        CheckShape(section, "");
        section.Bind(options, static binder => binder.ErrorOnUnknownConfiguration = true);
    }

    /// <summary>The binder says nothing about a value where a section belongs, nor about a section where a value belongs.</summary>
    private static void CheckShape(IConfiguration section, string path)
    {
        foreach (var child in section.GetChildren())
        {
            var childPath = path + child.Key;
            var isSection = Sections.Contains(childPath);
            if (isSection ? !string.IsNullOrEmpty(child.Value) : child.GetChildren().Any())
            {
                throw new InvalidOperationException($"'{child.Path}' cannot be read: {(isSection ? "it has keys below it and is no value" : "it is a value and has no keys below it")}.");
            }

            CheckShape(child, childPath + ":");
        }
    }

    private sealed class OptionsCheck : IValidateOptions<AvatarClientOptions>
    {
        public ValidateOptionsResult Validate(string? name, AvatarClientOptions options) =>
            options.Problem() is { } problem ? ValidateOptionsResult.Fail(problem) : ValidateOptionsResult.Success;
    }
}
