using Likeness.Accounts;
using Likeness.Http.Uploads;
using Likeness.Imaging;
using Likeness.Imaging.Workers;
using Likeness.Server.Blocks;
using Likeness.Server.Options;
using Likeness.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Likeness.Server;

/// <summary>What all surfaces share: policies, the portrait book and the renderer.</summary>
internal static partial class PortraitHosting
{
    // Beside what comes by the render queue, which hands over no more than there are workers: a look at health, the operator's own images.
    private const int MaxWaiting = 64;

    /// <summary>Each store by itself, for those who need only one.</summary>
    public static IServiceCollection AddStores(this IServiceCollection services) => services
        .AddSingleton(provider => provider.GetRequiredService<IStores>().Portraits)
        .AddSingleton(provider => provider.GetRequiredService<IStores>().Accounts)
        .AddSingleton(provider => provider.GetRequiredService<IStores>().Albums)
        .AddSingleton(provider => provider.GetRequiredService<IStores>().Rosters)
        .AddSingleton(provider => provider.GetRequiredService<IStores>().Documents)
        .AddSingleton(provider => provider.GetRequiredService<IStores>().Offline)
        .AddSingleton(provider => provider.GetRequiredService<IStores>().Nodes)
        .AddSingleton(provider => provider.GetRequiredService<IStores>().Blocks)
        .AddSingleton(provider => provider.GetRequiredService<IStores>().Audit)
        .AddSingleton(provider => provider.GetRequiredService<IStores>().Mails)
        .AddSingleton(provider => provider.GetRequiredService<IStores>().Reports)
        .AddSingleton(provider => provider.GetRequiredService<IStores>().Roles)
        .AddSingleton(provider => provider.GetRequiredService<IStores>().Passkeys)
        .AddSingleton(provider => provider.GetRequiredService<IStores>().WebSteps)
        .AddSingleton(provider => provider.GetRequiredService<IStores>().ProviderIdentities)
        .AddSingleton(provider => provider.GetRequiredService<IStores>().SecondFactors)
        .AddSingleton(provider => provider.GetRequiredService<IStores>().AddressProofs)
        .AddSingleton(provider => provider.GetRequiredService<IStores>().Bulk)
        .AddSingleton(provider => provider.GetRequiredService<IStores>().ApiTokens)
        .AddSingleton(provider => provider.GetRequiredService<IStores>().Webhooks);

    public static IServiceCollection AddPortraits(this IServiceCollection services, LikenessOptions options, HostSurroundings surroundings) => services
        .AddSingleton(options.DomainPolicies())
        .AddSingleton(new ImageGate(options.Pictures))
        .AddSingleton<IImageRenderer>(provider => new WorkerPool(
            new WorkerPoolOptions
            {
                Command = surroundings.RenderWorker,
                MaxWorkers = options.RenderWorkers,
                Libvips = options.Libvips,
                MaxWaiting = MaxWaiting,
                Limits = options.Pictures,
                OnUnconfined = what => Log.NotConfined(provider.GetRequiredService<ILogger<WorkerPool>>(), what),
            },
            surroundings.Time))
        .AddSingleton<PictureGuard>()
        .AddSingleton<IPictureGuard>(provider => provider.GetRequiredService<PictureGuard>())
        .AddSingleton<AddressBook>()
        .AddSingleton<VisibilityDefaults>()
        .AddSingleton(new PasswordRule(options.MinPasswordCharacters))
        .AddSingleton<LoginLimits>()
        .AddSingleton<AccountBook>()
        .AddSingleton<WebSessions>()
        .AddSingleton(provider => new SecondFactors(provider.GetRequiredService<IStores>().SecondFactors, InstallationSecret.Ensure(options.DataDirectory), surroundings.Time))
        .AddSingleton<RoleBook>()
        .AddSingleton(provider => new LoginTokens(provider.GetRequiredService<IStores>(), InstallationSecret.Ensure(options.DataDirectory), surroundings.Time))
        .AddSingleton<IPortraitMaker, PortraitUpload>()
        .AddSingleton<PortraitActs>()
        .AddSingleton<PictureAlbum>()
        .AddSingleton<ProfileBook>()
        .AddSingleton(provider => new PortraitBook(
            provider.GetRequiredService<IStores>().Portraits,
            provider.GetRequiredService<DomainPolicies>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<PortraitBook>>(),
            provider.GetRequiredService<IPictureGuard>(),
            provider.GetRequiredService<AddressBook>(),
            provider.GetRequiredService<VisibilityDefaults>()));

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Pictures of strangers are decoded by processes that this system does not confine wholly: {What}.")]
        public static partial void NotConfined(ILogger logger, string what);
    }
}
