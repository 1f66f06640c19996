using System.Xml.Linq;
using Likeness.Imaging.Colors;
using Likeness.Imaging.Faces;

namespace Likeness.Imaging.Tests.Faces;

public sealed class InitialsTests
{
    private static readonly IFace Initials = FaceCatalogue.Find("initials")!;
    private static readonly string Nobody = Draw(null);

    [Theory]
    [InlineData("AL")]
    [InlineData("é")]
    [InlineData("E\u0301")]
    [InlineData("x9Ø")]
    [InlineData("ŠŽ")]
    [InlineData("ΆΩ")]
    [InlineData("ЙЁ")]
    [InlineData("жї")]
    public void Letters_are_drawn_as_strokes(string letters) => Draw(letters).ShouldNotBe(Nobody);

    [Fact]
    public void Every_letter_and_digit_has_a_drawing_of_its_own() =>
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789ÄÅÁÀÂÃÆÇÉÈÊËÍÎÑÓÖÔÕØÚÜÝŁŠŽČŘĐÞ"
            .Select(letter => Draw(letter.ToString())).Append(Nobody).ShouldBeUnique();

    [Theory]
    [InlineData("ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ")]
    [InlineData("АБВГҐДЂЕЄЖЗИІЇЙЈКЛЉМНЊОПРСТЋУФХЦЧЏШЩЪЫЬЭЮЯ")]
    public void Greek_and_cyrillic_letters_are_told_apart(string letters) =>
        letters.Select(letter => Draw(letter.ToString())).Append(Nobody).ShouldBeUnique();

    [Fact]
    public void Letters_look_the_same_in_either_case_and_form()
    {
        Draw("éw").ShouldBe(Draw("ÉW"));
        Draw("E\u0301W").ShouldBe(Draw("ÉW"));
        Draw("J. R.").ShouldBe(Draw("JR"));
        Draw("ABCDEF").ShouldBe(Draw("ABC"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Ա")]
    [InlineData("ß")]
    [InlineData("日本")]
    [InlineData("A😺日")]
    [InlineData("\ud800A")]
    [InlineData("A\u0301\u0302\u0303")]
    [InlineData("\u0301")]
    [InlineData("<>&\"'")]
    [InlineData("\u0000\u202e")]
    public void Where_letters_are_none_of_ours_somebodys_outline_is_drawn(string letters) => Draw(letters).ShouldBe(Nobody);

    [Theory]
    [InlineData("</svg><script>")]
    [InlineData("&lt;\"'A")]
    [InlineData("]]>B<!--")]
    public void No_text_of_a_stranger_gets_into_the_drawing(string text)
    {
        var drawn = XDocument.Parse(FaceCatalogue.Find("initials")!.Draw(new FaceSubject(text, text, text)));

        drawn.DescendantNodes().OfType<XText>().ShouldAllBe(node => string.IsNullOrWhiteSpace(node.Value));
        drawn.Descendants().Select(element => element.Name.LocalName).Distinct().ShouldBeSubsetOf(["svg", "rect", "path", "g", "ellipse"]);
    }

    [Theory]
    [InlineData("initials")]
    [InlineData("color")]
    public void The_colour_is_the_addresss_where_it_is_known_and_the_hashs_elsewhere(string name)
    {
        var face = FaceCatalogue.Find(name)!;

        face.Draw(new FaceSubject("ab", Address: "juliet@capulet.lit")).ShouldContain(Ground("juliet@capulet.lit"));
        face.Draw(new FaceSubject("AB")).ShouldContain(Ground("ab"));

        string Ground(string text) =>
            (name == "color" ? ConsistentColor.OfAddress(text).Rgb : ConsistentColor.OfAddress(text).UnderWhite).Hex;
    }

    private static string Draw(string? letters) => Initials.Draw(new FaceSubject("a", letters));
}
