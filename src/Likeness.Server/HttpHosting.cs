using Likeness.Accounts;
using Likeness.Files;
using Likeness.Http.Api;
using Likeness.Http.Avatars;
using Likeness.Http.Files;
using Likeness.Http.Health;
using Likeness.Http.Webhooks;
using Likeness.Http.WellKnown;
using Likeness.Server.Options;
using Likeness.Xmpp.Server.Connections;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Server;

/// <summary>How the web side is put into the host.</summary>
internal static class HttpHosting
{
    public static IServiceCollection AddHttp(this IServiceCollection services, LikenessOptions options) => services
        .AddRoutingCore()
        .AddAvatars(options.Avatars with { Folder = Path.Combine(options.DataDirectory, "renditions"), PublicUrl = options.PublicUrl, RenderWorkers = options.RenderWorkers, Gateway = GatewayKeys.Of(options) })
        .AddApi(options.Api with { LargestFile = options.Pictures.LargestFile })
        .AddWebhooks()
        .AddSharedFiles(options)
        .AddWebFinger(options);

    private static IServiceCollection AddSharedFiles(this IServiceCollection services, LikenessOptions options) => UploadKeys.IsOn(options)
        ? services
            .AddSingleton(options.Files with { Folder = Path.Combine(options.DataDirectory, "uploads"), Web = UploadKeys.Web(options) })
            .AddSingleton(provider => new FileSlots(InstallationSecret.Ensure(options.DataDirectory), provider.GetRequiredService<TimeProvider>()))
            .AddSingleton<SharedFiles>()
            .AddSingleton<IAccountListener>(provider => provider.GetRequiredService<SharedFiles>())
            .AddSingleton<SharedFileEndpoint>()
        : services;

    private static IServiceCollection AddWebFinger(this IServiceCollection services, LikenessOptions options) => options.WebFinger
        ? services.AddSingleton(provider => new WebFinger(
            provider.GetRequiredService<PortraitBook>(),
            provider.GetRequiredService<AddressBook>(),
            provider.GetRequiredService<DomainPolicies>(),
            options.PublicUrl,
            provider.GetRequiredService<PictureAlbum>(),
            provider.GetRequiredService<SeenTally>()))
        : services;

    public static void Map(WebApplication application, LikenessOptions options)
    {
        BelieveProxies(application, options);
        StayEncrypted(application, options);
        application.MapAvatars();
        application.MapApi();
        application.MapHealth();
        application.MapSmallFiles();
        SharedFileEndpoint.Map(application);
        application.Services.GetService<WebFinger>()?.Map(application);
        if (!options.Xmpp.IsEmpty)
        {
            var policies = application.Services.GetRequiredService<DomainPolicies>();
            application.MapXmppWebSocket();
            application.MapHostMeta(request => WebSocketOf(request, options, policies));
        }
    }

    /// <summary>A developer's web side is where it listens.</summary>
    public static void Tell(IServiceProvider services, BoundAddresses addresses)
    {
        if (services.GetService<SharedFiles>() is { Web: null } files)
        {
            files.Web = new Uri(addresses.Http is [var plain, ..] ? $"http://{plain}/" : $"https://{addresses.Https[0]}/");
        }
    }

    /// <summary>Where browsers reach the WebSocket for chats: below the public URL, else at a host of ours that this request came to by https on the usual port. A request's own word is no address.</summary>
    private static Uri? WebSocketOf(HttpRequest request, LikenessOptions options, DomainPolicies policies)
    {
        if (!policies.ForHost(request.Host.Value).Chats)
        {
            return null;
        }

        if (options.PublicUrl is { } url)
        {
            return url.Scheme == Uri.UriSchemeHttps ? new Uri($"wss://{url.Authority}{url.AbsolutePath.TrimEnd('/')}{WebSocketEndpoint.Path}") : null;
        }

        var host = policies.OfChats.SelectMany(DomainPolicies.HostsOf).FirstOrDefault(host => host.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase));
        return host is not null && request.IsHttps ? new Uri($"wss://{host}{WebSocketEndpoint.Path}") : null;
    }

    /// <summary>HSTS (RFC 6797): browsers that were here by https come back by https. Only with a certificate of the operator's; behind a proxy it is the proxy's to say.</summary>
    private static void StayEncrypted(WebApplication application, LikenessOptions options)
    {
        const string Year = "max-age=31536000";
        if (options.Https.IsEmpty || options.Certificates.IsEmpty)
        {
            return;
        }

        application.Use(next => context =>
        {
            if (context.Request.IsHttps)
            {
                context.Response.Headers.StrictTransportSecurity = Year;
            }

            return next(context);
        });
    }

    private static void BelieveProxies(WebApplication application, LikenessOptions options)
    {
        if (options.TrustedProxies.IsEmpty)
        {
            return;
        }

        var forwarded = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.All, ForwardLimit = null };
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var proxy in options.TrustedProxies)
        {
            forwarded.KnownIPNetworks.Add(proxy);
        }

        application.UseForwardedHeaders(forwarded);
    }
}
