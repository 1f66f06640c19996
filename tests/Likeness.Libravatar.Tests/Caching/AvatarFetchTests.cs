using Likeness.Libravatar.Caching;
using Likeness.Libravatar.Fetching;
using Likeness.Libravatar.Tests.Discovery;
using Likeness.Libravatar.Tests.Fetching;
using Likeness.Libravatar.Tests.Resolving;
using Likeness.Libravatar.Tests.Support;

namespace Likeness.Libravatar.Tests.Caching;

[Trait("Requirement", "L-75")]
public sealed class AvatarFetchTests
{
    private static readonly Address Anne = Address.Email("anne@club.example");

    private readonly ManualTime _time = new();

    [Fact]
    public async Task A_picture_comes_from_the_domains_own_server_and_is_kept()
    {
        await using var server = StandInServer.Answering(_ => Answers.Picture(Answers.Png, "Cache-Control: max-age=600\r\n"));
        await using var resolver = Zone(server.Port);
        using var client = Create(resolver);

        var first = await client.FetchAsync(Anne, new AvatarUrlOptions { Size = 40 });
        _time.Advance(TimeSpan.FromSeconds(599));
        var second = await client.FetchAsync(Anne, new AvatarUrlOptions { Size = 40 });

        first.Image!.Format.ShouldBe(AvatarFormat.Png);
        second.Image.ShouldBeSameAs(first.Image);
        server.Requests.ShouldHaveSingleItem().ShouldStartWith($"GET /avatar/{Anne.Md5}?s=40 HTTP/1.1\r\n");
    }

    [Theory]
    [Trait("Requirement", "L-82")]
    [InlineData("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>")]
    [InlineData("nonsense\r\n\r\n")]
    public async Task A_server_that_fails_is_followed_by_the_next(string answer)
    {
        await using var failing = StandInServer.Answering(answer);
        await using var good = StandInServer.Answering(_ => Answers.Picture(Answers.Png));
        await using var resolver = Zone(failing.Port, good.Port);
        using var client = Create(resolver);

        (await client.FetchAsync(Anne)).Status.ShouldBe(AvatarStatus.Found);
        (await client.FetchAsync(Anne)).Status.ShouldBe(AvatarStatus.Found);
        failing.Requests.Count.ShouldBe(1);
        good.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task That_there_is_none_is_an_answer_and_is_kept()
    {
        await using var first = StandInServer.Answering(_ => Answers.Status(404));
        await using var second = StandInServer.Answering(_ => Answers.Picture(Answers.Png));
        await using var resolver = Zone(first.Port, second.Port);
        using var client = Create(resolver);

        (await client.FetchAsync(Anne)).Status.ShouldBe(AvatarStatus.None);
        _time.Advance(TimeSpan.FromSeconds(299));
        (await client.FetchAsync(Anne)).Status.ShouldBe(AvatarStatus.None);
        first.Requests.Count.ShouldBe(1);
        second.Requests.ShouldBeEmpty();

        _time.Advance(TimeSpan.FromSeconds(1));
        await client.FetchAsync(Anne);
        first.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_stale_picture_is_asked_for_by_its_validators()
    {
        await using var server = StandInServer.Answering(request => request.Contains("If-None-Match: \"v1\"", StringComparison.Ordinal)
            ? Answers.Status(304)
            : Answers.Picture(Answers.Png, "ETag: \"v1\"\r\n"));
        await using var resolver = Zone(server.Port);
        using var client = Create(resolver);

        var first = await client.FetchAsync(Anne);
        _time.Advance(TimeSpan.FromMinutes(5));
        var second = await client.FetchAsync(Anne);

        second.Image.ShouldBeSameAs(first.Image);
        server.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_server_that_fails_later_costs_nothing_for_a_week()
    {
        var fails = false;
        await using var server = StandInServer.Answering(_ => fails ? Answers.Status(524) : Answers.Picture(Answers.Png));
        await using var resolver = Zone(server.Port);
        using var client = Create(resolver);
        var first = await client.FetchAsync(Anne);
        fails = true;

        _time.Advance(TimeSpan.FromMinutes(5));
        (await client.FetchAsync(Anne)).Image.ShouldBeSameAs(first.Image);
        (await client.FetchAsync(Anne)).Image.ShouldBeSameAs(first.Image);
        server.Requests.Count.ShouldBe(2);

        _time.Advance(TimeSpan.FromDays(7));
        (await client.FetchAsync(Anne)).HttpStatus.ShouldBe(524);
    }

    [Fact]
    public async Task Many_who_want_one_picture_ask_once()
    {
        await using var server = StandInServer.Answering(_ => Answers.Picture(Answers.Png));
        await using var resolver = Zone(server.Port);
        using var client = Create(resolver);

        var pictures = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => client.FetchAsync(Anne)));

        pictures.ShouldAllBe(picture => picture.Image != null);
        server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Who_gives_up_does_not_end_it_for_the_others()
    {
        var answer = new TaskCompletionSource();
        var asked = new TaskCompletionSource();
        await using var server = new StandInServer(async connection =>
        {
            await connection.ReadRequest();
            asked.SetResult();
            await answer.Task;
            await connection.Send(Answers.Picture(Answers.Png));
        });
        await using var resolver = Zone(server.Port);
        using var client = Create(resolver);
        using var impatience = new CancellationTokenSource();

        var impatient = client.FetchAsync(Anne, cancellationToken: impatience.Token);
        await asked.Task;
        var patient = client.FetchAsync(Anne);
        await impatience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => impatient);
        answer.SetResult();

        (await patient).Image.ShouldNotBeNull();
    }

    [Fact]
    public async Task Memory_is_bounded_by_bytes()
    {
        await using var server = StandInServer.Answering(_ => Answers.Picture(Answers.Png));
        await using var resolver = Zone(server.Port);
        using var client = Create(resolver, new ImageCacheOptions { MemoryBytes = 2 * (512 + Answers.Png.Length) });

        foreach (var size in (int[])[1, 2, 1, 3, 1, 2])
        {
            await client.FetchAsync(Anne, new AvatarUrlOptions { Size = size });
        }

        server.Requests.Select(request => request.Split(' ')[1].Split("s=")[1]).ShouldBe(["1", "2", "3", "2"]);
    }

    [Fact]
    public async Task A_port_of_another_service_is_not_visited()
    {
        await using var resolver = Zone(25, 22, 993);
        using var client = new AvatarClient(Options(resolver) with { Fetch = TestFetch.Options with { MayUsePort = new AvatarClientOptions().Fetch.MayUsePort } }, _time);

        (await client.FetchAsync(Anne)).Refusal.ShouldBe(FetchRefusal.Port);
        new AvatarClientOptions().Fetch.MayUsePort(8443).ShouldBeTrue();
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

    private AvatarClient Create(StandInResolver resolver, ImageCacheOptions? cache = null) =>
        new(Options(resolver) with { Cache = cache ?? new ImageCacheOptions() }, _time);
}
