using System.Net;
using Likeness.Http.Tests.Hosting;
using Likeness.Imaging;
using static Likeness.Http.Tests.Avatars.AvatarImageTests;
using static Likeness.Http.Tests.Hosting.AvatarServer;

namespace Likeness.Http.Tests.Avatars;

[Trait("Requirement", "L-5B")]
public sealed class RenderLimitTests
{
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
        refused.Header("Retry-After").ShouldBe("20");
        refused.Header("Cache-Control").ShouldBe("no-store");
        (await Ask(server, $"{HashOf(Juliet)}?s=3")).Status.ShouldBe(200);
        (await Ask(server, $"{HashOf(Juliet)}?d=404&f=y")).Status.ShouldBe(404);
        (await Ask(server, $"{HashOf(Juliet)}?s=4", "198.51.100.8")).Status.ShouldBe(200);
        (await server.Get($"/avatar/{HashOf(Juliet)}?s=5")).Status.ShouldBe(200, "this client is on loopback");
    }

    [Fact]
    public async Task What_is_there_is_answered_however_many_wait_and_the_others_are_told_to_come_back()
    {
        await using var server = await Start(new AvatarOptions { MaxRenders = 8, RenderWorkers = 1 });
        await server.Give(Juliet, "a rose");
        (await server.Get($"/avatar/{HashOf(Juliet)}?s=99")).Status.ShouldBe(200);
        var gate = new TaskCompletionSource();
        server.Renderer.Gate = gate.Task;

        // Made-up hashes get half of the places.
        var faces = Enumerable.Range(0, 20).Select(number => Ask(server, $"{number:x32}?d=identicon").AsTask()).ToList();
        var refused = faces.Where(face => face.IsCompleted).ToList();
        refused.Count.ShouldBe(15);
        foreach (var answer in await Task.WhenAll(refused))
        {
            answer.Status.ShouldBe(503);
            answer.Header("Retry-After").ShouldBe("5");
        }

        // Sizes of one picture get a quarter.
        var photos = Enumerable.Range(1, 20).Select(size => Ask(server, $"{HashOf(Juliet)}?s={size}", "198.51.100.8").AsTask()).ToList();
        photos.Count(photo => photo.IsCompleted).ShouldBe(18);
        (await server.Get($"/avatar/{HashOf(Juliet)}?s=99")).Body.ShouldBe(Photo(99, ImageFormat.Jpeg));

        gate.SetResult();
        (await Task.WhenAll(faces.Concat(photos))).Count(answer => answer.Status == 200).ShouldBe(7);
        (await Ask(server, $"{HashOf(Juliet)}?s=20")).Status.ShouldBe(200, "the places are free again");
    }

    [Fact]
    public async Task All_sizes_of_a_picture_that_costs_too_much_show_the_default_as_soon_as_one_was_tried()
    {
        await using var server = await Start(new AvatarOptions { RenderWorkers = 2 });
        await server.Give(Juliet, "a slow rose");
        var gate = new TaskCompletionSource();
        server.Renderer.Gate = gate.Task;
        server.Renderer.Failure = new ImageRefusedException(RefusalReason.TooCostly, "It takes too long.");

        var sizes = Enumerable.Range(1, 50).Select(size => Ask(server, $"{HashOf(Juliet)}?s={size}&d=404").AsTask()).ToList();
        gate.SetResult();

        (await Task.WhenAll(sizes)).ShouldAllBe(answer => answer.Status == 404 && answer.Header("Cache-Control") == "public, max-age=60");
        server.Renderer.Photos.ShouldBe(1);
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
        server.Endpoint.Prepare(System.Text.Encoding.ASCII.GetBytes(target), server.Sites.Default, IPAddress.Parse(client));
}
