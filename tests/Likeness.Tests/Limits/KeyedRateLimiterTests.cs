using Likeness.Limits;

namespace Likeness.Tests.Limits;

public sealed class KeyedRateLimiterTests
{
    private static readonly RateLimit TenAMinute = new(10, TimeSpan.FromMinutes(1));
    private readonly ManualClock _clock = new();

    [Fact]
    public void What_was_taken_comes_back_evenly()
    {
        var limiter = new KeyedRateLimiter<string>(TenAMinute, 100, _clock);
        Drain(limiter, "romeo").ShouldBe(10);

        limiter.Take("romeo").ShouldBe(TimeSpan.FromSeconds(6), TimeSpan.FromMilliseconds(1));
        _clock.Pass(TimeSpan.FromSeconds(6.1));
        limiter.Take("romeo").ShouldBe(TimeSpan.Zero);
        limiter.Take("romeo").ShouldBeGreaterThan(TimeSpan.Zero);
        limiter.Take("juliet").ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void Never_more_is_there_than_can_be_taken_at_once()
    {
        var limiter = new KeyedRateLimiter<string>(TenAMinute, 100, _clock);
        limiter.Take("romeo");
        _clock.Pass(TimeSpan.FromDays(1));
        limiter.Return("romeo", 5);

        Drain(limiter, "romeo").ShouldBe(10);
    }

    [Fact]
    public void What_did_not_count_is_given_back()
    {
        var limiter = new KeyedRateLimiter<string>(TenAMinute, 100, _clock);
        for (var time = 0; time < 1000; time++)
        {
            limiter.Take("romeo").ShouldBe(TimeSpan.Zero);
            limiter.Return("romeo");
        }
    }

    [Fact]
    public void A_cost_above_everything_waits_for_everything()
    {
        var limiter = new KeyedRateLimiter<string>(TenAMinute, 100, _clock);
        limiter.Take("romeo", 50).ShouldBe(TimeSpan.Zero);
        limiter.Take("romeo", 50).ShouldBe(TimeSpan.FromMinutes(1), TimeSpan.FromMilliseconds(1));
    }

    [Fact]
    [Trait("Requirement", "C-49")]
    public void A_flood_of_keys_pushes_out_the_quiet_ones_and_never_the_whole_table()
    {
        var limiter = new KeyedRateLimiter<int>(TenAMinute, 1000, _clock);
        Drain(limiter, -1);
        for (var key = 0; key < 100_000; key++)
        {
            limiter.Take(key);
            limiter.Take(-1).ShouldBeGreaterThan(TimeSpan.Zero);
        }

        limiter.Count.ShouldBe(1000);
        Drain(limiter, 99_500).ShouldBe(9);
        Drain(limiter, 98_000).ShouldBe(10);
    }

    [Fact]
    public void Many_at_once_get_no_more_than_there_is()
    {
        var limiter = new KeyedRateLimiter<int>(TenAMinute, 16, _clock);
        var taken = 0;
        Parallel.For(0, 20_000, index =>
        {
            if (limiter.Take(index % 8) == TimeSpan.Zero)
            {
                Interlocked.Increment(ref taken);
            }
        });

        taken.ShouldBe(80);
    }

    private static int Drain<TKey>(KeyedRateLimiter<TKey> limiter, TKey key)
        where TKey : notnull
    {
        var taken = 0;
        while (limiter.Take(key) == TimeSpan.Zero)
        {
            taken++;
        }

        return taken;
    }
}
