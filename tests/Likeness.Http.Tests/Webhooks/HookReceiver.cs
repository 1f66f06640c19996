using System.Net;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Http.Tests.Webhooks;

/// <summary>A real HTTP server that receives messages and answers as it is told.</summary>
internal sealed class HookReceiver : IAsyncDisposable
{
    private readonly Channel<Received> _received = Channel.CreateUnbounded<Received>();
    private readonly WebApplication _app;

    private HookReceiver(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single() + "/hook";

    /// <summary>What the next requests are answered; 200 when nothing is left.</summary>
    public Queue<int> Answers { get; } = new();

    /// <summary>Held open for ever instead of answered.</summary>
    public bool Silent { get; set; }

    public static async Task<HookReceiver> Start(int port = 0)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port));
        builder.Services.AddLogging();
        var app = builder.Build();
        var receiver = new HookReceiver(app);
        app.Run(receiver.Receive);
        await app.StartAsync();
        return receiver;
    }

    public async Task<Received> Next()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        return await _received.Reader.ReadAsync(timeout.Token);
    }

    public bool HasMore => _received.Reader.TryPeek(out _);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task Receive(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        await _received.Writer.WriteAsync(new Received(
            body.ToArray(), context.Request.Headers["X-Likeness-Signature"].ToString(), [.. context.Request.Headers.Select(header => header.Key)]));
        if (Silent)
        {
            var gone = new TaskCompletionSource();
            context.RequestAborted.Register(gone.SetResult);
            await gone.Task;
            return;
        }

        context.Response.StatusCode = Answers.TryDequeue(out var status) ? status : 200;
        context.Response.Headers.Location = "/elsewhere";
    }
}

internal sealed record Received(byte[] Body, string Signature, IReadOnlyList<string> Headers)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public string? Person => Json.GetProperty("person").GetString();

    public long Version => Json.GetProperty("version").GetInt64();

    public string? Picture => Json.GetProperty("picture").GetString();
}
