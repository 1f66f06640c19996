using Likeness.Imaging.Faces;
using Likeness.Imaging.Tests.Support;

namespace Likeness.Imaging.Tests.Faces;

[Trait("Category", "Slow")]
public sealed class FaceSheetTests
{
    private const int Gap = 8;

    private static readonly FaceSubject[] People = [.. Enumerable.Range(0, 12).Select(i => new FaceSubject($"{i}"))];

    [Fact]
    public async Task A_sheet_shows_twelve_faces_at_three_sizes_pixel_by_pixel()
    {
        await using var renderer = new InProcessRenderer();
        var face = FaceCatalogue.Find("monsterid")!;

        var sheet = Pixels.Of(await new FaceSheet(renderer).Of(face, People, CancellationToken.None));

        (sheet.Width, sheet.Height).ShouldBe(((4 * 512) + (3 * Gap), 80 + Gap + 24 + Gap + (3 * 512) + (2 * Gap)));
        await Shows(11, 80, left: 11 * (80 + Gap), top: 0);
        await Shows(11, 24, left: 11 * (24 + Gap), top: 80 + Gap);
        await Shows(11, 512, left: 3 * (512 + Gap), top: 80 + Gap + 24 + Gap + (2 * (512 + Gap)));

        async Task Shows(int person, int size, int left, int top)
        {
            var drawn = Pixels.Of(await renderer.Render(RenderRequest.Face(face.Draw(People[person]), size), CancellationToken.None));
            foreach (var (x, y) in from y in Enumerable.Range(0, size) from x in Enumerable.Range(0, size) select (x, y))
            {
                sheet[left + x, top + y][..3].SequenceEqual(drawn[x, y][..3]).ShouldBeTrue();
            }
        }
    }

    [Fact]
    public async Task The_overview_has_a_name_and_two_rows_for_each_face()
    {
        await using var renderer = new InProcessRenderer();

        var overview = Pixels.Of(await new FaceSheet(renderer).Overview(People, CancellationToken.None));

        var rows = FaceCatalogue.All.Count;
        (overview.Width, overview.Height).ShouldBe(((13 * 80) + (12 * Gap), (rows * (80 + 24)) + (((2 * rows) - 1) * Gap)));
    }
}
