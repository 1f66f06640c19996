using System.Net.Sockets;
using System.Text;
using Likeness.Http.FastPath;
using Likeness.Http.Tests.Hosting;
using static Likeness.Http.Tests.Hosting.AvatarServer;

namespace Likeness.Http.Tests;

public sealed class FastPathFuzzTests
{
    private static readonly string[] Scraps =
    [
        "\r\n", "\n", "\r", "\0", " ", "\t", ":", "%", "..", "/", "?", "&", "#", "\u00FF", "\r\n\r\n", "HTTP/1.0", "HTTP/1.1", "GET ", "HEAD ", "Host: b\r\n",
        "Content-Length: 3\r\n", "Transfer-Encoding: chunked\r\n", "Connection: close\r\n", "Connection: keep-alive\r\n", "If-None-Match: *\r\n", " folded\r\n", "X: y\r\n",
    ];

    [Fact]
    public Task Mutated_requests_get_the_answers_of_the_web_server() => Compare(seed: 1, cases: 300);

    [Fact]
    [Trait("Category", "Long")]
    public Task Many_mutated_requests_get_the_answers_of_the_web_server() => Compare(seed: Environment.TickCount, cases: 3_000);

    [Fact]
    public void Any_prefix_of_a_request_is_incomplete_and_the_whole_is_an_avatar()
    {
        var request = Encoding.ASCII.GetBytes("HEAD /avatar/abc.png?s=1 HTTP/1.1\r\nHost: [a\r\n".Replace("[", "", StringComparison.Ordinal) + "If-None-Match: \"x\"\r\n\r\n");
        for (var length = 0; length < request.Length; length++)
        {
            FastRequest.Read(request.AsSpan(0, length), out _).ShouldBe(FastRequestKind.Incomplete, $"{length}");
        }

        FastRequest.Read([.. request, (byte)'G'], out var read).ShouldBe(FastRequestKind.Avatar);
        read.Length.ShouldBe(request.Length);
        read.IsHead.ShouldBeTrue();
        Encoding.ASCII.GetString(read.Target).ShouldBe("abc.png?s=1");
    }

    [Fact]
    public void Random_bytes_never_throw()
    {
        var random = new Random(3);
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = Encoding.Latin1.GetBytes(Mutate(random, "GET /avatar/abc HTTP/1.1\r\nHost: a\r\n\r\n", random.Next(1, 8)));
            var kind = FastRequest.Read(bytes, out var request);

            request.Length.ShouldBeInRange(0, bytes.Length);
            (request.Length > 0).ShouldBe(kind == FastRequestKind.Avatar);
        }
    }

    private static async Task Compare(int seed, int cases)
    {
        await using var server = await Start();
        await server.Give(Juliet, "a rose");
        var resets = 0;
        var random = new Random(seed);
        var plain = $"GET /avatar/{HashOf(Juliet)}?s=40 HTTP/1.1\r\nHost: a\r\nAccept: */*\r\n\r\n";
        for (var number = 0; number < cases; number++)
        {
            var text = plain + Mutate(random, plain, random.Next(1, 4)) + plain.Replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n", StringComparison.Ordinal);
            var cuts = Enumerable.Range(0, random.Next(3)).Select(_ => random.Next(text.Length)).Order().ToList();

            var fast = await Exchange(server, true, text, cuts);
            var ordinary = await Exchange(server, false, text, cuts);

            // A refusal may end in a reset that takes answers with it on their way; what did arrive must agree.
            if (fast.IsReset || ordinary.IsReset)
            {
                resets++;
                (fast.Answers.StartsWith(ordinary.Answers, StringComparison.Ordinal) || ordinary.Answers.StartsWith(fast.Answers, StringComparison.Ordinal))
                    .ShouldBeTrue($"seed {seed}, case {number}: {text}\n{fast.Answers}\n{ordinary.Answers}");
            }
            else if (fast.Answers != ordinary.Answers)
            {
                Assert.Fail($"seed {seed}, case {number}: {text}\n{fast.Answers}\n----\n{ordinary.Answers}");
            }
        }

        resets.ShouldBeLessThan(cases * 3 / 4);
    }

    private static string Mutate(Random random, string text, int changes)
    {
        for (var change = 0; change < changes; change++)
        {
            var at = random.Next(text.Length);
            text = random.Next(4) switch
            {
                0 => text.Remove(at, 1),
                1 => text.Insert(at, Scraps[random.Next(Scraps.Length)]),
                2 => text.Insert(at, ((char)random.Next(256)).ToString()),
                _ => string.Concat(text.AsSpan(0, at), ((char)random.Next(256)).ToString(), text.AsSpan(at + 1)),
            };
        }

        return text;
    }

    /// <summary>Everything the server sends until it closes, without the dates.</summary>
    private static async Task<(string Answers, bool IsReset)> Exchange(AvatarServer server, bool fast, string text, IReadOnlyList<int> cuts)
    {
        using var client = await server.Connect(fast);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        var bytes = Encoding.Latin1.GetBytes(text);
        var received = new MemoryStream();
        var receiving = client.GetStream().CopyToAsync(received, patience.Token);
        try
        {
            var sent = 0;
            foreach (var cut in cuts.Append(bytes.Length))
            {
                await client.GetStream().WriteAsync(bytes.AsMemory(sent, cut - sent), patience.Token);
                sent = cut;
                await Task.Yield();
            }

            // The last request says close; where a mutation made the server wait for more, patience ends.
            await receiving;
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
        {
            return (Normalise(Encoding.Latin1.GetString(received.ToArray())), true);
        }

        return (Normalise(Encoding.Latin1.GetString(received.ToArray())), false);
    }

    private static string Normalise(string answers) => string.Join(
        "\n",
        answers.Split("HTTP/1.1 ").Select(answer =>
        {
            var parts = answer.Split("\r\n\r\n", 2);
            var head = parts[0].Split("\r\n").Where(line => !line.StartsWith("Date: ", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
            return $"{string.Join("|", head)} {(parts.Length > 1 ? parts[1] : "")}";
        }));
}
