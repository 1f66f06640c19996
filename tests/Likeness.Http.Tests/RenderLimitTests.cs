using System.Net;
using Likeness.Http.Renditions;
using Likeness.Http.Tests.Hosting;
using Likeness.Imaging;
using static Likeness.Http.Tests.AvatarImageTests;
using static Likeness.Http.Tests.Hosting.AvatarServer;

namespace Likeness.Http.Tests;

[Trait("Requirement", "L-5B")]
public sealed class RenderLimitTests
{
    private static readonly IPAddress Client = IPAddress.Parse("198.51.100.7");
    private readonly ManualClock _clock = new();

    [Fact]
    public void A_client_may_cause_a_minutes_worth_of_renders_at_once_and_then_so_many_a_minute()
    {
        var allowance = new RenderAllowance(new AvatarOptions { RendersPerMinute = 60 }, _clock);
        for (var render = 0; render < 60; render++)
        {
            allowance.Charge(Client);
        }

        Should.Throw<TooManyRendersException>(() => allowance.Charge(Client)).RetryAfter.ShouldBe(TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(1));
        _clock.Advance(TimeSpan.FromSeconds(2.5));
        allowance.Charge(Client);
        allowance.Charge(Client);
        Should.Throw<TooManyRendersException>(() => allowance.Charge(Client));
        _clock.Advance(TimeSpan.FromHours(1));
        for (var render = 0; render < 60; render++)
        {
            allowance.Charge(Client);
        }

        Should.Throw<TooManyRendersException>(() => allowance.Charge(Client));
    }

    [Theory]
    [InlineData("198.51.100.7", "198.51.100.8", false)]
    [InlineData("198.51.100.7", "::ffff:198.51.100.7", true)]
    [InlineData("2001:db8::1", "2001:db8::ffff:2", true)]
    [InlineData("2001:db8:0:1::1", "2001:db8:0:2::1", false)]
    [InlineData("0.0.0.4", "::", false)]
    public void An_IPv6_client_counts_by_its_network(string first, string second, bool isSame)
    {
        var allowance = new RenderAllowance(new AvatarOptions { RendersPerMinute = 1 }, _clock);
        allowance.Charge(IPAddress.Parse(first));

        var charge = () => allowance.Charge(IPAddress.Parse(second));

        if (isSame)
        {
            Should.Throw<TooManyRendersException>(charge);
        }
        else
        {
            Should.NotThrow(charge);
        }
    }

    [Theory]
    [InlineData("127.0.0.1", 1)]
    [InlineData("::1", 1)]
    [InlineData("::ffff:127.0.0.1", 1)]
    [InlineData("198.51.100.7", 0)]
    public void Loopback_is_not_counted_and_zero_means_any_number(string client, int most)
    {
        var allowance = new RenderAllowance(new AvatarOptions { RendersPerMinute = most }, _clock);
        for (var render = 0; render < 1000; render++)
        {
            allowance.Charge(IPAddress.Parse(client));
        }
    }

    [Fact]
    public async Task A_client_that_had_its_share_gets_429_for_what_is_not_there_yet()
    {
        await using var server = await Start(new AvatarOptions { RendersPerMinute = 3 });
        await server.Give(Juliet, "a rose");
        for (var size = 1; size <= 3; size++)
        {
            (await Ask(server, $"{HashOf(Juliet)}?s={size}")).Status.ShouldBe(200);
        }

        var refused = await Ask(server, $"{HashOf(Juliet)}?s=4");

        refused.Status.ShouldBe(429);
        Header(refused, "Retry-After").ShouldBe("20");
        Header(refused, "Cache-Control").ShouldBe("no-store");
        (await Ask(server, $"{HashOf(Juliet)}?s=3")).Status.ShouldBe(200);
        (await Ask(server, $"{HashOf(Juliet)}?d=404&f=y")).Status.ShouldBe(404);
        (await Ask(server, $"{HashOf(Juliet)}?s=4", "198.51.100.8")).Status.ShouldBe(200);
        (await server.Get($"/avatar/{HashOf(Juliet)}?s=5")).Status.ShouldBe(200, "this client is on loopback");
    }

    [Fact]
    public async Task Nobody_waits_behind_more_than_the_configured_number_of_renders()
    {
        await using var server = await Start(new AvatarOptions { MaxRenders = 8 });
        await server.Give(Juliet, "a rose");
        (await server.Get($"/avatar/{HashOf(Juliet)}?s=99")).Status.ShouldBe(200);
        var gate = new TaskCompletionSource();
        server.Renderer.Gate = gate.Task;

        // Made-up hashes get half of the places.
        var faces = Enumerable.Range(0, 20).Select(number => Ask(server, $"{number:x32}?d=identicon").AsTask()).ToList();
        var refused = faces.Where(face => face.IsCompleted).ToList();
        refused.Count.ShouldBe(16);
        foreach (var answer in await Task.WhenAll(refused))
        {
            answer.Status.ShouldBe(503);
            Header(answer, "Retry-After").ShouldBe("5");
        }

        var photos = Enumerable.Range(1, 20).Select(size => Ask(server, $"{HashOf(Juliet)}?s={size}").AsTask()).ToList();
        photos.Count(photo => photo.IsCompleted).ShouldBe(16);

        // What is there already is answered as always.
        (await server.Get($"/avatar/{HashOf(Juliet)}?s=99")).Body.ShouldBe(Photo(99, ImageFormat.Jpeg));

        gate.SetResult();
        (await Task.WhenAll(faces.Concat(photos))).Count(answer => answer.Status == 200).ShouldBe(8);
        (await Ask(server, $"{HashOf(Juliet)}?s=20")).Status.ShouldBe(200, "the places are free again");
    }

    [Fact]
    public async Task A_flood_of_distinct_misses_neither_pushes_out_what_is_in_use_nor_grows()
    {
        var options = new AvatarOptions { PictureMemory = 200_000, FaceMemory = 50_000, AnswerMemory = 200_000, MaxRenders = 10_000 };
        await using var server = await Start(options);
        await server.Give(Juliet, "a rose");
        var random = new Random(5);
        string[] faces = ["identicon", "mm", "blank"];
        string[] extensions = ["", ".png", ".jpg", ".webp", ".gif"];
        long before = 0;
        for (var number = 0; number < 60_000; number++)
        {
            var hash = Convert.ToHexStringLower(Bytes(random, number % 2 == 0 ? 16 : 32));
            await Ask(server, $"{hash}{extensions[random.Next(5)]}?s={random.Next(1, 513)}&d={faces[random.Next(3)]}&n={number}");
            if (number % 50 == 0)
            {
                (await Ask(server, $"{HashOf(Juliet)}?s=80")).Status.ShouldBe(200);
            }

            if (number == 20_000)
            {
                before = GC.GetTotalMemory(forceFullCollection: true);
            }
        }

        server.Renderer.Photos.ShouldBe(1);
        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(20_000_000, "a fifth of what forty thousand answers would hold");
    }

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static ValueTask<AvatarAnswer> Ask(AvatarServer server, string target, string client = "198.51.100.7") =>
        server.Endpoint.Prepare(new AvatarRequest(System.Text.Encoding.ASCII.GetBytes(target), server.Sites.Default, IPAddress.Parse(client)));

    private static string Header(AvatarAnswer answer, string name) => answer.Headers.Single(header => header.Key == name).Value;
}
