using Likeness.Imaging.Tests.Support;
using Likeness.Imaging.Workers;

namespace Likeness.Imaging.Tests.Hostile;

/// <summary>Real files that make real decoders overrun: refused at the limit, and the next picture is served.</summary>
[Trait("Category", "Slow")]
public sealed class DearPictureTests
{
    [Fact, Trait("Requirement", "L-105")]
    public async Task What_takes_longer_than_one_picture_may_is_refused_at_the_time_limit()
    {
        var request = RenderRequest.Photo(TestPictures.Jpeg(1000, 1000), RenderRequest.LargestSize, ImageFormat.Gif);

        await ShouldBeRefused(request, [RefusalReason.TooCostly], FaultyWorker.Options with { ProcessorTimeLimit = TimeSpan.FromSeconds(1) });
    }

    [Fact, Trait("Requirement", "L-105")]
    public async Task Pixels_that_do_not_fit_the_memory_are_refused()
    {
        var large = LargePictures.LosslessWebP(5000, 5000);

        // A decoder that gets no memory may say no more than that it cannot.
        var request = RenderRequest.Photo(large, RenderRequest.LargestSize, ImageFormat.Jpeg);
        await ShouldBeRefused(request, [RefusalReason.TooCostly, RefusalReason.Undecodable, RefusalReason.StoppedRenderer], FaultyWorker.Options with { MemoryLimit = 160L * 1024 * 1024 });
    }

    private static async Task ShouldBeRefused(RenderRequest request, RefusalReason[] reasons, WorkerPoolOptions options)
    {
        await using var pool = new WorkerPool(options);

        var refusal = await Should.ThrowAsync<ImageRefusedException>(() => pool.Render(request, CancellationToken.None));

        reasons.ShouldContain(refusal.Reason);
        (await pool.Render(RenderRequest.Photo(TestPictures.Jpeg(64, 64), 80), CancellationToken.None)).Width.ShouldBe(80);
    }
}
