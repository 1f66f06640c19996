using Likeness.Imaging.Tests.Hostile.Corpus;
using Likeness.Imaging.Tests.Support;
using Likeness.Imaging.Workers;

namespace Likeness.Imaging.Tests.Hostile;

/// <summary>Real files that make real decoders overrun: refused at the limit, and the next picture is served.</summary>
[Trait("Category", "Slow")]
public sealed class DearPictureTests
{
    [Fact, Trait("Requirement", "L-105")]
    public async Task What_takes_longer_than_its_header_says_is_refused_at_the_time_limit()
    {
        var gateless = new ImageLimits { MaxPixels = long.MaxValue, MaxPixelsOfAllFrames = long.MaxValue, MaxDecodeCost = double.MaxValue };

        await ShouldBeRefused(PngFiles.Flat(28_000, 28_000, 1, 0), [RefusalReason.TooCostly], FaultyWorker.Options with { ProcessorTimeLimit = TimeSpan.FromSeconds(1), Limits = gateless });
    }

    [Fact, Trait("Requirement", "L-105")]
    public async Task Pixels_that_do_not_fit_the_memory_are_refused()
    {
        var large = LargePictures.LosslessWebP(5000, 5000);

        // A decoder that gets no memory may say no more than that it cannot.
        await ShouldBeRefused(large, [RefusalReason.TooCostly, RefusalReason.Undecodable, RefusalReason.StoppedRenderer], FaultyWorker.Options with { MemoryLimit = 160L * 1024 * 1024 });
    }

    private static async Task ShouldBeRefused(byte[] picture, RefusalReason[] reasons, WorkerPoolOptions options)
    {
        await using var pool = new WorkerPool(options);

        var refusal = await Should.ThrowAsync<ImageRefusedException>(() => pool.Render(RenderRequest.Photo(picture, RenderRequest.LargestSize, ImageFormat.Jpeg), CancellationToken.None));

        reasons.ShouldContain(refusal.Reason);
        (await pool.Render(RenderRequest.Photo(TestPictures.Jpeg(64, 64), 80), CancellationToken.None)).Width.ShouldBe(80);
    }
}
