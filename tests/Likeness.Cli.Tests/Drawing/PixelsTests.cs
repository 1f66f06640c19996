using Likeness.Cli.Drawing;
using Likeness.Imaging.Drawing;

namespace Likeness.Cli.Tests.Drawing;

public sealed class PixelsTests
{
    [Fact]
    public void Colours_are_read_as_they_were_written()
    {
        var pixels = Pixels.Decode(TestPicture.Png(5, 3));

        (pixels.Width, pixels.Height).ShouldBe((5, 3));
        pixels.At(4, 2).ShouldBe(((byte)8, (byte)4, (byte)128, (byte)255));
    }

    [Theory]
    [InlineData(new byte[] { 0, 10, 30, 60 }, new byte[] { 10, 30, 60 })]
    [InlineData(new byte[] { 1, 10, 20, 30 }, new byte[] { 10, 30, 60 })]
    [InlineData(new byte[] { 2, 10, 30, 60 }, new byte[] { 10, 30, 60 })]
    [InlineData(new byte[] { 3, 10, 25, 45 }, new byte[] { 10, 30, 60 })]
    [InlineData(new byte[] { 4, 10, 20, 30 }, new byte[] { 10, 30, 60 })]
    public void Every_filter_of_the_first_row_is_undone(byte[] row, byte[] expected)
    {
        var pixels = Pixels.Decode(TestPicture.Png(3, 1, colour: 0, row));

        Enumerable.Range(0, 3).Select(x => pixels.At(x, 0).Red).ShouldBe(expected);
    }

    [Fact]
    public void Filters_of_later_rows_look_up()
    {
        byte[] rows = [0, 10, 20, 2, 1, 1, 3, 2, 2, 4, 3, 3];

        var pixels = Pixels.Decode(TestPicture.Png(2, 4, colour: 0, rows));

        Enumerable.Range(0, 4).Select(y => (int)pixels.At(1, y).Red).ShouldBe([20, 21, 16, 19]);
    }

    [Theory]
    [InlineData(null, "xterm", true)]
    [InlineData("", "xterm", true)]
    [InlineData("1", "xterm", false)]
    [InlineData(null, "dumb", false)]
    [InlineData(null, null, true)]
    public void Colours_are_left_out_where_the_user_or_the_terminal_wants_none(string? noColor, string? term, bool wanted) =>
        Terminal.WantsColours(noColor, term).ShouldBe(wanted);

    [Fact]
    public void Letters_stand_for_brightness_without_a_single_escape()
    {
        var pixels = new Pixels(3, 2, [0, 0, 0, 255, 255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 255, 0, 0, 0, 0]);

        HalfBlocks.Letters(pixels).ShouldBe("@  \n");
    }

    [Fact]
    public void Half_blocks_show_two_pixels_per_letter_and_leave_the_transparent_out()
    {
        var pixels = new Pixels(2, 2, [1, 2, 3, 255, 9, 9, 9, 0, 4, 5, 6, 255, 9, 9, 9, 0]);

        HalfBlocks.Draw(pixels).ShouldBe("\e[38;2;1;2;3m\e[48;2;4;5;6m▀\e[0m \e[0m\n");
    }
}
