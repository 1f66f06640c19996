using Likeness.Imaging.Faces;
using Likeness.Imaging.Tests.Support;

namespace Likeness.Imaging.Tests.Faces;

/// <summary>Different people get different pictures.</summary>
[Trait("Category", "Slow")]
public sealed class FaceVarietyTests
{
    private const int Sample = 200;
    private const double Fewest = 1e6;

    /// <summary>Of the mean difference in CIELAB; two drawings that differ by an eyebrow have about 1.</summary>
    private const float Alike = 2.3f;

    /// <summary>At 24 pixels, where a line is less than one.</summary>
    private const float SmallAlike = 5;

    public static TheoryData<string> MadeOfParts { get; } = new(FaceCatalogue.All.OfType<HashedFace>().Select(face => face.Name));

    public static TheoryData<string> Personal { get; } = new(FaceCatalogue.All.OfType<HashedFace>().Select(face => face.Name).Append("identicon"));

    [Fact]
    public void Every_face_that_a_hash_decides_about_is_measured_here()
    {
        var different = FaceCatalogue.All.Where(face => face.Draw(new FaceSubject("a")) != face.Draw(new FaceSubject("b"))).Select(face => face.Name);

        different.ShouldBe([.. Personal.Select(row => row.Data), "initials", "color"], ignoreOrder: true);
    }

    [Theory, MemberData(nameof(MadeOfParts))]
    public void There_are_at_least_a_million_drawings(string name)
    {
        var face = (HashedFace)FaceCatalogue.Find(name)!;
        var seed = new FaceSeed(name, GoldenImages.Hash);

        face.Draw(seed);

        seed.Possibilities.ShouldBeGreaterThanOrEqualTo(Fewest);
    }

    [Fact]
    public void There_are_at_least_a_million_identicons()
    {
        var tiles = Kinds(seed => Identicon.Shape(seed, 0, 0, "main", "accent"));
        var middles = Kinds(seed => Identicon.OnTheAxis(seed, 0, "main", "accent"));

        var all = Math.Pow(tiles, Identicon.Rows * Identicon.DrawnColumns) * Math.Pow(middles, Identicon.Rows) * Identicon.Palettes.Length;

        all.ShouldBeGreaterThanOrEqualTo(Fewest);

        static int Kinds(Func<byte, string> draw) => Enumerable.Range(0, 256).Select(seed => draw((byte)seed)).Distinct().Count();
    }

    [Theory, MemberData(nameof(Personal))]
    public void A_thousand_hashes_have_a_thousand_drawings(string name)
    {
        var face = FaceCatalogue.Find(name)!;

        Enumerable.Range(0, 1000).Select(i => face.Draw(new FaceSubject($"{i}"))).Distinct().Count().ShouldBe(1000);
    }

    [Theory, MemberData(nameof(Personal))]
    public async Task No_two_of_a_sample_look_alike_as_small_as_a_list_shows_them(string name)
    {
        const int people = 160, small = 24;
        var face = FaceCatalogue.Find(name)!;
        await using var renderer = new InProcessRenderer();
        var pictures = new List<LabPicture>();
        foreach (var i in Enumerable.Range(0, people))
        {
            pictures.Add(new LabPicture(await renderer.Render(RenderRequest.Face(face.Draw(new FaceSubject($"person{i}")), small), CancellationToken.None)));
        }

        pictures.SelectMany((left, i) => pictures.Skip(i + 1).Select(left.DistanceTo)).Count(distance => distance < SmallAlike).ShouldBe(0);
    }

    [Theory, MemberData(nameof(Personal))]
    public async Task Nearly_no_two_of_a_sample_look_alike(string name)
    {
        var face = FaceCatalogue.Find(name)!;
        await using var renderer = new InProcessRenderer();
        var pictures = new List<LabPicture>();
        foreach (var i in Enumerable.Range(0, Sample))
        {
            pictures.Add(new LabPicture(await renderer.Render(RenderRequest.Face(face.Draw(new FaceSubject($"{i}")), 80), CancellationToken.None)));
        }

        var distances = pictures.SelectMany((left, i) => pictures.Skip(i + 1).Select(left.DistanceTo)).Order().ToList();
        distances.Count(distance => distance < Alike).ShouldBeLessThanOrEqualTo(distances.Count / 10_000);
        distances[distances.Count / 2].ShouldBeGreaterThan(10 * Alike);
    }
}
