using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Likeness.Http.Api;
using Likeness.Http.Tests.Hosting;
using Likeness.Imaging;
using Likeness.Libravatar;
using Likeness.Storage;
using Likeness.Stores;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Http.Tests.Api;

/// <summary>A real Kestrel with the REST interface over a real database; pictures are rendered by echo.</summary>
internal sealed class ApiServer : IAsyncDisposable
{
    public const string Juliet = "juliet@example.org";
    private readonly DirectoryInfo _directory;
    private readonly WebApplication _app;

    private ApiServer(DirectoryInfo directory, IStores stores, WebApplication app, EchoRenderer renderer)
    {
        (_directory, Stores, _app, Renderer) = (directory, stores, app, renderer);
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()), Timeout = TimeSpan.FromSeconds(30) };
    }

    public IStores Stores { get; }

    public EchoRenderer Renderer { get; }

    public SettableTime Time => (SettableTime)_app.Services.GetRequiredService<TimeProvider>();

    public PortraitBook Book => _app.Services.GetRequiredService<PortraitBook>();

    public AddressBook Addresses => _app.Services.GetRequiredService<AddressBook>();

    public HttpClient Client { get; }

    public static async Task<ApiServer> Start(ApiOptions? options = null, Action<IServiceCollection>? add = null, Action<WebApplication>? map = null)
    {
        var directory = Directory.CreateTempSubdirectory("likeness-api-");
        var time = new SettableTime();
        var stores = await Database.Open(new StorageOptions { DataDirectory = directory.FullName }, time);
        var renderer = new EchoRenderer();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddLogging().AddRoutingCore();
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddSingleton(stores).AddSingleton(stores.Portraits).AddSingleton(stores.Accounts).AddSingleton(stores.ApiTokens).AddSingleton(stores.Webhooks).AddSingleton(stores.Audit);
        builder.Services.AddSingleton<IImageRenderer>(renderer).AddSingleton(new ImageGate(ImageLimits.Default));
        builder.Services.AddSingleton(new DomainPolicies([new DomainPolicy { Domain = "example.org" }, new DomainPolicy { Domain = "example.net" }]));
        builder.Services.AddSingleton<PortraitBook>().AddSingleton<AddressBook>().AddSingleton<IPortraitMaker, PortraitUpload>().AddSingleton<PortraitActs>();
        builder.Services.AddSingleton(provider => new PortraitLinks(null, provider.GetRequiredService<DomainPolicies>()));
        builder.Services.AddAvatars().AddApi(options);
        add?.Invoke(builder.Services);
        var app = builder.Build();
        app.MapAvatars();
        app.MapApi();
        map?.Invoke(app);
        app.Services.SubscribeListeners();
        await app.StartAsync();
        return new ApiServer(directory, stores, app, renderer);
    }

    /// <summary>A token nobody knew before; with its header set on every request of the answer.</summary>
    public async Task<string> Token(string name = "all", bool readOnly = false, DateTimeOffset? expires = null, params string[] domains)
    {
        var text = TokenText.Create();
        await Stores.ApiTokens.Add(new ApiToken(name, domains, readOnly, Time.GetUtcNow(), expires), TokenText.HashOf(text));
        return text;
    }

    public async Task<Reply> Send(HttpMethod method, string path, string? token, HttpContent? body = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await Client.SendAsync(request);
        return new Reply(
            (int)response.StatusCode,
            response.Content.Headers.ContentType?.MediaType,
            response.Headers.ETag?.Tag,
            response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase),
            await response.Content.ReadAsByteArrayAsync());
    }

    public Task<Reply> Get(string path, string? token, params (string Name, string Value)[] headers) => Send(HttpMethod.Get, path, token, null, headers);

    public Task<Reply> Put(string address, string token, byte[] picture, params (string Name, string Value)[] headers) =>
        Send(HttpMethod.Put, $"/api/v1/portraits/{Uri.EscapeDataString(address)}", token, Bytes(picture), headers);

    public Task<Reply> Post(string path, string token, string json) => Send(HttpMethod.Post, path, token, Json(json));

    public Task AddAddress(string person, string address) => Addresses.Add(new Identity(person), Address.Parse(address)).AsTask();

    public static ByteArrayContent Bytes(byte[] content, string mediaType = "image/png")
    {
        var body = new ByteArrayContent(content);
        body.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        return body;
    }

    public static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        await Stores.DisposeAsync();
        _directory.Delete(recursive: true);
    }
}

/// <summary>One answer.</summary>
internal sealed record Reply(int Status, string? MediaType, string? Tag, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>The sentence of a problem, which must be one line without a path.</summary>
    public string Problem()
    {
        MediaType.ShouldBe("application/problem+json");
        Json.GetProperty("status").GetInt32().ShouldBe(Status);
        var detail = Json.GetProperty("detail").GetString()!;
        detail.ShouldNotContain("\n");
        detail.ShouldNotContain("likeness-api-");
        return detail;
    }
}
