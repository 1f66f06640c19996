using System.Net;
using System.Text.Json;

namespace Likeness.Cli.Tests.Serving;

public sealed class HealthTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _data = new();
    private RunningServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await RunningServer.Start(_data.Path);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public async Task A_running_server_says_that_everything_works_and_no_path()
    {
        var text = await _server.Web.GetStringAsync(Url);

        text.ShouldStartWith("works\n");
        foreach (var check in new[] { "database: can be written", "renderer: renders", "GB free", "days left", "1 http, 1 https, 1 xmpp", "background: runs" })
        {
            text.ShouldContain(check);
        }

        text.ShouldNotContain(_data.Path);
        (await LikenessProgram.Run("status", "--data", _data.Path)).Output.ShouldContain("ok    database: can be written");
        (await LikenessProgram.Run("status", "--json", "--data", _data.Path)).Output.ShouldContain("""{"name":"database","works":"yes","text":"can be written""");
    }

    [Fact]
    public async Task Programs_read_JSON()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Url) { Headers = { { "Accept", "application/json" } } };
        using var response = await _server.Web.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var health = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        health.GetProperty("works").GetBoolean().ShouldBeTrue();
        health.GetProperty("checks").GetArrayLength().ShouldBe(6);
    }

    [Fact]
    public async Task Without_a_server_there_is_no_status()
    {
        using var empty = new TemporaryDirectory();

        var ran = await LikenessProgram.Run("status", "--data", empty.Path);

        ran.Code.ShouldBe(ExitCode.Failed);
        ran.ErrorLines.ShouldHaveSingleItem().ShouldContain("No server runs");
    }

    private Uri Url => new($"http://{_server.Host.Addresses.Http[0]}/health");
}
