using Likeness.Imaging.Tests.Support;
using NetVips;

namespace Likeness.Imaging.Tests;

[Trait("Requirement", "L-126")]
public sealed class NormalFileTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_original_of_ours_is_normal_and_with_anything_behind_it_is_not(bool translucent)
    {
        await using var renderer = new InProcessRenderer();
        var source = translucent ? TestPictures.Translucent(300, 200, [10, 20, 30], 90) : TestPictures.Jpeg(1500, 1300);
        var original = (await renderer.Render(RenderRequest.Master(source), TestContext.Current.CancellationToken)).Bytes.ToArray();

        Is(original).ShouldBeTrue();
        Is([.. original, 0]).ShouldBeFalse();
        Is([.. original, .. original]).ShouldBeFalse();
    }

    [Fact]
    public void Pictures_that_are_not_square_or_too_large_are_not_normal()
    {
        Is(Bare(200, 200)).ShouldBeTrue();
        Is(Bare(200, 201)).ShouldBeFalse();
        Is(Bare(1025, 1025)).ShouldBeFalse();
        Is(TestPictures.Gif(64, 64)).ShouldBeFalse();
    }

    [Fact]
    public void A_comment_or_a_profile_makes_a_file_not_normal()
    {
        var jpeg = Bare(64, 64);
        Is([.. jpeg[..2], 0xFF, 0xFE, 0, 4, 1, 2, .. jpeg[2..]]).ShouldBeFalse();
        Is([.. jpeg[..2], 0xFF, 0xE1, 0, 8, .. "Exif\0\0"u8, .. jpeg[2..]]).ShouldBeFalse();

        var png = PhotoLike.Make(64, 64).PngsaveBuffer(keep: Enums.ForeignKeep.None);
        Is(png).ShouldBeTrue();
        Is([.. png[..33], 0, 0, 0, 1, .. "tEXt"u8, 65, 0, 0, 0, 0, .. png[33..]]).ShouldBeFalse();
    }

    [Fact]
    public void Damaged_files_are_told_without_a_fault()
    {
        var random = new Random(7);
        foreach (var source in new[] { TestPictures.Jpeg(64, 64), TestPictures.Png(64, 64) })
        {
            for (var round = 0; round < 2000; round++)
            {
                var bytes = source.AsSpan(0, random.Next(source.Length)).ToArray();
                if (bytes.Length > 0)
                {
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                }

                Is(bytes);
            }
        }
    }

    private static byte[] Bare(int width, int height) =>
        PhotoLike.Make(width, height).JpegsaveBuffer(keep: Enums.ForeignKeep.None);

    private static bool Is(byte[] bytes) => ImageGate.TryIdentify(bytes, out var header) && NormalFile.Is(bytes, header);
}
