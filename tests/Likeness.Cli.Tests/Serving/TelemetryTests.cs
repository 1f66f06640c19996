using System.Net;
using System.Runtime.CompilerServices;
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

    [Fact]
    public async Task Prometheus_reads_the_names_of_the_document_and_nobody_else_can()
    {
        using var data = new TemporaryDirectory();
        await using var server = await RunningServer.Start(data.Path, options => options with { Metrics = [new IPEndPoint(IPAddress.Loopback, 0)] });
        await LikenessProgram.Run("avatar", "set", "juliet@example.org", data.Write("face.png", TestPicture.Png()), "--data", data.Path);
        await server.Web.GetAsync(server.Avatar("juliet@example.org", ""));
        var metrics = server.Host.Addresses.Metrics.ShouldHaveSingleItem();

        using var response = await server.Web.GetAsync(new Uri($"http://{metrics}/metrics"));

        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
        var text = await response.Content.ReadAsStringAsync();
        // How many there are also depends on the tests beside this one.
        text.ShouldContain("""likeness_avatar_requests_total{hash="sha256",outcome="portrait"} """);
        text.ShouldContain("""likeness_portrait_changes_total{origin="command"} """);
        text.ShouldContain("likeness_chat_sessions{} ");
        text.ShouldContain("""likeness_render_duration_seconds_bucket{job="photo",outcome="done",le="0.25"}""");
        var documented = DocumentedNames().ToList();
        documented.Count.ShouldBeGreaterThan(4);
        documented.Where(name => !text.Contains($"\n# TYPE {name} ", StringComparison.Ordinal) && name != "likeness_webhook_deliveries_total").ShouldBeEmpty();
        text.ShouldNotContain("juliet");
        text.ShouldNotContain(data.Path);

        (await server.Web.GetAsync(new Uri($"http://{metrics}/avatar/{AddressHash.Sha256("juliet@example.org")}"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await server.Web.GetAsync(new Uri($"http://{server.Host.Addresses.Http[0]}/metrics"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Measurements_are_read_nowhere_unless_a_listener_is_named()
    {
        using var data = new TemporaryDirectory();
        await using var server = await RunningServer.Start(data.Path);

        server.Host.Addresses.Metrics.ShouldBeEmpty();
        (await server.Web.GetAsync(new Uri($"http://{server.Host.Addresses.Http[0]}/metrics"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("*:9464", true)]
    [InlineData("0.0.0.0:9464", true)]
    [InlineData("198.51.100.7:9464", false)]
    [InlineData("8.8.8.8:9464", true)]
    [InlineData("127.0.0.1:9464", false)]
    [InlineData("192.168.1.2:9464", false)]
    public async Task A_listener_for_everybody_is_warned_of(string endpoint, bool isWarned)
    {
        using var data = new TemporaryDirectory();

        var ran = await LikenessProgram.Run("config", "check", "--data", data.Path, "--metrics", endpoint);

        ran.Code.ShouldBe(ExitCode.Done);
        ran.Error.Contains("firewall", StringComparison.Ordinal).ShouldBe(isWarned);
    }

    /// <summary>The second column of the document's table.</summary>
    private static IEnumerable<string> DocumentedNames([CallerFilePath] string thisFile = "") =>
        from line in File.ReadLines(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "..", "docs", "monitoring.md"))
        where line.StartsWith("| `likeness.", StringComparison.Ordinal)
        select line.Split('`')[3];

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
