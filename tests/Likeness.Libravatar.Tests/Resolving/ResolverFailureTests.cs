using System.Net;
using Likeness.Libravatar.Resolving;
using Likeness.Libravatar.Tests.Support;

namespace Likeness.Libravatar.Tests.Resolving;

[Trait("Requirement", "L-88")]
public sealed class ResolverFailureTests
{
    private static readonly DnsQuestion Question = new("_avatars._tcp.example.org", DnsType.Srv);
    private static readonly TimeSpan HeadStart = TimeSpan.FromMilliseconds(150);

    private readonly ManualTime _time = new();

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public async Task A_resolver_that_refuses_or_fails_is_followed_by_the_next(int code)
    {
        await using var failing = new StandInResolver(asked => [DnsBytes.Reply(asked, code, [])]);
        await using var good = Good();
        using var resolver = Create([failing, good]);

        (await resolver.AskAsync(Question)).Status.ShouldBe(DnsStatus.Found);
        (await resolver.AskAsync(Question)).Status.ShouldBe(DnsStatus.Found);
        failing.Asked.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_resolver_that_is_not_there_is_followed_by_the_next()
    {
        await using var good = Good();
        using var resolver = new DnsResolver(new DnsResolverOptions { Servers = [GoneEndPoint().ToString(), good.EndPoint.ToString()] }, _time);

        (await resolver.AskAsync(Question)).Status.ShouldBe(DnsStatus.Found);
    }

    [Fact]
    public async Task A_silent_resolver_is_overtaken_by_the_next_after_150_milliseconds()
    {
        await using var silent = StandInResolver.Silent();
        await using var good = Good();
        using var resolver = Create([silent, good]);

        var asking = await AskPast(resolver, HeadStart);

        (await asking).Status.ShouldBe(DnsStatus.Found);
        await silent.Heard.WaitAsync();
    }

    [Fact]
    [Trait("Requirement", "L-8B")]
    public async Task A_question_has_one_deadline_whatever_the_number_of_resolvers()
    {
        await using var silent = StandInResolver.Silent();
        await using var mute = StandInResolver.Silent();
        using var resolver = Create([silent, mute]);

        var asking = await AskPast(resolver, HeadStart, TimeSpan.FromSeconds(3) - HeadStart);

        (await asking).ShouldBe(DnsAnswer.Failed);
    }

    [Fact]
    public async Task A_resolver_silent_five_times_is_left_alone_for_a_while_and_then_tried_once()
    {
        await using var silent = StandInResolver.Silent();
        using var resolver = Create([silent]);
        for (var round = 0; round < 5; round++)
        {
            (await Timeout(resolver, silent)).ShouldBe(DnsAnswer.Failed);
        }

        (await resolver.AskAsync(Question)).ShouldBe(DnsAnswer.Failed);
        silent.Asked.Count.ShouldBe(5);

        _time.Advance(TimeSpan.FromSeconds(15));
        var trial = resolver.AskAsync(Question);
        (await resolver.AskAsync(Question)).ShouldBe(DnsAnswer.Failed);
        await silent.Heard.WaitAsync();
        _time.Advance(TimeSpan.FromSeconds(3));
        (await trial).ShouldBe(DnsAnswer.Failed);
        silent.Asked.Count.ShouldBe(6);
    }

    [Fact]
    [Trait("Requirement", "L-89")]
    public async Task A_resolver_that_answers_others_meanwhile_is_not_left_alone_for_silent_domains()
    {
        await using var server = new StandInResolver(asked =>
            asked.Name.Contains("silent", StringComparison.Ordinal) ? [] : [DnsBytes.Reply(asked, DnsBytes.Srv(0, 0, 1, "a.example"))]);
        using var resolver = Create([server]);
        var silent = Enumerable.Range(0, 6).Select(number => resolver.AskAsync(new DnsQuestion($"_avatars._tcp.silent{number}.example", DnsType.Srv))).ToArray();
        foreach (var _ in silent)
        {
            await server.Heard.WaitAsync();
        }

        _time.Advance(TimeSpan.FromSeconds(1));
        (await resolver.AskAsync(Question)).Status.ShouldBe(DnsStatus.Found);
        _time.Advance(TimeSpan.FromSeconds(2));
        (await Task.WhenAll(silent)).ShouldAllBe(answer => answer == DnsAnswer.Failed);

        (await resolver.AskAsync(Question)).Status.ShouldBe(DnsStatus.Found);
    }

    [Fact]
    public async Task A_resolver_that_answers_at_last_is_trusted_again()
    {
        var answers = false;
        await using var server = new StandInResolver(asked => answers ? [DnsBytes.Reply(asked, DnsBytes.Srv(0, 0, 1, "a.example"))] : []);
        using var resolver = Create([server]);
        for (var round = 0; round < 5; round++)
        {
            await Timeout(resolver, server);
        }

        answers = true;
        _time.Advance(TimeSpan.FromSeconds(15));

        (await resolver.AskAsync(Question)).Status.ShouldBe(DnsStatus.Found);
        (await resolver.AskAsync(Question)).Status.ShouldBe(DnsStatus.Found);
    }

    [Fact]
    public async Task Resolvers_may_take_turns()
    {
        await using var one = Good();
        await using var two = Good();
        using var resolver = new DnsResolver(new DnsResolverOptions { Servers = [one.EndPoint.ToString(), two.EndPoint.ToString()], Rotate = true }, _time);

        for (var round = 0; round < 4; round++)
        {
            await resolver.AskAsync(Question);
        }

        one.Asked.Count.ShouldBe(2);
        two.Asked.Count.ShouldBe(2);
    }

    [Fact]
    public async Task The_callers_own_cancellation_is_thrown()
    {
        using var source = new CancellationTokenSource();
        await using var server = new StandInResolver(async _ =>
        {
            await source.CancelAsync();
            return [];
        });
        using var resolver = Create([server]);

        await Should.ThrowAsync<OperationCanceledException>(() => resolver.AskAsync(Question, source.Token));
    }

    [Fact]
    public void Options_that_mean_nothing_are_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new DnsResolver(new DnsResolverOptions { Deadline = TimeSpan.Zero }));
        Should.Throw<ArgumentOutOfRangeException>(() => new DnsResolver(new DnsResolverOptions { Attempts = 0 }));
        Should.Throw<ArgumentException>(() => new DnsResolver(new DnsResolverOptions { HttpsServer = new Uri("http://dns.example/dns-query") }));
    }

    private static StandInResolver Good() => new(asked => [DnsBytes.Reply(asked, DnsBytes.Srv(0, 0, 1, "a.example"))]);

    /// <summary>Nobody listens on port 1 of loopback's last address.</summary>
    private static IPEndPoint GoneEndPoint() => new(IPAddress.Parse("127.255.255.254"), 1);

    private DnsResolver Create(params StandInResolver[] servers) =>
        new(new DnsResolverOptions { Servers = [.. servers.Select(server => server.EndPoint.ToString())], Attempts = 1 }, _time);

    /// <summary>Asks, and moves on when the head start and again when the deadline would be over.</summary>
    private async Task<Task<DnsAnswer>> AskPast(DnsResolver resolver, params TimeSpan[] steps)
    {
        var headStart = _time.TimerOf(HeadStart);
        var asking = resolver.AskAsync(Question);
        await headStart;
        foreach (var step in steps)
        {
            _time.Advance(step);
        }

        return asking;
    }

    private async Task<DnsAnswer> Timeout(DnsResolver resolver, StandInResolver server)
    {
        var asking = resolver.AskAsync(Question);
        await server.Heard.WaitAsync();
        _time.Advance(TimeSpan.FromSeconds(3));
        return await asking;
    }
}
