using System.Net.Sockets;
using System.Text;
using Likeness.Http.Tests.Hosting;
using Likeness.Imaging;
using static Likeness.Http.Tests.AvatarImageTests;
using static Likeness.Http.Tests.Hosting.AvatarServer;

namespace Likeness.Http.Tests;

public sealed class FastPathTests : IAsyncLifetime
{
    private readonly string _juliet = $"/avatar/{HashOf(Juliet)}";
    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(30));
    private AvatarServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await Start();
        await _server.Give(Juliet, "a rose");
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _patience.Dispose();
    }

    [Fact]
    public async Task Plain_requests_never_reach_the_web_server_not_even_the_first()
    {
        await _server.Get(true, _juliet);
        await _server.Get(true, $"{_juliet}.png?s=40&d=identicon&f=y", "User-Agent: x", "Accept: image/*", "Cookie: a=b", "Connection: keep-alive");
        await _server.Ask(true, "HEAD", _juliet);
        await _server.Get(true, _juliet, "If-None-Match: \"x\"");
        await _server.Get(true, "/avatar/nobody?d=404");

        _server.OrdinaryRequests.ShouldBe(0);
        await _server.Get(false, _juliet);
        _server.OrdinaryRequests.ShouldBe(1);
    }

    [Fact]
    public async Task Pipelined_requests_are_answered_in_order()
    {
        using var client = await _server.Connect(fast: true);
        var sizes = Enumerable.Range(1, 300).ToList();
        await Write(client, string.Concat(sizes.Select(size => Request($"{_juliet}?s={size}"))));

        foreach (var size in sizes)
        {
            (await Read(client))!.Body.ShouldBe(Photo(size, ImageFormat.Jpeg));
        }

        _server.OrdinaryRequests.ShouldBe(0);
    }

    [Fact]
    public async Task A_request_may_arrive_byte_by_byte()
    {
        using var client = await _server.Connect(fast: true);
        foreach (var letter in Request(_juliet) + Request(_juliet + "?s=20"))
        {
            await Write(client, letter.ToString());
        }

        (await Read(client))!.Body.ShouldBe(Photo(80, ImageFormat.Jpeg));
        (await Read(client))!.Body.ShouldBe(Photo(20, ImageFormat.Jpeg));
        _server.OrdinaryRequests.ShouldBe(0);
    }

    [Fact]
    public async Task An_unfamiliar_request_goes_to_the_web_server_with_all_its_bytes()
    {
        using var client = await _server.Connect(fast: true);
        await Write(
            client,
            Request(_juliet)
            + "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 44\r\n\r\nGET /avatar/smuggled HTTP/1.1\r\nHost: a\r\n\r\nxx"
            + Request("/hello")
            + Request(_juliet + "?s=20"));

        (await Read(client))!.Body.ShouldBe(Photo(80, ImageFormat.Jpeg));
        var chunked = await ReadUntil(client, "\r\n0\r\n\r\n");
        chunked.ShouldContain("GET /avatar/smuggled HTTP/1.1\r\nHost: a\r\n\r\nxx");
        await ReadUntil(client, "hello");
        await ReadUntil(client, Photo(20, ImageFormat.Jpeg));
        _server.OrdinaryRequests.ShouldBe(3);
    }

    [Theory]
    [InlineData("Content-Length: 0", 200)]
    [InlineData("content-length: 5\r\nContent-Length: 6", 400)]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 5", 200)]
    [InlineData("Transfer-Encoding : chunked", 400)]
    [InlineData("Expect: 100-continue", 200)]
    [InlineData("Upgrade: websocket\r\nConnection: upgrade", 200)]
    [InlineData("Connection: close", 200)]
    [InlineData("Connection: keep-alive, close", 200)]
    [InlineData("Range: bytes=0-1", 200)]
    [InlineData("X-Folded: a\r\n b", 400)]
    [InlineData("X: a\nContent-Length: 5", 200)]
    [InlineData("X: a\rb", 400)]
    [InlineData("No colon", 400)]
    [InlineData(": empty", 400)]
    [InlineData("Na me: x", 400)]
    [InlineData("Host: twice", 400)]
    public async Task What_is_not_exactly_understood_is_left_to_the_web_server(string header, int status)
    {
        var fast = await _server.Get(true, _juliet, header);
        var handled = _server.OrdinaryRequests;
        var ordinary = await _server.Get(false, _juliet, header);

        fast.Status.ShouldBe(status);
        fast.Comparable().ShouldBe(ordinary.Comparable());
        handled.ShouldBe(status == 200 ? 1 : 0);
    }

    [Theory]
    [InlineData("GET {0} HTTP/1.1\r\n\r\n", 400)]
    [InlineData("GET {0} HTTP/1.1\nHost: a\n\n", 200)]
    [InlineData("GET {0} HTTP/1.0\r\n\r\n", 200)]
    [InlineData("GET {0} HTTP/1.2\r\nHost: a\r\n\r\n", 505)]
    [InlineData("GET  {0} HTTP/1.1\r\nHost: a\r\n\r\n", 400)]
    [InlineData("GET {0}  HTTP/1.1\r\nHost: a\r\n\r\n", 200)]
    [InlineData("get {0} HTTP/1.1\r\nHost: a\r\n\r\n", 200)]
    [InlineData("GET http://a{0} HTTP/1.1\r\nHost: a\r\n\r\n", 200)]
    [InlineData("GET {0} HTTP/1.1\r\nHost: a b\r\n\r\n", 400)]
    [InlineData("GET {0}\0 HTTP/1.1\r\nHost: a\r\n\r\n", 400)]
    [InlineData("\r\nGET {0} HTTP/1.1\r\nHost: a\r\n\r\n", 200)]
    public async Task Odd_request_lines_get_the_web_servers_judgement(string format, int status)
    {
        var request = Encoding.Latin1.GetBytes(format.Replace("{0}", _juliet, StringComparison.Ordinal));
        var fast = await _server.Send(true, request);
        var ordinary = await _server.Send(false, request);

        fast!.Status.ShouldBe(status);
        fast.Comparable().ShouldBe(ordinary!.Comparable());
    }

    [Fact]
    public async Task A_head_too_long_for_the_fast_path_is_served_by_the_web_server()
    {
        var answer = await _server.Get(true, _juliet, $"X-Long: {new string('a', 9000)}");

        answer.Body.ShouldBe(Photo(80, ImageFormat.Jpeg));
        _server.OrdinaryRequests.ShouldBe(1);
    }

    [Fact]
    public async Task Half_a_request_at_the_end_of_the_connection_is_answered_by_nobody_or_400()
    {
        using var client = await _server.Connect(fast: true);
        var stream = client.GetStream();
        await Write(client, Request(_juliet) + "GET /avatar/ha");
        client.Client.Shutdown(SocketShutdown.Send);

        (await Answer.Read(stream, isHead: false, _patience.Token))!.Status.ShouldBe(200);
        ((await Answer.Read(stream, isHead: false, _patience.Token))?.Status ?? 400).ShouldBe(400);
    }

    [Fact]
    public async Task A_stopping_server_lets_idle_connections_go()
    {
        await using var server = await Start();
        using var client = await server.Connect(fast: true);
        await Write(client, Request("/avatar/nobody"));
        (await Read(client))!.Status.ShouldBe(200);

        var stopping = server.Stop();

        (await Read(client)).ShouldBeNull();
        await stopping;
    }

    [Fact]
    public async Task A_prepared_answer_is_found_without_allocating()
    {
        var target = Encoding.ASCII.GetBytes(HashOf(Juliet) + "?s=80");
        for (var round = 0; round < 3; round++)
        {
            await _server.Endpoint.Prepare([.. target]);
        }

        _server.Endpoint.TryRecall(target, out _).ShouldBeTrue();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 1000; round++)
        {
            _server.Endpoint.TryRecall(target, out _);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static string Request(string target) => $"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private async Task Write(TcpClient client, string text) =>
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(text), _patience.Token);

    private Task<Answer?> Read(TcpClient client) => Answer.Read(client.GetStream(), isHead: false, _patience.Token);

    private async Task<string> ReadUntil(TcpClient client, string end)
    {
        var text = new StringBuilder();
        var one = new byte[1];
        while (!text.ToString().EndsWith(end, StringComparison.Ordinal))
        {
            (await client.GetStream().ReadAsync(one, _patience.Token)).ShouldBe(1, text.ToString());
            text.Append((char)one[0]);
        }

        return text.ToString();
    }
}
