using Likeness.Libravatar.Discovery;
using Likeness.Libravatar.Tests.Resolving;
using Likeness.Libravatar.Tests.Support;

namespace Likeness.Libravatar.Tests.Discovery;

public sealed class ServerDiscoveryTests
{
    private const string Secure = "_avatars-sec._tcp.club.example";
    private const string Plain = "_avatars._tcp.club.example";

    private readonly ManualTime _time = new();
    private readonly TestZone _zone = new();

    [Theory]
    [Trait("Requirement", "L-73")]
    [Trait("Requirement", "L-80")]
    [InlineData(SchemePolicy.HttpsOnly, "https://secure.example", new[] { Secure })]
    [InlineData(SchemePolicy.PreferHttps, "https://secure.example", new[] { Plain, Secure })]
    [InlineData(SchemePolicy.Http, "http://plain.example", new[] { Plain })]
    public async Task The_policy_decides_which_names_are_asked(SchemePolicy policy, string server, string[] names)
    {
        _zone.With(Secure, DnsBytes.Srv(0, 0, 443, "secure.example")).With(Plain, DnsBytes.Srv(0, 0, 80, "plain.example"));
        await using var resolver = _zone.Serve();
        using var discovery = Create(resolver);

        (await discovery.FindAsync("club.example", policy)).Bases.ShouldHaveSingleItem().Text.ShouldBe(server);
        resolver.Asked.Select(asked => asked.Name).Order(StringComparer.Ordinal).ShouldBe(names.Order(StringComparer.Ordinal));
    }

    [Fact]
    [Trait("Requirement", "L-73")]
    public async Task L_M_The_plain_service_alone_is_used_only_where_http_may_be()
    {
        _zone.With(Plain, DnsBytes.Srv(0, 0, 80, "plain.example"));
        await using var resolver = _zone.Serve();
        using var discovery = Create(resolver);

        (await discovery.FindAsync("club.example", SchemePolicy.HttpsOnly)).Status.ShouldBe(DiscoveryStatus.None);
        (await discovery.FindAsync("club.example", SchemePolicy.PreferHttps)).Bases.ShouldHaveSingleItem().Text.ShouldBe("http://plain.example");
    }

    [Fact]
    [Trait("Requirement", "L-89")]
    public async Task Recalling_never_waits_and_knows_the_next_time()
    {
        _zone.With(Secure, DnsBytes.Srv(0, 0, 443, "secure.example"));
        await using var resolver = _zone.Serve();
        using var discovery = Create(resolver);

        discovery.Recall("club.example", SchemePolicy.HttpsOnly).Status.ShouldBe(DiscoveryStatus.Pending);
        await discovery.FindAsync("club.example", SchemePolicy.HttpsOnly);

        discovery.Recall("Club.Example", SchemePolicy.HttpsOnly).Bases.ShouldHaveSingleItem().Text.ShouldBe("https://secure.example");
        resolver.Asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Waiting_ends_after_half_a_second_and_the_late_answer_is_remembered()
    {
        var answer = new TaskCompletionSource();
        _zone.With(Secure, DnsBytes.Srv(0, 0, 443, "secure.example"));
        await using var resolver = new StandInResolver(async asked =>
        {
            await answer.Task;
            return [_zone.Answer(asked)];
        });
        using var discovery = Create(resolver);
        var timeout = _time.TimerOf(TimeSpan.FromMilliseconds(500));

        var finding = discovery.FindAsync("club.example", SchemePolicy.HttpsOnly);
        await timeout;
        await resolver.Heard.WaitAsync();
        _time.Advance(TimeSpan.FromMilliseconds(500));
        (await finding).Status.ShouldBe(DiscoveryStatus.Pending);
        answer.SetResult();

        (await discovery.FindAsync("club.example", SchemePolicy.HttpsOnly)).Bases.ShouldHaveSingleItem();
        resolver.Asked.Count.ShouldBe(1);
    }

    [Fact]
    [Trait("Requirement", "L-8B")]
    public async Task Many_callers_share_one_look_up()
    {
        _zone.With(Secure, DnsBytes.Srv(0, 0, 443, "secure.example"));
        await using var resolver = _zone.Serve();
        using var discovery = Create(resolver);

        var found = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => discovery.FindAsync("club.example", SchemePolicy.HttpsOnly).AsTask()));

        found.ShouldAllBe(servers => servers.Bases.Length == 1);
        resolver.Asked.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Many_domains_are_looked_up_at_once()
    {
        string[] domains = [.. Enumerable.Range(0, 100).Select(number => $"d{number}.example")];
        Array.ForEach(domains, domain => _zone.With("_avatars-sec._tcp." + domain, DnsBytes.Srv(0, 0, 443, "avatars." + domain)));
        await using var resolver = _zone.Serve();
        using var discovery = Create(resolver);

        var found = await discovery.FindManyAsync([.. domains, "D7.example", "localhost"], SchemePolicy.HttpsOnly);

        found.Count.ShouldBe(101);
        found["d7.example"].Bases.ShouldHaveSingleItem().Text.ShouldBe("https://avatars.d7.example");
        resolver.Asked.Count.ShouldBe(100);
    }

    [Fact]
    public async Task Look_ups_that_pile_up_are_limited()
    {
        await using var resolver = StandInResolver.Silent();
        using var discovery = new ServerDiscovery(TestZone.Options(resolver) with { MaxWaiting = 1 }, _time);

        discovery.Recall("one.example", SchemePolicy.HttpsOnly);
        discovery.Recall("two.example", SchemePolicy.HttpsOnly);
        await resolver.Heard.WaitAsync();

        (await discovery.FindAsync("three.example", SchemePolicy.HttpsOnly)).Bases.ShouldBeEmpty();
        resolver.Asked.ShouldHaveSingleItem().Name.ShouldEndWith("one.example");
    }

    [Fact]
    [Trait("Requirement", "L-84")]
    public async Task A_domain_may_say_that_it_has_no_service()
    {
        _zone.With(Secure, DnsBytes.Srv(0, 0, 0, ""));
        await using var resolver = _zone.Serve();
        using var discovery = Create(resolver);

        (await discovery.FindAsync("club.example", SchemePolicy.HttpsOnly)).Status.ShouldBe(DiscoveryStatus.Absent);
        (await discovery.FindAsync("other.example", SchemePolicy.HttpsOnly)).Status.ShouldBe(DiscoveryStatus.None);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("printer.local")]
    [InlineData("intranet")]
    [InlineData("club.example.org.invalid")]
    public async Task What_need_not_be_asked_is_not(string domain)
    {
        await using var resolver = _zone.Serve();
        using var discovery = Create(resolver);

        (await discovery.FindAsync(domain, SchemePolicy.PreferHttps)).Status.ShouldBe(DiscoveryStatus.NotAsked);
        discovery.Recall(domain, SchemePolicy.PreferHttps).Status.ShouldBe(DiscoveryStatus.NotAsked);
        resolver.Asked.ShouldBeEmpty();
    }

    private ServerDiscovery Create(StandInResolver resolver) => new(TestZone.Options(resolver), _time);
}
