using Likeness.Libravatar.Caching;
using Likeness.Libravatar.Fetching;
using Likeness.Libravatar.Tests.Discovery;
using Likeness.Libravatar.Tests.Fetching;
using Likeness.Libravatar.Tests.Resolving;
using Likeness.Libravatar.Tests.Support;

namespace Likeness.Libravatar.Tests.Caching;

[Trait("Requirement", "L-10D")]
public sealed class ProfileFetchTests
{
    private static readonly Address Anne = Address.Email("anne@club.example");
    private static readonly byte[] Profile = """{"entry":[{"displayName":"Anne","urls":[{"value":"https://anne.example/","title":"Home"}]}]}"""u8.ToArray();

    private readonly ManualTime _time = new();

    [Fact]
    [Trait("Requirement", "L-75")]
    public async Task A_profile_comes_from_the_domains_own_server_and_says_nothing_of_the_asker()
    {
        await using var server = StandInServer.Answering(_ => Answers.Picture(Profile, "Content-Type: application/json\r\n"));
        await using var resolver = Zone(server.Port);
        using var client = Create(resolver);

        var result = await client.FetchProfileAsync(Anne);
        var again = await client.FetchProfileAsync(Anne);
        await client.FetchProfileAsync(Anne, useSha256: true);

        (result.Status, result.Profile!.Name, result.Server!.Text).ShouldBe((AvatarStatus.Found, "Anne", $"http://avatars.example:{server.Port}"));
        again.ShouldBeSameAs(result);
        server.Requests.ShouldBe([Request(Anne.Md5), Request(Anne.Sha256)]);

        string Request(AddressHash hash) => $"GET /{hash}.json HTTP/1.1\r\nHost: avatars.example:{server.Port}\r\nUser-Agent: Likeness\r\nAccept: application/json\r\n\r\n";
    }

    [Fact]
    public async Task What_did_not_change_is_asked_for_by_its_validator()
    {
        await using var server = StandInServer.Answering(request => request.Contains("If-None-Match: \"v1\"", StringComparison.Ordinal)
            ? Answers.Status(304)
            : Answers.Picture(Profile, "ETag: \"v1\"\r\nCache-Control: public, no-cache\r\n"));
        await using var resolver = Zone(server.Port);
        using var client = Create(resolver);

        var first = await client.FetchProfileAsync(Anne);
        _time.Advance(TimeSpan.FromMinutes(5));
        var second = await client.FetchProfileAsync(Anne);

        second.Profile.ShouldBeSameAs(first.Profile);
        server.Requests.Count.ShouldBe(2);
        server.Requests.Last().ShouldContain("If-None-Match: \"v1\"");
    }

    [Theory]
    [InlineData("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", AvatarStatus.None)]
    [InlineData("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", AvatarStatus.Failed)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>", AvatarStatus.Refused)]
    public async Task What_is_taken_back_or_cannot_be_asked_for_is_not_told_any_longer(string answer, AvatarStatus status)
    {
        var isGone = false;
        await using var server = StandInServer.Answering(_ => isGone ? Answers.Latin1(answer) : Answers.Picture(Profile, "ETag: \"v1\"\r\n"));
        await using var resolver = Zone(server.Port);
        using var client = Create(resolver);
        await client.FetchProfileAsync(Anne);
        isGone = true;
        _time.Advance(TimeSpan.FromMinutes(5));

        var result = await client.FetchProfileAsync(Anne);

        (result.Status, result.Profile).ShouldBe((status, null));
        client.RecallProfile(Anne).ShouldBeNull();
    }

    [Fact]
    public async Task A_page_never_waits_and_has_it_the_next_time()
    {
        await using var server = StandInServer.Answering(_ => Answers.Picture(Profile, "Cache-Control: max-age=60\r\n"));
        await using var resolver = Zone(server.Port);
        using var client = Create(resolver);

        client.RecallProfile(Anne).ShouldBeNull();
        (await client.FetchProfileAsync(Anne)).Profile.ShouldNotBeNull();
        client.RecallProfile(Anne)!.Name.ShouldBe("Anne");
        server.Requests.Count.ShouldBe(1, "the page began to ask, and whoever came next waited for that");

        _time.Advance(TimeSpan.FromMinutes(59));
        client.RecallProfile(Anne)!.Name.ShouldBe("Anne", "it is asked for again meanwhile");
        await client.FetchProfileAsync(Anne);
        server.Requests.Count.ShouldBe(2);

        _time.Advance(TimeSpan.FromHours(1));
        client.RecallProfile(Anne).ShouldBeNull("nobody asked for an hour: it may have been taken back");
        (await client.FetchProfileAsync(Anne)).Profile.ShouldNotBeNull();
    }

    [Fact]
    public async Task Pages_begin_only_so_many_requests_ahead()
    {
        var answer = new TaskCompletionSource();
        await using var server = new StandInServer(async connection =>
        {
            while (await connection.ReadRequest() is not null)
            {
                await answer.Task.WaitAsync(connection.End);
                await connection.Send(Answers.Picture(Profile));
            }
        });
        await using var resolver = Zone(server.Port);
        using var client = new AvatarClient(Options(resolver) with { Fetch = TestFetch.Options with { MaxConnectionsPerServer = 2 * ProfileCache.MaxAhead } }, _time);
        var people = Enumerable.Range(0, 2 * ProfileCache.MaxAhead).Select(number => Address.Email($"p{number}@club.example")).ToList();

        people.ForEach(person => client.RecallProfile(person).ShouldBeNull());
        answer.SetResult();
        await Task.WhenAll(people.Take(ProfileCache.MaxAhead).Select(person => client.FetchProfileAsync(person)));

        server.Requests.Count.ShouldBe(ProfileCache.MaxAhead);
    }

    [Fact]
    public async Task A_document_that_is_too_large_is_not_read()
    {
        await using var server = StandInServer.Answering(_ => Answers.Picture(new byte[PublicProfile.MaxBytes + 1]));
        await using var resolver = Zone(server.Port);
        using var client = Create(resolver);

        (await client.FetchProfileAsync(Anne)).Refusal.ShouldBe(FetchRefusal.BodyTooLarge);
    }

    [Fact]
    public async Task A_server_that_fails_is_followed_by_the_next_and_one_that_says_no_is_not()
    {
        await using var failing = StandInServer.Answering(_ => Answers.Status(500));
        await using var none = StandInServer.Answering(_ => Answers.Status(404));
        await using var good = StandInServer.Answering(_ => Answers.Picture(Profile));
        await using var resolver = Zone(failing.Port, none.Port, good.Port);
        using var client = Create(resolver);

        (await client.FetchProfileAsync(Anne)).Status.ShouldBe(AvatarStatus.None);
        (failing.Requests.Count, none.Requests.Count, good.Requests.Count).ShouldBe((1, 1, 0));
    }

    [Fact]
    public async Task Without_a_server_nobody_is_asked()
    {
        await using var resolver = new TestZone().Serve();
        using var client = Create(resolver);

        var result = await client.FetchProfileAsync(Anne);

        (result.Status, result.Server).ShouldBe((AvatarStatus.NotFederated, null));
    }

    private static StandInResolver Zone(params int[] ports) =>
        new TestZone().With("_avatars._tcp.club.example", [.. ports.Select((port, index) => DnsBytes.Srv(index, 0, port, "avatars.example", 864_000))]).Serve();

    private static AvatarClientOptions Options(StandInResolver resolver) => new()
    {
        Scheme = SchemePolicy.Http,
        Fallback = FallbackPolicy.None,
        Discovery = TestZone.Options(resolver) with { MaxTime = TimeSpan.FromDays(30) },
        Fetch = TestFetch.Options,
    };

    private AvatarClient Create(StandInResolver resolver) => new(Options(resolver), _time);
}
