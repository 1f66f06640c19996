using Likeness.Http.Tests.Hosting;
using Likeness.Libravatar.Fetching;
using Likeness.Libravatar.Tests.Fetching;

namespace Likeness.Http.Tests.Foreign;

[Trait("Requirement", "L-8D")]
public sealed class GatewayTests
{
    private const string Here = "default";

    [Fact]
    public async Task A_stranger_is_shown_as_the_domains_own_server_does_rendered_anew_and_asked_for_once()
    {
        await using var stage = await GatewayStage.Start(StandInServer.Answering(_ => Answers.Picture(Answers.Png)));
        for (var round = 0; round < 4; round++)
        {
            var answer = await stage.Get();

            answer.Status.ShouldBe(200);
            answer["X-Avatar-Source"].ShouldBe("gateway");
            answer["Cache-Control"].ShouldBe("public, max-age=300");
            answer.Body.ShouldStartWith("Photo 80");
            answer.Headers.ShouldNotContainKey("Location");
        }

        stage.Far.Requests.ShouldHaveSingleItem().ShouldStartWith($"GET /avatar/{GatewayStage.Stranger}?d=404&s=80 HTTP/1.1\r\nHost: avatars.club.net:");
    }

    [Fact]
    public async Task Nothing_of_the_visitor_leaves()
    {
        await using var stage = await GatewayStage.Start(StandInServer.Answering(_ => Answers.Picture(Answers.Png)));

        await stage.Get(headers: ["Cookie: secret=1", "Referer: https://secret.example/", "User-Agent: Secret", "X-Forwarded-For: 198.51.100.7"]);

        stage.Far.Requests.ShouldHaveSingleItem().ShouldEndWith($":{stage.Far.Port}\r\nUser-Agent: Likeness\r\nAccept: image/*\r\n\r\n");
    }

    [Theory]
    [InlineData("")]
    [InlineData("?domain=")]
    [InlineData("?domain=example.org")]
    [InlineData("?domain=Example.ORG.")]
    [InlineData("?domain=localhost")]
    [InlineData("?domain=127.0.0.1")]
    [InlineData("?domain=far.club.test")]
    [InlineData("?domain=%0d%0a")]
    [InlineData("?domain=a_b.net")]
    [InlineData("?domain=far.club.net&f=y")]
    public async Task Nobody_is_asked_without_a_foreign_domain(string query)
    {
        await using var stage = await GatewayStage.Start(StandInServer.Answering(_ => Answers.Picture(Answers.Png)));

        (await stage.Get(query))["X-Avatar-Source"].ShouldBe(Here);

        stage.DnsQuestions.ShouldBe(0);
        stage.Far.Connections.ShouldBe(0);
    }

    [Fact]
    public async Task Off_by_default_nothing_goes_out()
    {
        await using var stage = await GatewayStage.Start(StandInServer.Answering(_ => Answers.Picture(Answers.Png)), options => options with { IsOn = new AvatarOptions().Gateway.IsOn });

        (await stage.Get())["X-Avatar-Source"].ShouldBe(Here);

        stage.DnsQuestions.ShouldBe(0);
    }

    [Fact]
    public async Task Who_shows_a_picture_here_is_never_asked_for_elsewhere_and_who_shows_none_is_as_unknown_as_anybody()
    {
        await using var stage = await GatewayStage.Start(StandInServer.Answering(_ => Answers.Picture(Answers.Png)));
        var juliet = AvatarServer.HashOf(AvatarServer.Juliet);

        await stage.Server.Give(AvatarServer.Juliet, "a rose");
        (await stage.Get(hash: juliet))["X-Avatar-Source"].ShouldBe("portrait");
        stage.DnsQuestions.ShouldBe(0);

        // Whoever owns the other domain would learn who has an account here from not being asked.
        await stage.Server.Book.SetVisibility(new Identity(AvatarServer.Juliet), Visibility.Nobody, new(Origin.Api));
        (await stage.Get(hash: juliet))["X-Avatar-Source"].ShouldBe("gateway");
    }

    [Theory]
    [InlineData("club.net", Here)]
    [InlineData("far.club.net", "gateway")]
    public async Task Only_the_listed_domains_are_asked_for(string allowed, string source)
    {
        await using var stage = await GatewayStage.Start(StandInServer.Answering(_ => Answers.Picture(Answers.Png)), options => options with { Domains = [allowed] });

        (await stage.Get("?domain=FAR.club.net"))["X-Avatar-Source"].ShouldBe(source);
    }

    [Fact]
    public async Task Without_a_picture_there_the_default_of_the_request_is_shown_and_not_for_long()
    {
        await using var stage = await GatewayStage.Start(StandInServer.Answering(_ => Answers.Status(404)));

        (await stage.Get($"?domain={GatewayStage.FarDomain}&d=404")).Status.ShouldBe(404);
        var answer = await stage.Get($"?domain={GatewayStage.FarDomain}&d=identicon");

        answer["X-Avatar-Source"].ShouldBe(Here);
        answer["Cache-Control"].ShouldBe("public, max-age=60");
        stage.Far.Requests.Count.ShouldBe(1);
    }

    [Fact]
    [Trait("Requirement", "L-75")]
    public async Task A_server_on_a_private_address_is_not_gone_to()
    {
        await using var stage = await GatewayStage.Start(StandInServer.Answering(_ => Answers.Picture(Answers.Png)), rules: fetch => fetch with { MayConnect = PublicAddress.IsPublic });

        (await stage.Get())["X-Avatar-Source"].ShouldBe(Here);

        stage.DnsQuestions.ShouldBeGreaterThan(0);
        stage.Far.Connections.ShouldBe(0);
    }

    [Fact]
    public async Task So_many_fetches_at_a_time_and_no_more()
    {
        var gate = new TaskCompletionSource();
        await using var stage = await GatewayStage.Start(
            new StandInServer(async connection =>
            {
                while (await connection.ReadRequest() is not null)
                {
                    await gate.Task.WaitAsync(connection.End);
                    await connection.Send(Answers.Picture(Answers.Png));
                }
            }),
            options => options with { MaxFetches = 2 });

        var requests = Enumerable.Range(0, 10).Select(number => stage.Get(hash: $"{number:x32}")).ToList();
        while (requests.Count(request => request.IsCompleted) < 8)
        {
            await Task.WhenAny(requests.Where(request => !request.IsCompleted));
        }

        requests.Where(request => request.IsCompleted).ShouldAllBe(request => request.Result["X-Avatar-Source"] == Here);
        gate.SetResult();
        (await Task.WhenAll(requests)).Count(answer => answer["X-Avatar-Source"] == "gateway").ShouldBe(2);
    }

    [Fact]
    [Trait("Requirement", "L-57")]
    public async Task A_domain_that_names_this_server_as_its_own_is_answered_from_here_once()
    {
        await using var stage = await GatewayStage.Start(StandInServer.Answering(_ => Answers.Status(404)), port: server => server!.Ports[0]);

        (await stage.Get())["X-Avatar-Source"].ShouldBe(Here);

        stage.Server.Renderer.Count.ShouldBe(1);
    }

    [Fact]
    [Trait("Requirement", "L-57")]
    public async Task A_server_under_a_name_of_ours_is_not_asked()
    {
        await using var stage = await GatewayStage.Start(StandInServer.Answering(_ => Answers.Picture(Answers.Png)), host: "faces.example.org");

        (await stage.Get())["X-Avatar-Source"].ShouldBe(Here);

        stage.Far.Connections.ShouldBe(0);
    }

    [Fact]
    [Trait("Requirement", "L-57")]
    public async Task A_server_that_sends_the_gateway_back_to_itself_makes_no_circle()
    {
        var hops = 0;
        GatewayStage? stage = null;
        var far = StandInServer.Answering(_ => Answers.Redirect(
            $"http://back.club.net:{stage!.Server.Ports[0]}/avatar/{Interlocked.Increment(ref hops):x32}?d=404&domain={GatewayStage.FarDomain}"));
        await using (stage = await GatewayStage.Start(far))
        {
            (await stage.Get())["X-Avatar-Source"].ShouldBe(Here);

            far.Requests.Count.ShouldBe(1);
        }
    }
}
