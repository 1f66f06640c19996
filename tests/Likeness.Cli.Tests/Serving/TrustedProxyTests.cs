using System.Net;

namespace Likeness.Cli.Tests.Serving;

[Trait("Requirement", "L-5B")]
[Trait("Category", "Slow")]
public sealed class TrustedProxyTests : IDisposable
{
    private readonly TemporaryDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Behind_a_trusted_proxy_every_visitor_has_a_share_of_their_own()
    {
        await using var server = await Start([new IPNetwork(IPAddress.Loopback, 32)]);

        (await Ask(server, "203.0.113.7", "retro")).ShouldBe(HttpStatusCode.OK);
        (await Ask(server, "203.0.113.7", "pagan")).ShouldBe(HttpStatusCode.TooManyRequests);
        (await Ask(server, "203.0.113.8", "wavatar")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_a_stranger_says_about_forwarding_is_not_believed()
    {
        await using var server = await Start([]);

        (await Ask(server, "203.0.113.7", "retro")).ShouldBe(HttpStatusCode.OK);
        (await Ask(server, "203.0.113.7", "pagan")).ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<HttpStatusCode> Ask(RunningServer server, string visitor, string face)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{server.Host.Addresses.Http[0]}/avatar/0123456789abcdef0123456789abcdef?d={face}");
        request.Headers.Add("X-Forwarded-For", visitor);
        using var response = await server.Web.SendAsync(request);
        return response.StatusCode;
    }

    private Task<RunningServer> Start(IPNetwork[] proxies) =>
        RunningServer.Start(_data.Path, options => options with { TrustedProxies = [.. proxies], Avatars = options.Avatars with { RendersPerMinute = 1 } });
}
