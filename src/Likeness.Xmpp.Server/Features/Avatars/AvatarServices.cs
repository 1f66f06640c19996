using Likeness.Xmpp.Server.Features.PubSub;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Xmpp.Server.Features.Avatars;

/// <summary>The parts behind the avatar features.</summary>
internal static class AvatarServices
{
    public static IServiceCollection AddAvatars(this IServiceCollection services) => services
        .AddSingleton<PepEvents>()
        .AddSingleton<AccountNodes>()
        .AddSingleton<LastItems>()
        .AddSingleton<AvatarWriter>()
        .AddSingleton<Xep0084UserAvatar>()
        .AddSingleton<VCardAnswers>()
        .AddSingleton<AvatarEvents>()
        .AddSingleton<PresenceResend>()
        .AddSingleton<IPortraitListener, PortraitViews>();
}
