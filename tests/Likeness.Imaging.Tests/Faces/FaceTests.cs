using Likeness.Imaging.Faces;
using Likeness.Imaging.Tests.Support;

namespace Likeness.Imaging.Tests.Faces;

public sealed class FaceTests
{
    public static TheoryData<string> Names { get; } = new(FaceCatalogue.All.Select(face => face.Name));

    [Theory, MemberData(nameof(Names)), Trait("Requirement", "L-40")]
    public async Task A_face_looks_as_it_always_has(string name)
    {
        var face = FaceCatalogue.Find(name)!;

        var drawn = await GoldenImages.Draw(face);

        var golden = await File.ReadAllBytesAsync(GoldenImages.PathOf(face), TestContext.Current.CancellationToken);
        Perceptual.Distance(drawn.Bytes, golden).ShouldBeLessThan(0.5);
    }

    [Theory, MemberData(nameof(Names)), Trait("Requirement", "L-40")]
    public async Task The_same_hash_gives_the_same_bytes_in_any_case_of_letters(string name)
    {
        var face = FaceCatalogue.Find(name)!;
        await using var renderer = new InProcessRenderer();

        var first = await renderer.Render(RenderRequest.Face(face.Draw(new FaceSubject("ABCDEF0123456789")), 80), CancellationToken.None);
        var second = await renderer.Render(RenderRequest.Face(face.Draw(new FaceSubject("abcdef0123456789")), 80), CancellationToken.None);

        first.Bytes.Span.SequenceEqual(second.Bytes.Span).ShouldBeTrue();
    }

    [Theory, MemberData(nameof(Names)), Trait("Requirement", "L-40")]
    public async Task A_face_scales_consistently(string name)
    {
        var face = FaceCatalogue.Find(name)!;
        await using var renderer = new InProcessRenderer();
        var small = await renderer.Render(RenderRequest.Face(face.Draw(new FaceSubject(GoldenImages.Hash)), 64), CancellationToken.None);
        var large = await renderer.Render(RenderRequest.Face(face.Draw(new FaceSubject(GoldenImages.Hash)), 512), CancellationToken.None);

        var reduced = await renderer.Render(RenderRequest.Photo(large.Bytes, 64), CancellationToken.None);

        Perceptual.Distance(small.Bytes, reduced.Bytes).ShouldBeLessThan(2);
    }

    [Fact]
    public async Task A_blank_face_is_wholly_transparent_and_white_as_jpeg()
    {
        var blank = FaceCatalogue.Find("blank")!.Draw(new FaceSubject("any"));
        await using var renderer = new InProcessRenderer();

        var png = Pixels.Of(await renderer.Render(RenderRequest.Face(blank, 80), CancellationToken.None));
        var jpeg = Pixels.Of(await renderer.Render(RenderRequest.Face(blank, 80, ImageFormat.Jpeg), CancellationToken.None));

        (png.Width, png.Height, png.Bands).ShouldBe((80, 80, 4));
        png[40, 40][3].ShouldBe((byte)0);
        jpeg[40, 40][0].ShouldBe((byte)255);
    }

    [Fact]
    public void Faces_are_found_by_name_and_alias()
    {
        FaceCatalogue.Find("mp").ShouldBeSameAs(FaceCatalogue.Find("mm"));
        FaceCatalogue.Find("identicon").ShouldNotBeNull();
        FaceCatalogue.Find("MM").ShouldBeNull();
        FaceCatalogue.Find("nobody").ShouldBeNull();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(80)]
    [InlineData(511)]
    public async Task A_face_is_exactly_as_large_as_asked(int size)
    {
        await using var renderer = new InProcessRenderer();
        foreach (var format in Enum.GetValues<ImageFormat>())
        {
            var drawn = await renderer.Render(RenderRequest.Face(FaceCatalogue.Find("identicon")!.Draw(new FaceSubject("a")), size, format), CancellationToken.None);
            (Pixels.Of(drawn).Width, Pixels.Of(drawn).Height).ShouldBe((size, size));
        }
    }
}
