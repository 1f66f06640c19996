using Likeness.AspNetCore.Tests.Support;
using Likeness.Libravatar.Tests.Fetching;
using Likeness.Libravatar.Tests.Support;

namespace Likeness.AspNetCore.Tests.Proxy;

public sealed class SlowServerTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(700);
    private static readonly byte[] Bytes = TestPicture.Png(48);

    private readonly ManualTime _time = new();
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task A_slow_server_is_not_waited_for_and_its_picture_comes_the_next_time()
    {
        await using var avatars = Slow();
        await using var site = await Start(avatars);
        var source = await site.Source("anne@club.example");

        var shown = await ShowBegun(site, source);
        _time.Advance(Timeout);
        using var face = await shown;
        _release.SetResult();
        using var picture = await site.Client.GetAsync(source);

        face.Content.Headers.ContentType!.MediaType.ShouldBe("image/svg+xml");
        face.Headers.CacheControl!.MaxAge!.Value.ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(5));
        (await picture.Content.ReadAsByteArrayAsync()).ShouldBe(Bytes);
        avatars.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_picture_that_was_prefetched_is_shown_to_the_first_visitor()
    {
        await using var avatars = Slow();
        await using var site = await Start(avatars);
        var prefetch = site.Links.PrefetchAsync(["anne@club.example", "anne@club.example", null, "no address"], 48);
        _release.SetResult();
        await prefetch;

        using var picture = await site.Picture("anne@club.example", 48);
        using var sharp = await site.Picture("anne@club.example", 144);

        picture.Content.Headers.ContentType!.MediaType.ShouldBe("image/png");
        sharp.Content.Headers.ContentType!.MediaType.ShouldBe("image/png");
        avatars.Requests.Count.ShouldBe(3, "one for each density");
    }

    [Fact]
    public async Task Many_people_of_one_server_share_few_connections()
    {
        await using var avatars = Slow();
        await using var site = await Start(avatars, options => options.Client = options.Client with { Fetch = options.Client.Fetch with { MaxConnectionsPerServer = 2 } });
        var sources = new List<string>();
        for (var person = 0; person < 6; person++)
        {
            sources.Add(await site.Source($"member{person}@club.example"));
        }

        var shown = new List<Task<HttpResponseMessage>>();
        foreach (var source in sources)
        {
            shown.Add(await ShowBegun(site, source));
        }

        _time.Advance(Timeout);
        await Task.WhenAll(shown);
        _release.SetResult();
        var pictures = await Task.WhenAll(sources.Select(source => site.Client.GetByteArrayAsync(source)));

        pictures.ShouldAllBe(bytes => bytes.SequenceEqual(Bytes));
        avatars.Requests.Count.ShouldBe(6);
        avatars.Connections.ShouldBeLessThanOrEqualTo(2);
    }

    /// <summary>A request that has begun to wait.</summary>
    private async Task<Task<HttpResponseMessage>> ShowBegun(TestSite site, string source)
    {
        var waits = _time.TimerOf(Timeout);
        var shown = site.Client.GetAsync(source);
        await waits;
        return shown;
    }

    private StandInServer Slow() => new(async connection =>
    {
        while (await connection.ReadRequest() is not null)
        {
            await _release.Task.WaitAsync(connection.End);
            await connection.Send(Answers.Picture(Bytes));
        }
    });

    private Task<TestSite> Start(StandInServer avatars, Action<AvatarSiteOptions>? change = null) => TestSite.Start(
        avatars,
        options =>
        {
            options.Timeout = Timeout;
            change?.Invoke(options);
        },
        _time);
}
