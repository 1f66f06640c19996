using System.Net;
using System.Text;
using System.Threading.Channels;
using Likeness.Libravatar;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Cli.Tests.Serving;

public sealed class TelemetryTests
{
    [Fact]
    public async Task A_collector_that_is_named_receives_what_an_administrator_wants_to_know()
    {
        var received = Channel.CreateUnbounded<(string Path, string? Type, string Body)>();
        await using var collector = await Collector(received.Writer);
        using var data = new TemporaryDirectory();
        await using (var server = await RunningServer.Start(data.Path, options => options with { Collector = new Uri(collector.Urls.Single()) }))
        {
            await LikenessProgram.Run("avatar", "set", "juliet@example.org", data.Write("face.png", TestPicture.Png()), "--data", data.Path);
            await server.Web.GetAsync(server.Avatar("juliet@example.org", ""));
            await server.Web.GetAsync(new Uri($"http://{server.Host.Addresses.Http[0]}/avatar/{AddressHash.Md5("nobody@example.org")}?d=404"));
        }

        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var (path, type, body) = await received.Reader.ReadAsync(timeout.Token);
        path.ShouldBe("/v1/metrics");
        type.ShouldBe("application/x-protobuf");
        foreach (var name in new[]
        {
            "likeness.avatar.requests", "likeness.avatar.prepared", "portrait", "none", "md5", "sha256",
            "likeness.portrait.changes", "command", "likeness.render.duration", "likeness.render.queue", "likeness.chat.sessions", "kestrel.",
        })
        {
            body.ShouldContain(name);
        }

        body.ShouldNotContain("juliet");
        body.ShouldNotContain(data.Path);
    }

    private static async Task<WebApplication> Collector(ChannelWriter<(string Path, string? Type, string Body)> received)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddLogging();
        var collector = builder.Build();
        collector.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            await received.WriteAsync((context.Request.Path, context.Request.ContentType, Encoding.Latin1.GetString(body.ToArray())));
        });
        await collector.StartAsync();
        return collector;
    }
}
