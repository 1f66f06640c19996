using System.Net;
using Likeness.Cli.Tests.Federation;
using Likeness.Imaging;
using Likeness.Libravatar.Discovery;
using Likeness.Libravatar.Resolving;
using Likeness.Libravatar.Tests.Fetching;
using Likeness.Libravatar.Tests.Resolving;

namespace Likeness.Cli.Tests.Serving;

/// <summary>The gateway in the whole server, with the renderer that people have.</summary>
[Trait("Requirement", "L-8D")]
public sealed class GatewayServerTests : IAsyncDisposable
{
    private readonly TemporaryDirectory _data = new();
    private readonly TestDns _dns = new();

    public async ValueTask DisposeAsync()
    {
        await _dns.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public async Task A_picture_of_another_domain_is_made_square_and_encoded_anew()
    {
        var picture = TestPicture.Png();
        await using var far = StandInServer.Answering(_ => Answers.Picture(picture));
        await using var server = await Start(far);

        using var response = await server.Web.GetAsync(server.Avatar("anne@club.net", "s=64&domain=club.net"));

        response.Headers.GetValues("X-Avatar-Source").ShouldBe(["gateway"]);
        var shown = await response.Content.ReadAsByteArrayAsync();
        ImageGate.TryIdentify(shown, out var header).ShouldBeTrue();
        (header.Width, header.Height).ShouldBe((64, 64));
        shown.ShouldNotBe(picture);
    }

    [Fact]
    public async Task What_only_begins_like_a_picture_is_not_passed_on()
    {
        await using var far = StandInServer.Answering(_ => Answers.Picture(Answers.Png));
        await using var server = await Start(far);

        using var response = await server.Web.GetAsync(server.Avatar("anne@club.net", "d=404&domain=club.net"));

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        far.Requests.Count.ShouldBe(1);
    }

    private async Task<RunningServer> Start(StandInServer far)
    {
        _dns.Add("_avatars._tcp.club.net", DnsType.Srv, DnsBytes.Srv(0, 5, far.Port, "avatars.club.net"));
        return await RunningServer.Start(_data.Path, options =>
        {
            var gateway = options.Avatars.Gateway;
            var client = gateway.Client with
            {
                Discovery = new DiscoveryOptions { Resolver = new DnsResolverOptions { Servers = [_dns.Address] }, Timeout = TimeSpan.FromSeconds(5) },
                Fetch = gateway.Client.Fetch with { MayConnect = IPAddress.IsLoopback, Resolve = (_, _) => ValueTask.FromResult<IPAddress[]>([IPAddress.Loopback]) },
            };
            return options with { Avatars = options.Avatars with { Gateway = gateway with { IsOn = true, Client = client } } };
        });
    }
}
