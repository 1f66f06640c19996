using Likeness.Libravatar.Discovery;
using Likeness.Libravatar.Tests.Resolving;
using Likeness.Libravatar.Tests.Support;

namespace Likeness.Libravatar.Tests.Discovery;

[Trait("Requirement", "L-89")]
public sealed class RememberedServersTests
{
    private const string Secure = "_avatars-sec._tcp.club.example";

    private readonly ManualTime _time = new();
    private readonly TestZone _zone = new();

    [Theory]
    [InlineData(60, 300)]
    [InlineData(3_600, 3_600)]
    [InlineData(30_000_000, 604_800)]
    public async Task An_answer_is_kept_for_its_time_within_bounds(int seconds, int kept)
    {
        _zone.With(Secure, DnsBytes.Srv(0, 0, 443, "secure.example", seconds));

        await IsKeptFor(TimeSpan.FromSeconds(kept));
    }

    [Theory]
    [InlineData(1, 300)]
    [InlineData(600, 600)]
    [InlineData(86_400, 3_600)]
    public async Task No_answer_is_kept_for_its_time_within_bounds(int seconds, int kept)
    {
        _zone.NegativeSeconds = seconds;

        await IsKeptFor(TimeSpan.FromSeconds(kept));
    }

    [Fact]
    public async Task A_failure_is_kept_for_a_minute()
    {
        _zone.Code = 2;

        await IsKeptFor(TimeSpan.FromMinutes(1));
    }

    [Fact(Timeout = 30_000)]
    public async Task A_stale_answer_is_used_while_it_is_refreshed()
    {
        _zone.With(Secure, DnsBytes.Srv(0, 0, 443, "old.example"));
        await using var resolver = _zone.Serve();
        using var discovery = Create(resolver);
        await Find(discovery, resolver);

        _zone.With(Secure, DnsBytes.Srv(0, 0, 443, "new.example"));
        _time.Advance(TimeSpan.FromMinutes(5));

        (await discovery.FindAsync("club.example", SchemePolicy.HttpsOnly)).Bases[0].Text.ShouldBe("https://old.example");
        await resolver.Heard.WaitAsync(TestContext.Current.CancellationToken);
        await Until(() => discovery.Recall("club.example", SchemePolicy.HttpsOnly).Bases[0].Text == "https://new.example");
    }

    [Fact]
    public async Task Servers_found_once_outlive_a_failure_by_a_day()
    {
        _zone.With(Secure, DnsBytes.Srv(0, 0, 443, "secure.example"));
        await using var resolver = _zone.Serve();
        using var discovery = Create(resolver);
        await Find(discovery, resolver);

        _zone.Code = 2;
        _time.Advance(TimeSpan.FromHours(24));

        discovery.Recall("club.example", SchemePolicy.HttpsOnly).Bases.Length.ShouldBe(1);
        await resolver.Heard.WaitAsync();
        discovery.Recall("club.example", SchemePolicy.HttpsOnly).Bases.Length.ShouldBe(1);
    }

    [Fact]
    public async Task Servers_found_once_do_not_outlive_a_failure_by_more_than_a_day()
    {
        _zone.With(Secure, DnsBytes.Srv(0, 0, 443, "secure.example"));
        await using var resolver = _zone.Serve();
        using var discovery = Create(resolver);
        await Find(discovery, resolver);

        _zone.Code = 2;
        _time.Advance(TimeSpan.FromHours(24) + TimeSpan.FromMinutes(5));

        (await discovery.FindAsync("club.example", SchemePolicy.HttpsOnly)).Bases.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_used_longest_ago_is_forgotten_first()
    {
        await using var resolver = _zone.Serve();
        using var discovery = new ServerDiscovery(TestZone.Options(resolver) with { Capacity = 2 }, _time);
        foreach (var domain in (string[])["one.example", "two.example", "one.example", "three.example", "one.example"])
        {
            await discovery.FindAsync(domain, SchemePolicy.HttpsOnly);
        }

        resolver.Asked.Count.ShouldBe(3);
        discovery.Recall("two.example", SchemePolicy.HttpsOnly).Status.ShouldBe(DiscoveryStatus.Pending);
    }

    private async Task IsKeptFor(TimeSpan time)
    {
        await using var resolver = _zone.Serve();
        using var discovery = Create(resolver);
        await Find(discovery, resolver);

        _time.Advance(time - TimeSpan.FromSeconds(1));
        discovery.Recall("club.example", SchemePolicy.HttpsOnly).Status.ShouldNotBe(DiscoveryStatus.Pending);
        resolver.Asked.Count.ShouldBe(1);

        _time.Advance(TimeSpan.FromSeconds(1));
        discovery.Recall("club.example", SchemePolicy.HttpsOnly);
        await resolver.Heard.WaitAsync();
    }

    private static async Task Find(ServerDiscovery discovery, StandInResolver resolver)
    {
        await discovery.FindAsync("club.example", SchemePolicy.HttpsOnly);
        await resolver.Heard.WaitAsync();
    }

    private static async Task Until(Func<bool> condition)
    {
        while (!condition())
        {
            await Task.Yield();
        }
    }

    private ServerDiscovery Create(StandInResolver resolver) => new(TestZone.Options(resolver), _time);
}
