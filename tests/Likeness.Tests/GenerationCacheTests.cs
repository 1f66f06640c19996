namespace Likeness.Tests;

public sealed class GenerationCacheTests
{
    private readonly GenerationCache<int, string> _cache = new(100, text => text.Length);

    [Fact]
    public void What_was_set_is_found()
    {
        _cache.Set(1, "one");

        _cache.TryGet(1, out var value).ShouldBeTrue();
        value.ShouldBe("one");
        _cache.TryGet(2, out _).ShouldBeFalse();
    }

    [Fact]
    public void What_was_removed_is_gone_from_both_generations()
    {
        _cache.Set(1, new string('a', 51));
        _cache.Set(2, "young");

        _cache.Remove(1);
        _cache.Remove(2);

        _cache.TryGet(1, out _).ShouldBeFalse();
        _cache.TryGet(2, out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Who_asks_for_what_is_not_there_waits_for_nobody()
    {
        using var begun = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        var cache = new GenerationCache<int, string>(100, text =>
        {
            begun.Set();
            go.Wait();
            return text.Length;
        });
        var writer = Task.Run(() => cache.Set(1, "one"), TestContext.Current.CancellationToken);
        begun.Wait(TestContext.Current.CancellationToken);

        var asked = await Task.Run(() => cache.TryGet(2, out _), TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        asked.ShouldBeFalse();
        go.Set();
        await writer;
    }

    [Fact]
    public void The_weight_stays_within_the_capacity()
    {
        for (var key = 0; key < 1000; key++)
        {
            _cache.Set(key, "0123456789");
        }

        Enumerable.Range(0, 1000).Count(key => _cache.TryGet(key, out _)).ShouldBeInRange(1, 12);
    }

    [Fact]
    public void What_is_used_survives_what_is_not()
    {
        _cache.Set(1, "used");
        for (var key = 2; key < 200; key++)
        {
            _cache.Set(key, "0123456789");
            _cache.TryGet(1, out _).ShouldBeTrue();
        }

        _cache.TryGet(2, out _).ShouldBeFalse();
    }

    [Fact]
    public void Replacing_a_value_counts_it_once()
    {
        for (var round = 0; round < 100; round++)
        {
            _cache.Set(1, "0123456789");
        }

        _cache.Set(2, "0123456789");

        _cache.TryGet(1, out _).ShouldBeTrue();
        _cache.TryGet(2, out _).ShouldBeTrue();
    }

    [Fact]
    public async Task A_reader_never_brings_back_a_value_that_was_replaced_meanwhile()
    {
        for (var round = 0; round < 2000; round++)
        {
            var cache = new GenerationCache<int, string>(10, text => text.Length);
            cache.Set(1, "before");
            using var start = new Barrier(2);
            var reader = Task.Run(() =>
            {
                start.SignalAndWait();
                cache.TryGet(1, out _);
            });
            start.SignalAndWait();
            cache.Set(1, "new");
            await reader;

            cache.TryGet(1, out var value).ShouldBeTrue();
            value.ShouldBe("new");
        }
    }
}
