using System.Buffers.Binary;
using Likeness.Imaging.Drawing;
using Likeness.Imaging.Tests.Support;

namespace Likeness.Imaging.Tests.Drawing;

/// <summary>What browsers show of a GIF; beside a real one in <see cref="Browser.GifInBrowserTests"/>.</summary>
[Trait("Requirement", "L-10B")]
public sealed class GifAnimationTests
{
    private const uint Red = 0xFF0000FF;
    private const uint Green = 0xFF00FF00;
    private const uint Nothing = 0;

    [Fact]
    public void Nothing_is_drawn_where_no_frame_has_drawn()
    {
        var frames = Play(Frame(4, 4, 8, 8, Red, Disposal.Keep));

        frames.ShouldHaveSingleItem();
        frames[0](0, 0).ShouldBe(Nothing);
        frames[0](6, 6).ShouldBe(Red);
    }

    [Theory]
    [InlineData(Disposal.Unspecified, Red)]
    [InlineData(Disposal.Keep, Red)]
    [InlineData(Disposal.Background, Nothing)]
    [InlineData(Disposal.Previous, Nothing)]
    internal void A_frame_leaves_behind_what_its_disposal_says(Disposal disposal, uint left)
    {
        var frames = Play(Frame(0, 0, 16, 16, Red, disposal), Frame(8, 8, 8, 8, Green, Disposal.Keep));

        frames[1](0, 0).ShouldBe(left);
        frames[1](12, 12).ShouldBe(Green);
    }

    [Fact]
    public void Holes_show_what_was_there_before()
    {
        var frames = Play(Frame(0, 0, 16, 16, Red, Disposal.Keep), Frame(0, 0, 16, 16, Green, Disposal.Keep) with { HasHoles = true });

        frames[1](0, 0).ShouldBe(Red);
        frames[1](1, 0).ShouldBe(Green);
    }

    [Fact]
    public void The_first_frame_enlarges_the_canvas_and_later_ones_are_cut_off()
    {
        ImageGate.TryIdentify(GifWriter.Write(16, 16, [Frame(10, 0, 10, 16, Red, Disposal.Keep), Frame(0, 8, 16, 16, Green, Disposal.Keep)]), out var header).ShouldBeTrue();

        (header.Width, header.Height).ShouldBe((20, 16));
        Play(Frame(0, 0, 16, 16, Red, Disposal.Keep), Frame(12, 12, 16, 16, Green, Disposal.Background), Frame(0, 0, 1, 1, Red, Disposal.Keep))[1](15, 15).ShouldBe(Green);
    }

    [Fact]
    public async Task Times_and_loops_are_kept_when_it_is_rendered()
    {
        var gif = GifWriter.Write(16, 16, [Frame(0, 0, 16, 16, Red, Disposal.Keep), Frame(0, 0, 16, 16, Green, Disposal.Keep)]);
        byte[] threeTimes = [.. gif[..25], 0x21, 0xFF, 11, .. "NETSCAPE2.0"u8, 3, 1, 2, 0, 0, .. gif[25..]];
        await using var renderer = new InProcessRenderer();

        var rendered = (await renderer.Render(RenderRequest.Photo(threeTimes, 8), TestContext.Current.CancellationToken)).Bytes;

        ImageGate.TryIdentify(rendered.Span, out var header).ShouldBeTrue();
        using var animation = new GifAnimation(rendered.Span, header);
        while (animation.Next())
        {
            // To its end.
        }

        animation.Delays.ShouldBe([100, 100]);
        animation.Loops.ShouldBe(3);
    }

    private static GifFrame Frame(int left, int top, int width, int height, uint colour, Disposal disposal) =>
        new(left, top, width, height, [(byte)colour, (byte)(colour >> 8), (byte)(colour >> 16)], disposal, HasHoles: false);

    private static List<Func<int, int, uint>> Play(params GifFrame[] frames)
    {
        var gif = GifWriter.Write(16, 16, frames);
        ImageGate.TryIdentify(gif, out var header).ShouldBeTrue();
        using var animation = new GifAnimation(gif, header);
        var shown = new List<Func<int, int, uint>>();
        while (animation.Next())
        {
            var pixels = animation.Pixels.ToArray();
            shown.Add((x, y) => BinaryPrimitives.ReadUInt32LittleEndian(pixels.AsSpan(((y * 16) + x) * 4)));
        }

        return shown;
    }
}
