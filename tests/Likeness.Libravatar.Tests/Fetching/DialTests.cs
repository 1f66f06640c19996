using System.Net;
using System.Net.Sockets;
using Likeness.Libravatar.Fetching;
using Likeness.Libravatar.Tests.Support;

namespace Likeness.Libravatar.Tests.Fetching;

[Trait("Requirement", "L-75")]
public sealed class DialTests
{
    private static readonly IPAddress Good = IPAddress.Parse("127.0.0.3");
    private static readonly IPAddress Bad = IPAddress.Parse("127.0.0.2");

    [Fact]
    public async Task Loopback_is_not_dialled_by_default()
    {
        await using var server = StandInServer.Answering(_ => Answers.Picture(Answers.Png));

        var result = await TestFetch.Fetch(server.Url(), options => options with { MayConnect = new SafeFetchOptions().MayConnect });

        result.ShouldBe(new FetchResult.Refused(FetchRefusal.Address));
        server.Connections.ShouldBe(0);
    }

    [Fact]
    public async Task Of_a_mixed_answer_only_the_allowed_addresses_are_dialled()
    {
        await using var good = StandInServer.Answering(_ => Answers.Picture(Answers.Png), new IPEndPoint(Good, 0));
        await using var bad = StandInServer.Answering(_ => Answers.Picture(Answers.Png), new IPEndPoint(Bad, good.Port));

        var result = await TestFetch.Fetch(good.Url(), options => Answering(options, Bad, Bad.MapToIPv6(), Good));

        result.ShouldBeOfType<FetchResult.Fetched>();
        bad.Connections.ShouldBe(0);
        good.Connections.ShouldBe(1);
    }

    [Fact]
    public async Task The_checked_address_is_the_dialled_one_even_if_the_next_answer_differs()
    {
        await using var good = StandInServer.Answering(_ => Answers.Picture(Answers.Png), new IPEndPoint(Good, 0));
        await using var bad = StandInServer.Answering(_ => Answers.Picture(Answers.Png), new IPEndPoint(Bad, good.Port));
        var questions = 0;

        var result = await TestFetch.Fetch(good.Url(), options => options with
        {
            MayConnect = address => !address.Equals(Bad),
            Resolve = (_, _) => ValueTask.FromResult<IPAddress[]>([Interlocked.Increment(ref questions) == 1 ? Good : Bad]),
        });

        result.ShouldBeOfType<FetchResult.Fetched>();
        questions.ShouldBe(1);
        bad.Connections.ShouldBe(0);
    }

    [Fact]
    public async Task An_address_in_the_URL_is_checked_like_any_other()
    {
        await using var server = StandInServer.Answering(_ => Answers.Picture(Answers.Png), new IPEndPoint(Good, 0));

        (await TestFetch.Fetch(server.Url(host: "127.0.0.3"))).ShouldBeOfType<FetchResult.Fetched>();
        (await TestFetch.Fetch(server.Url(host: "[::ffff:127.0.0.3]"), options => Answering(options, Bad))).ShouldBeOfType<FetchResult.Fetched>();
        (await TestFetch.Fetch(server.Url(host: "127.0.0.3"), options => options with { MayConnect = PublicAddress.IsPublic })).ShouldBe(new FetchResult.Refused(FetchRefusal.Address));
    }

    [Fact]
    [Trait("Requirement", "L-8A")]
    public async Task A_server_with_an_IPv6_address_alone_is_reached()
    {
        await using var server = StandInServer.Answering(_ => Answers.Picture(Answers.Png), new IPEndPoint(IPAddress.IPv6Loopback, 0));

        (await TestFetch.Fetch(server.Url(), options => Answering(options, IPAddress.IPv6Loopback))).ShouldBeOfType<FetchResult.Fetched>();
    }

    [Fact]
    [Trait("Requirement", "L-8A")]
    public async Task A_dead_address_is_followed_by_the_next_one()
    {
        await using var server = StandInServer.Answering(_ => Answers.Picture(Answers.Png), new IPEndPoint(Good, 0));

        (await TestFetch.Fetch(server.Url(), options => Answering(options, IPAddress.IPv6Loopback, IPAddress.Loopback, Good))).ShouldBeOfType<FetchResult.Fetched>();
    }

    [Fact]
    [Trait("Requirement", "L-8A")]
    public async Task A_silent_address_is_overtaken_by_the_next_one_after_a_quarter_of_a_second()
    {
        await using var server = StandInServer.Answering(_ => Answers.Picture(Answers.Png), new IPEndPoint(Good, 0));
        using var silent = new SilentListener(new IPEndPoint(Bad, server.Port));
        var time = new ManualTime();
        var headStart = time.TimerOf(TimeSpan.FromMilliseconds(250));

        var fetching = TestFetch.Fetch(server.Url(), options => Answering(options, Bad, Good) with { MayConnect = IPAddress.IsLoopback }, time);
        await headStart;
        time.Advance(TimeSpan.FromMilliseconds(250));

        (await fetching).ShouldBeOfType<FetchResult.Fetched>();
    }

    [Fact]
    public async Task Nobody_there_is_a_failure()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        (await TestFetch.Fetch(new Uri($"http://avatars.example:{port}/"))).ShouldBe(new FetchResult.Failed(FetchFailure.Unreachable));
    }

    [Fact]
    public async Task A_name_without_addresses_is_a_failure()
    {
        var source = new Uri("http://avatars.example/");
        var unresolved = new FetchResult.Failed(FetchFailure.Unresolved);

        (await TestFetch.Fetch(source, options => Answering(options))).ShouldBe(unresolved);
        (await TestFetch.Fetch(source, options => options with { Resolve = (_, _) => throw new SocketException((int)SocketError.HostNotFound) })).ShouldBe(unresolved);
    }

    private static SafeFetchOptions Answering(SafeFetchOptions options, params IPAddress[] addresses) => options with
    {
        MayConnect = address => IPAddress.IsLoopback(address) && !address.Equals(Bad),
        Resolve = (_, _) => ValueTask.FromResult(addresses),
    };

    /// <summary>Takes no connection: its queue is full.</summary>
    private sealed class SilentListener : IDisposable
    {
        private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        private readonly Socket _waiting = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        public SilentListener(IPEndPoint at)
        {
            _listener.Bind(at);
            _listener.Listen(0);
            _waiting.Connect(at);
        }

        public void Dispose()
        {
            _waiting.Dispose();
            _listener.Dispose();
        }
    }
}
