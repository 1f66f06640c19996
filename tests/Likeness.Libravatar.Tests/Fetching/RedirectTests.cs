using System.Net;
using Likeness.Libravatar.Fetching;

namespace Likeness.Libravatar.Tests.Fetching;

[Trait("Requirement", "L-75")]
public sealed class RedirectTests
{
    [Theory]
    [Trait("Requirement", "L-56")]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Every_kind_of_redirect_is_followed(int status)
    {
        await using var server = StandInServer.Answering(request => request.StartsWith("GET /next?s=40 ", StringComparison.Ordinal)
            ? Answers.Picture(Answers.Png)
            : Answers.Redirect("/next?s=40#fragment", status));

        var image = (await TestFetch.Fetch(server.Url())).ShouldBeOfType<FetchResult.Fetched>().Image;

        image.Source.PathAndQuery.ShouldBe("/next?s=40");
        server.Requests.Last().ShouldNotContain("Referer", Case.Insensitive);
    }

    [Fact]
    [Trait("Requirement", "L-57")]
    public async Task Five_redirects_are_followed_and_the_sixth_is_not()
    {
        await using var server = StandInServer.Answering(request =>
            request.Split(' ')[1] is "/5" ? Answers.Picture(Answers.Png) : Answers.Redirect("/" + (int.Parse(request.Split(' ')[1][1..]) + 1)));

        (await TestFetch.Fetch(server.Url("/0"))).ShouldBeOfType<FetchResult.Fetched>();
        (await TestFetch.Fetch(server.Url("/6"))).ShouldBe(new FetchResult.Refused(FetchRefusal.TooManyRedirects));
        server.Requests.Count.ShouldBe(6 + 6);
    }

    [Fact]
    [Trait("Requirement", "L-57")]
    public async Task A_redirect_to_itself_ends()
    {
        await using var server = StandInServer.Answering(_ => Answers.Redirect("/avatar/x"));

        (await TestFetch.Fetch(server.Url())).ShouldBe(new FetchResult.Refused(FetchRefusal.TooManyRedirects));
        server.Requests.Count.ShouldBe(6);
    }

    [Theory]
    [InlineData("file:///etc/passwd", FetchRefusal.Scheme)]
    [InlineData("ftp://avatars.example/x", FetchRefusal.Scheme)]
    [InlineData("gopher://avatars.example/", FetchRefusal.Scheme)]
    [InlineData("javascript:alert(1)", FetchRefusal.Scheme)]
    [InlineData("data:image/png;base64,AAAA", FetchRefusal.Scheme)]
    [InlineData("http://user:secret@avatars.example/", FetchRefusal.UserInfo)]
    [InlineData("http://10.0.0.1/", FetchRefusal.Address)]
    [InlineData("http://169.254.169.254/latest/meta-data", FetchRefusal.Address)]
    [InlineData("http://[::ffff:10.0.0.1]/", FetchRefusal.Address)]
    [InlineData("http://[fd00::1]/", FetchRefusal.Address)]
    [InlineData("http://167772161/", FetchRefusal.Address)]
    [InlineData("http://0x0a000001/", FetchRefusal.Address)]
    [InlineData("//10.0.0.1/x", FetchRefusal.Address)]
    public async Task A_redirect_obeys_the_rules_of_the_first_URL(string location, FetchRefusal reason)
    {
        await using var server = StandInServer.Answering(_ => Answers.Redirect(location));

        (await TestFetch.Fetch(server.Url())).ShouldBe(new FetchResult.Refused(reason));
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_redirect_stays_within_the_hosts_that_may_be_visited()
    {
        await using var server = StandInServer.Answering(_ => Answers.Redirect("http://ELSEWHERE.example/"));

        (await TestFetch.Fetch(server.Url(), options => options with { MayVisit = host => host is "avatars.example" })).ShouldBe(new FetchResult.Refused(FetchRefusal.Host));
        (await TestFetch.Fetch(server.Url(), options => options with { MayVisit = host => host is "other.example" })).ShouldBe(new FetchResult.Refused(FetchRefusal.Host));
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Ports_other_than_those_of_the_web_are_refused_unless_allowed()
    {
        await using var server = StandInServer.Answering(_ => Answers.Picture(Answers.Png));
        var standard = new SafeFetchOptions().MayUsePort;

        (await TestFetch.Fetch(server.Url(), options => options with { MayUsePort = standard })).ShouldBe(new FetchResult.Refused(FetchRefusal.Port));
        standard(80).ShouldBeTrue();
        standard(443).ShouldBeTrue();
        server.Connections.ShouldBe(0);
    }

    [Fact]
    public async Task The_addresses_are_checked_again_on_a_redirect_to_the_same_name()
    {
        var answers = new Queue<IPAddress>([IPAddress.Loopback, IPAddress.Parse("192.168.1.1")]);
        await using var server = StandInServer.Answering(_ => Answers.Status(302, "Location: /again\r\nConnection: close\r\n"));

        var result = await TestFetch.Fetch(server.Url(), options => options with { Resolve = (_, _) => ValueTask.FromResult<IPAddress[]>([answers.Dequeue()]) });

        result.ShouldBe(new FetchResult.Refused(FetchRefusal.Address));
        server.Connections.ShouldBe(1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Location: \r\n")]
    [InlineData("Location: http://\r\n")]
    [InlineData("Location: /a\r\nLocation: /b\r\n")]
    public async Task A_redirect_without_one_usable_target_is_a_failure(string headers)
    {
        await using var server = StandInServer.Answering(_ => Answers.Status(302, headers));

        (await TestFetch.Fetch(server.Url())).ShouldBe(new FetchResult.Failed(FetchFailure.Protocol));
    }

    [Fact]
    public async Task A_relative_URL_is_refused() =>
        (await TestFetch.Fetch(new Uri("/avatar/x", UriKind.Relative))).ShouldBe(new FetchResult.Refused(FetchRefusal.Scheme));
}
