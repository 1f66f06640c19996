using Likeness.Http;
using Likeness.Http.FastPath;
using Likeness.Server.Options;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Server;

/// <summary>How the web side is put into the host.</summary>
internal static class WebSide
{
    public static IServiceCollection AddWebSide(this IServiceCollection services, LikenessOptions options) => services
        .AddRoutingCore()
        .AddAvatars(new AvatarOptions { Folder = Path.Combine(options.DataDirectory, "renditions") });

    public static void Serve(ListenOptions listen) => listen.UseAvatarFastPath();

    public static void Map(WebApplication application) => application.MapAvatars();

    public static Action AddressesChanged(IServiceProvider services) =>
        services.GetRequiredService<PortraitVersions>().AddressesChanged;
}
