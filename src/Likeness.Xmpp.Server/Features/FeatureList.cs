using Likeness.Accounts;
using Likeness.Stores;
using Likeness.Xmpp.Server.Archive;
using Likeness.Xmpp.Server.Avatars;
using Likeness.Xmpp.Server.Features.Avatars;
using Likeness.Xmpp.Server.Features.Import;
using Likeness.Xmpp.Server.Features.PubSub;
using Likeness.Xmpp.Server.Routing;
using Likeness.Xmpp.Server.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Xmpp.Server.Features;

/// <summary>Every XEP this server serves: one line each.</summary>
internal static class FeatureList
{
    public static IServiceCollection AddFeatures(this IServiceCollection services) => services
        .Add<Rfc3921Session>()
        .Add<Rfc6121Roster>()
        .Add<Xep0012LastActivity>()
        .Add<Xep0030Discovery>()
        .Add<Xep0049PrivateStorage>()
        .Add<Xep0050AdHocCommands>()
        .Add<Xep0054VCards>()
        .Add<Xep0060PubSub>()
        .Add<Xep0077Registration>()
        .Add<Xep0092Version>()
        .Add<Xep0115EntityCapabilities>()
        .Add<Xep0157ServerContact>()
        .Add<Xep0160OfflineMessages>()
        .Add<Xep0163Pep>()
        .Add<Xep0191Blocking>()
        .Add<Xep0198StreamManagement>()
        .Add<Xep0199Ping>()
        .Add<Xep0202EntityTime>()
        .Add<Xep0215ExternalServices>()
        .Add<Xep0280Carbons>()
        .Add<Xep0292VCard4>()
        .Add<Xep0313MessageArchive>()
        .Add<Xep0352ClientState>()
        .Add<Xep0357PushNotifications>()
        .Add<Xep0363HttpUpload>()
        .Add<Xep0377Reporting>()
        .Add<Xep0398AvatarConversion>()
        .Add<Xep0401Invitations>()
        .Add<Xep0402Bookmarks>()
        .Add<Xep0424Retraction>()
        .Add<Xep0441ArchivePreferences>()
        .Add<Xep0445PreAuthenticatedRegistration>()
        .AddSingleton<IAdHocCommands>(provider => provider.GetRequiredService<Xep0401Invitations>())
        .AddSingleton<IAccountListener>(provider => provider.GetRequiredService<Xep0401Invitations>())
        .AddSingleton(provider => new MessagesOfTheDay(
            provider.GetRequiredService<IStores>(), provider.GetRequiredService<AccountDirectory>(), provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<IFeature>(provider => provider.GetRequiredService<MessagesOfTheDay>())
        .AddSingleton(provider => new AccountImport(
            provider.GetRequiredService<AccountDirectory>(),
            provider.GetRequiredService<FeatureRegistry>(),
            provider.GetRequiredService<RosterChanges>(),
            provider.GetRequiredService<AccountNodes>(),
            provider.GetRequiredService<Archives>(),
            provider.GetRequiredService<IStores>(),
            provider.GetRequiredService<XmppServerOptions>(),
            provider.GetRequiredService<TimeProvider>()))
        .AddAvatars();

    /// <summary>The parts behind the avatar features.</summary>
    private static IServiceCollection AddAvatars(this IServiceCollection services) => services
        .AddSingleton<AvatarService>()
        .AddSingleton<Subscribers>()
        .AddSingleton<RemoteListeners>()
        .AddSingleton<PepEvents>()
        .AddSingleton<AccountNodes>()
        .AddSingleton<NodeSubscribing>()
        .AddSingleton<LastItems>()
        .AddSingleton<AvatarWriter>()
        .AddSingleton<Xep0084AvatarNodes>()
        .AddSingleton<VCardAnswers>()
        .AddSingleton<AvatarEvents>()
        .AddSingleton<PresenceResend>()
        .AddSingleton<IPortraitListener, PortraitViews>();

    private static IServiceCollection Add<TFeature>(this IServiceCollection services)
        where TFeature : class, IFeature =>
        services.AddSingleton<TFeature>().AddSingleton<IFeature>(provider => provider.GetRequiredService<TFeature>());
}
