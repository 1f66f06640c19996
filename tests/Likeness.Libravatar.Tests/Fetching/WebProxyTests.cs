using Likeness.Libravatar.Fetching;
using Likeness.Libravatar.Resolving;

namespace Likeness.Libravatar.Tests.Fetching;

/// <summary>Networks whose only way out is a web proxy.</summary>
[Trait("Requirement", "L-75")]
public sealed class WebProxyTests
{
    [Fact]
    public async Task A_picture_comes_through_the_proxy_that_was_named()
    {
        await using var proxy = StandInServer.Answering(request => request.Contains("Proxy-Authorization: Basic", StringComparison.Ordinal)
            ? Answers.Picture(Answers.Png)
            : Answers.Latin1("HTTP/1.1 407 Who\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n"));

        var result = await TestFetch.Fetch(new Uri("http://avatars.club.org/avatar/x"), options => Through(proxy, options, "user:p%40ss@"));

        result.ShouldBeOfType<FetchResult.Fetched>();
        proxy.Requests.Last().ShouldStartWith("GET http://avatars.club.org/avatar/x HTTP/1.1\r\n");
        proxy.Requests.Last().ShouldContain("Proxy-Authorization: Basic " + Convert.ToBase64String("user:p@ss"u8) + "\r\n");
    }

    [Theory]
    [InlineData("http://127.0.0.1/avatar/x", FetchRefusal.Address)]
    [InlineData("http://[::1]/avatar/x", FetchRefusal.Address)]
    [InlineData("http://169.254.169.254/latest/meta-data", FetchRefusal.Address)]
    [InlineData("http://localhost/avatar/x", FetchRefusal.Host)]
    [InlineData("http://intranet/avatar/x", FetchRefusal.Host)]
    [InlineData("http://printer.local/avatar/x", FetchRefusal.Host)]
    public async Task What_only_the_proxys_own_network_knows_is_not_asked_for(string url, FetchRefusal refusal)
    {
        await using var proxy = StandInServer.Answering(_ => Answers.Picture(Answers.Png));

        (await TestFetch.Fetch(new Uri(url), options => Through(proxy, options))).ShouldBe(new FetchResult.Refused(refusal));
        proxy.Connections.ShouldBe(0);
    }

    [Fact]
    public async Task A_redirect_does_not_lead_behind_the_proxy()
    {
        await using var proxy = StandInServer.Answering(_ => Answers.Redirect("http://10.0.0.1/"));

        (await TestFetch.Fetch(new Uri("http://avatars.club.org/avatar/x"), options => Through(proxy, options))).ShouldBe(new FetchResult.Refused(FetchRefusal.Address));
        proxy.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_environments_proxy_is_not_taken()
    {
        await using var proxy = StandInServer.Answering(_ => Answers.Status(500));
        await using var server = StandInServer.Answering(_ => Answers.Picture(Answers.Png));
        Environment.SetEnvironmentVariable("http_proxy", $"http://127.0.0.1:{proxy.Port}");
        try
        {
            (await TestFetch.Fetch(server.Url())).ShouldBeOfType<FetchResult.Fetched>();
        }
        finally
        {
            Environment.SetEnvironmentVariable("http_proxy", null);
        }

        proxy.Connections.ShouldBe(0);
    }

    [Fact]
    public async Task DNS_over_HTTPS_goes_through_the_proxy_that_was_named()
    {
        await using var proxy = StandInServer.Answering(_ => Answers.Status(403));
        using var resolver = new DnsResolver(new DnsResolverOptions { HttpsServer = new Uri("https://dns.club.org/dns-query"), Proxy = new Uri($"http://127.0.0.1:{proxy.Port}") });

        (await resolver.AskAsync(new DnsQuestion("_avatars-sec._tcp.club.org", DnsType.Srv))).Status.ShouldBe(DnsStatus.Failed);

        proxy.Requests.First().ShouldStartWith("CONNECT dns.club.org:443 HTTP/1.1\r\n");
    }

    private static SafeFetchOptions Through(StandInServer proxy, SafeFetchOptions options, string user = "") => options with
    {
        Proxy = new Uri($"http://{user}127.0.0.1:{proxy.Port}"),
        MayConnect = new SafeFetchOptions().MayConnect,
    };
}
