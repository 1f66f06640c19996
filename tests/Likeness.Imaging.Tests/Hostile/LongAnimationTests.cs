using Likeness.Imaging.Tests.Support;
using Likeness.Imaging.Workers;

namespace Likeness.Imaging.Tests.Hostile;

/// <summary>Animations of many frames: whole while they are affordable, their first frame beyond.</summary>
[Trait("Category", "Slow")]
public sealed class LongAnimationTests
{
    [Theory]
    [InlineData(ImageFormat.Gif, 200, 120, 150)]
    [InlineData(ImageFormat.WebP, 200, 120, 150)]
    [InlineData(ImageFormat.Gif, 220, 500, 220)]
    [InlineData(ImageFormat.WebP, 220, 500, 220)]
    public async Task Every_frame_of_a_long_animation_keeps_its_colour(ImageFormat format, int stored, int frames, int edge)
    {
        var animation = TestPictures.Animation(format, stored, stored, frames);
        await using var pool = new WorkerPool(FaultyWorker.Options);

        var rendered = await pool.Render(RenderRequest.Photo(animation, edge), CancellationToken.None);

        ImageGate.TryIdentify(rendered.Bytes.Span, out var header).ShouldBeTrue();
        header.ShouldNotBeNull().Frames.ShouldBe(frames);
        var pixels = Pixels.Of(rendered);
        for (var frame = 0; frame < frames; frame++)
        {
            var colour = pixels[edge / 2, (frame * edge) + (edge / 2)];
            colour[frame % 3].ShouldBeGreaterThan((byte)200, $"frame {frame}");
            colour[(frame + 1) % 3].ShouldBeLessThan((byte)60, $"frame {frame}");
        }
    }

    [Theory]
    [InlineData(ImageFormat.Gif, 16, 400, 512)]
    [InlineData(ImageFormat.WebP, 16, 400, 512)]
    [InlineData(ImageFormat.WebP, 220, 1000, 220)]
    public async Task An_animation_too_dear_to_render_whole_is_shown_by_its_first_frame(ImageFormat format, int stored, int frames, int edge)
    {
        var animation = TestPictures.Animation(format, stored, stored, frames);
        await using var pool = new WorkerPool(FaultyWorker.Options);

        var rendered = await pool.Render(RenderRequest.Photo(animation, edge), CancellationToken.None);

        ImageGate.TryIdentify(rendered.Bytes.Span, out var header).ShouldBeTrue();
        header.ShouldNotBeNull().Frames.ShouldBe(1);
    }
}
