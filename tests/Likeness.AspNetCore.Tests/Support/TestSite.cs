using System.Net;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Likeness.Libravatar;
using Likeness.Libravatar.Discovery;
using Likeness.Libravatar.Tests.Fetching;
using Likeness.Libravatar.Tests.Resolving;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Likeness.AspNetCore.Tests.Support;

/// <summary>A web site on loopback whose only page holds one avatar.</summary>
internal sealed class TestSite : IAsyncDisposable
{
    public const string Key = "a key that is long enough for a site";

    private readonly WebApplication _application;
    private AvatarMarkup _markup = new("anne@club.example");

    private TestSite(WebApplication application)
    {
        _application = application;
        Client = new HttpClient(new SocketsHttpHandler { UseCookies = false });
    }

    public HttpClient Client { get; }

    public IServiceProvider Services => _application.Services;

    public AvatarLinks Links => _application.Services.GetRequiredService<AvatarLinks>();

    /// <summary>The site's avatars come from this server on loopback, whatever the domain.</summary>
    public static Task<TestSite> Start(StandInServer avatars, Action<AvatarSiteOptions>? change = null, TimeProvider? time = null) =>
        Start(avatars.Port, change, time);

    public static async Task<TestSite> Start(int avatarsPort, Action<AvatarSiteOptions>? change = null, TimeProvider? time = null, string pathBase = "")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddRouting();
        if (time is not null)
        {
            builder.Services.AddSingleton(time);
        }

        builder.Services.AddAvatars(options =>
        {
            options.Keys.Add(Key);
            options.Client = ToLoopback(avatarsPort);
            options.Timeout = TimeSpan.FromMinutes(1);
            change?.Invoke(options);
        });
        var site = new TestSite(builder.Build());
        site._application.UsePathBase(pathBase);
        site._application.UseRouting();
        site._application.MapGet("/", context => context.Response.WriteAsync(site._markup.Render(context)));
        site._application.MapAvatars("/avatars");
        await site._application.StartAsync();
        site.Client.BaseAddress = new Uri(site._application.Urls.Single() + pathBase + "/");
        return site;
    }

    public static AvatarClientOptions ToLoopback(int port, StandInResolver? resolver = null)
    {
        var usual = new AvatarClientOptions();
        return usual with
        {
            Scheme = SchemePolicy.Http,
            FallbackServers = [new Uri($"http://avatars.example:{port}")],
            Fetch = usual.Fetch with { MayConnect = IPAddress.IsLoopback, Resolve = (_, _) => ValueTask.FromResult<IPAddress[]>([IPAddress.Loopback]) },
            Discovery = resolver is null ? usual.Discovery : new DiscoveryOptions { Resolver = new() { Servers = [resolver.EndPoint.ToString()] }, AskedSpecialDomains = ["example"], Timeout = TimeSpan.FromMinutes(1) },
        };
    }

    /// <summary>The page's image as a browser reads it.</summary>
    public async Task<IHtmlImageElement> Image(AvatarMarkup markup) =>
        (await Page(markup)).QuerySelector("img").ShouldBeAssignableTo<IHtmlImageElement>()!;

    /// <summary>The page as a browser reads it.</summary>
    public async Task<IHtmlDocument> Page(AvatarMarkup markup)
    {
        _markup = markup;
        return new HtmlParser().ParseDocument(await Client.GetStringAsync(""));
    }

    /// <summary>The URL of somebody's avatar.</summary>
    public async Task<string> Source(string? address, int size = 48) => (await Image(new AvatarMarkup(address, size))).GetAttribute("src")!;

    public async Task<HttpResponseMessage> Picture(string address, int size = 48) => await Client.GetAsync(await Source(address, size));

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _application.DisposeAsync();
    }
}
