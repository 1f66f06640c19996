using System.Net;
using System.Net.Sockets;
using System.Text;
using Likeness.Http.WellKnown;
using Likeness.Imaging;
using Likeness.Libravatar;
using Likeness.Stores;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Likeness.Http.Tests.Hosting;

/// <summary>A real Kestrel that serves avatars.</summary>
internal sealed class AvatarServer : IAsyncDisposable
{
    public const string Juliet = "juliet@example.org";
    private readonly WebApplication _app;

    private AvatarServer(WebApplication app, MemoryPortraits store, EchoRenderer renderer)
    {
        _app = app;
        Store = store;
        Renderer = renderer;
        app.MapAvatars();
        app.MapFrontPage();
        app.MapSmallFiles();
        app.Services.SubscribeListeners();
        app.Start();
        Ports = [.. app.Urls.Select(url => new Uri(url).Port)];
    }

    public MemoryPortraits Store { get; }

    public EchoRenderer Renderer { get; }

    public PortraitBook Book => _app.Services.GetRequiredService<PortraitBook>();

    public AddressBook Addresses => _app.Services.GetRequiredService<AddressBook>();

    public PortraitVersions Versions => _app.Services.GetRequiredService<PortraitVersions>();

    public PreparedAnswers Prepared => _app.Services.GetRequiredService<PreparedAnswers>();

    public AvatarEndpoint Endpoint => _app.Services.GetRequiredService<AvatarEndpoint>();

    public SiteImages Images => _app.Services.GetRequiredService<SiteImages>();

    public AvatarSites Sites => _app.Services.GetRequiredService<AvatarSites>();

    public IReadOnlyList<int> Ports { get; }

    public static string HashOf(string address) => Address.Email(address).Md5.Text;

    public static async Task<AvatarServer> Start(
        AvatarOptions? options = null,
        DomainPolicy? policy = null,
        Action<KestrelServerOptions>? listen = null,
        IReadOnlyList<DomainPolicy>? policies = null,
        Action<IServiceCollection>? with = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        var store = new MemoryPortraits();
        var renderer = new EchoRenderer();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IPortraitStore>(store);
        builder.Services.AddSingleton<IImageRenderer>(renderer);
        builder.Services.AddSingleton(new DomainPolicies(policies ?? [policy ?? new DomainPolicy { Domain = "example.org" }]));
        builder.Services.AddSingleton(new ImageGate(ImageLimits.Default));
        builder.Services.AddSingleton<AddressBook>();
        builder.Services.AddSingleton<PortraitBook>();
        with?.Invoke(builder.Services);
        builder.Services.AddAvatars(options);
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Listen(IPAddress.Loopback, 0);
            listen?.Invoke(server);
        });
        var running = new AvatarServer(builder.Build(), store, renderer);
        await store.AddAddress(new Identity(Juliet), Juliet, Address.Email(Juliet).Hashes);
        return running;
    }

    /// <summary>Gives a person with this address a picture whose bytes are the text.</summary>
    public async Task Give(string person, string picture, string mediaType = "image/jpeg")
    {
        await Store.AddAddress(new Identity(person), person, Address.Email(person).Hashes);
        await Book.Set(
            new Identity(person),
            new NewPortrait { Picture = Picture.Of(Encoding.UTF8.GetBytes(picture), mediaType, 9, 9) }, new(Origin.Api));
    }

    public async Task<TcpClient> Connect()
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, Ports[0]);
        return client;
    }

    /// <summary>Sends one request on a connection of its own.</summary>
    public async Task<Answer> Ask(string method, string target, params string[] headers)
    {
        var host = headers.Any(header => header.StartsWith("Host:", StringComparison.Ordinal)) ? "" : "Host: localhost\r\n";
        var request = $"{method} {target} HTTP/1.1\r\n{host}{string.Concat(headers.Select(header => header + "\r\n"))}\r\n";
        return (await Send(Encoding.Latin1.GetBytes(request), isHead: method == "HEAD"))!;
    }

    public Task<Answer> Get(string target, params string[] headers) => Ask("GET", target, headers);

    /// <summary>The first answer to these bytes; null when the connection is closed without one.</summary>
    public async Task<Answer?> Send(byte[] bytes, bool isHead = false)
    {
        using var client = await Connect();
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await client.GetStream().WriteAsync(bytes, timeout.Token);
        return await Answer.Read(client.GetStream(), isHead, timeout.Token);
    }

    public Task Stop() => _app.StopAsync();

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
