using Likeness.Libravatar.Fetching;

namespace Likeness.Libravatar.Tests.Fetching;

[Trait("Requirement", "L-75")]
public sealed class FetchFuzzTests
{
    private static readonly byte[][] Seeds =
    [
        Answers.Picture(Answers.Png, "ETag: W/\"a\"\r\nLast-Modified: Thu, 01 Jan 2026 00:00:00 GMT\r\nCache-Control: max-age=60\r\n"),
        Answers.Redirect("http://b\u00FCcher.example:99999/%zz?[]#"),
        Answers.Redirect("http://xn--.example/"),
        Answers.Latin1("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\n\r\n5;a=b\r\nGIF89\r\n1\r\na\r\n0\r\nX: y\r\n\r\n"),
    ];

    [Fact]
    public Task Whatever_a_server_sends_a_fetch_ends_in_a_result() => Fuzz(seed: 1, rounds: 1_000);

    [Fact]
    [Trait("Category", "Long")]
    public Task Whatever_a_server_sends_for_long_a_fetch_ends_in_a_result() => Fuzz(seed: 2, rounds: 50_000);

    private static async Task Fuzz(int seed, int rounds)
    {
        var random = new Random(seed);
        byte[] next = [];
        await using var server = new StandInServer(async connection =>
        {
            await connection.ReadRequest();
            await connection.Send(next);
        });
        using var fetch = TestFetch.Create(options => options with { MayUsePort = port => port == server.Port, MaxRedirects = 1 });
        var kinds = new HashSet<Type>();
        for (var round = 0; round < rounds; round++)
        {
            next = Mutate(Seeds[round % Seeds.Length], random);
            kinds.Add((await fetch.FetchAsync(server.Url())).GetType());
        }

        kinds.ShouldBe([typeof(FetchResult.Fetched), typeof(FetchResult.Refused), typeof(FetchResult.Failed)], ignoreOrder: true);
    }

    private static byte[] Mutate(byte[] answer, Random random)
    {
        var mutated = answer.ToList();
        for (var changes = random.Next(4); changes > 0; changes--)
        {
            var at = random.Next(mutated.Count);
            switch (random.Next(3))
            {
                case 0:
                    mutated[at] = (byte)random.Next(256);
                    break;
                case 1:
                    mutated.RemoveAt(at);
                    break;
                default:
                    mutated.InsertRange(at, mutated.GetRange(at, random.Next(mutated.Count - at)));
                    break;
            }
        }

        return [.. mutated];
    }
}
