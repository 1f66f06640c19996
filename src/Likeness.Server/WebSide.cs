using Likeness.Http;
using Likeness.Http.Api;
using Likeness.Http.Webhooks;
using Likeness.Server.Options;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Server;

/// <summary>How the web side is put into the host.</summary>
internal static class WebSide
{
    public static IServiceCollection AddWebSide(this IServiceCollection services, LikenessOptions options) => services
        .AddRoutingCore()
        .AddAvatars(options.Avatars with { Folder = Path.Combine(options.DataDirectory, "renditions"), PublicUrl = options.PublicUrl })
        .AddApi(options.Api with { LargestFile = options.Pictures.LargestFile })
        .AddWebhooks();

    public static void Map(WebApplication application)
    {
        application.MapApi();
        application.MapAvatars();
    }
}
