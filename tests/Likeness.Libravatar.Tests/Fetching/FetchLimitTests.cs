using Likeness.Libravatar.Fetching;
using Likeness.Libravatar.Tests.Support;

namespace Likeness.Libravatar.Tests.Fetching;

[Trait("Requirement", "L-75")]
public sealed class FetchLimitTests
{
    private static readonly FetchResult TimedOut = new FetchResult.Failed(FetchFailure.TimedOut);
    private static readonly FetchResult TooLarge = new FetchResult.Refused(FetchRefusal.BodyTooLarge);

    private readonly ManualTime _time = new();

    [Fact]
    [Trait("Requirement", "L-62")]
    public async Task A_server_that_never_answers_is_given_five_seconds()
    {
        var asked = new TaskCompletionSource();
        await using var server = new StandInServer(async connection =>
        {
            await connection.ReadRequest();
            asked.SetResult();
            await connection.Hang();
        });

        var fetching = TestFetch.Fetch(server.Url(), time: _time);
        await asked.Task;
        _time.Advance(TimeSpan.FromSeconds(4.9));
        fetching.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(0.1));

        (await fetching).ShouldBe(TimedOut);
    }

    [Fact]
    public async Task A_body_that_drips_is_not_waited_for_longer_than_any_other()
    {
        await using var server = new StandInServer(async connection =>
        {
            await connection.ReadRequest();
            await connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
            foreach (var next in Answers.Png)
            {
                await connection.Send([next]);
                _time.Advance(TimeSpan.FromSeconds(1));
            }
        });

        (await TestFetch.Fetch(server.Url(), time: _time)).ShouldBe(TimedOut);
    }

    [Fact]
    public async Task A_redirect_does_not_start_the_time_anew()
    {
        await using var server = StandInServer.Answering(_ =>
        {
            _time.Advance(TimeSpan.FromSeconds(2));
            return Answers.Redirect("/again");
        });

        (await TestFetch.Fetch(server.Url(), time: _time)).ShouldBe(TimedOut);
        server.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_look_up_that_hangs_counts_too()
    {
        var asked = new TaskCompletionSource();
        var fetching = TestFetch.Fetch(
            new Uri("http://avatars.example/"),
            options => options with
            {
                Resolve = async (_, cancellationToken) =>
                {
                    asked.SetResult();
                    await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
                    return [];
                },
            },
            _time);
        await asked.Task;
        _time.Advance(TimeSpan.FromSeconds(5));

        (await fetching).ShouldBe(TimedOut);
    }

    [Fact]
    public async Task The_callers_own_cancellation_is_thrown()
    {
        using var source = new CancellationTokenSource();
        await using var server = new StandInServer(async connection =>
        {
            await connection.ReadRequest();
            await source.CancelAsync();
            await connection.Hang();
        });
        using var fetch = TestFetch.Create(time: _time);

        await Should.ThrowAsync<OperationCanceledException>(() => fetch.FetchAsync(server.Url(), source.Token));
    }

    [Fact]
    public async Task A_body_announced_as_too_large_is_not_read()
    {
        await using var server = new StandInServer(async connection =>
        {
            await connection.ReadRequest();
            await connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 5242881\r\n\r\n");
            await connection.Hang();
        });

        (await TestFetch.Fetch(server.Url(), time: _time)).ShouldBe(TooLarge);
    }

    [Theory]
    [InlineData("Transfer-Encoding: chunked\r\n")]
    [InlineData("Connection: close\r\n")]
    public async Task An_endless_body_is_read_to_the_limit_and_no_further(string headers)
    {
        var isChunked = headers.Contains("chunked", StringComparison.Ordinal);
        byte[] piece = isChunked ? [.. "10000\r\n"u8, .. new byte[65536], .. "\r\n"u8] : new byte[65536];
        await using var server = new StandInServer(async connection =>
        {
            await connection.ReadRequest();
            await connection.Send("HTTP/1.1 200 OK\r\n" + headers + "\r\n");
            while (true)
            {
                await connection.Send(piece);
            }
        });

        (await TestFetch.Fetch(server.Url(), time: _time)).ShouldBe(TooLarge);
    }

    [Theory]
    [InlineData(27, true)]
    [InlineData(26, false)]
    [InlineData(1, false)]
    public async Task The_limit_is_exact(int limit, bool fits)
    {
        await using var server = new StandInServer(async connection =>
        {
            await connection.ReadRequest();
            await connection.Send([.. "HTTP/1.1 200 OK\r\n\r\n"u8, .. Answers.Png]);
        });

        Answers.Png.Length.ShouldBe(27);
        (await TestFetch.Fetch(server.Url(), options => options with { MaxBodyBytes = limit })).ShouldBeOfType(fits ? typeof(FetchResult.Fetched) : typeof(FetchResult.Refused));
    }

    [Theory]
    [InlineData("X-Long: ", 20_000, 1)]
    [InlineData("X-Many: ", 10, 2_000)]
    public async Task A_flood_of_headers_is_refused(string name, int length, int count)
    {
        var flood = string.Concat(Enumerable.Repeat($"{name}{new string('a', length)}\r\n", count));
        await using var server = StandInServer.Answering(_ => Answers.Status(200, flood));

        (await TestFetch.Fetch(server.Url())).ShouldBe(new FetchResult.Refused(FetchRefusal.HeaderTooLarge));
    }

    [Fact]
    public async Task Interim_answers_without_end_are_given_five_seconds()
    {
        await using var server = new StandInServer(async connection =>
        {
            await connection.ReadRequest();
            while (true)
            {
                await connection.Send("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n");
                _time.Advance(TimeSpan.FromMilliseconds(100));
            }
        });

        (await TestFetch.Fetch(server.Url(), time: _time)).ShouldBe(TimedOut);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(5, 0)]
    [InlineData(5, int.MaxValue)]
    public void Limits_that_mean_nothing_are_refused(int seconds, int bytes) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new SafeFetch(new SafeFetchOptions { Timeout = TimeSpan.FromSeconds(seconds), MaxBodyBytes = bytes }));
}
