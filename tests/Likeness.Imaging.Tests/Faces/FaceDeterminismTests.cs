using System.Globalization;
using System.Xml.Linq;
using Likeness.Imaging.Faces;
using Likeness.Imaging.Tests.Support;

namespace Likeness.Imaging.Tests.Faces;

public sealed class FaceDeterminismTests
{
    public static TheoryData<string> Names => FaceTests.Names;

    [Theory, MemberData(nameof(Names)), Trait("Requirement", "L-40")]
    [Trait("Category", "Slow")]
    public void A_face_is_the_same_in_every_culture(string name)
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            Drawn("").ShouldBe(Drawn("tr-TR"));
            Drawn("").ShouldBe(Drawn("ar-SA"));
            Drawn("").ShouldBe(Drawn("fa-IR"));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }

        string[] Drawn(string culture)
        {
            CultureInfo.CurrentCulture = new CultureInfo(culture);
            return [.. Hashes(200).Select(hash => FaceCatalogue.Find(name)!.Draw(new FaceSubject(hash.ToUpperInvariant(), "ii", hash)))];
        }
    }

    [Theory, MemberData(nameof(Names)), Trait("Requirement", "L-40"), Trait("Requirement", "L-41")]
    public void Only_the_lower_case_text_of_the_hash_counts(string name)
    {
        var face = FaceCatalogue.Find(name)!;

        foreach (var hash in Hashes(50))
        {
            face.Draw(new FaceSubject(hash.ToUpperInvariant())).ShouldBe(face.Draw(new FaceSubject(hash)));
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Any_text_has_a_drawing_of_plain_shapes(string name)
    {
        string[] shapes = ["svg", "g", "rect", "circle", "ellipse", "path"];
        foreach (var hash in Hashes(100).Concat(["", "İıſ", "\ud800", new string('f', 64), "<&>"]))
        {
            var drawing = XDocument.Parse(FaceCatalogue.Find(name)!.Draw(new FaceSubject(hash)));

            drawing.Root!.Attribute("viewBox")!.Value.ShouldBe("0 0 512 512");
            drawing.Descendants().Select(element => element.Name.LocalName).Distinct().ShouldBeSubsetOf(shapes);
        }
    }

    private static IEnumerable<string> Hashes(int count) => Enumerable.Range(0, count).Select(i => $"{GoldenImages.Hash[..^3]}{i:x3}");
}
