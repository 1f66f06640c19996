using Likeness.Xmpp.Server.Avatars;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Tests.Avatars;

public sealed class VCardDocumentTests
{
    private static readonly Picture Red = Picture.Of(
        Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42mP4z8AAAAMBAQD3A0FDAAAAAElFTkSuQmCC"),
        "image/png",
        1,
        1);

    [Fact]
    [Trait("Requirement", "X54-4")]
    public void A_vcard_comes_back_as_it_was_set_with_the_photo_in_its_place()
    {
        var set = $"<vCard xmlns='vcard-temp' version='2.0'>\n  <FN>J</FN><PHOTO><TYPE>image/png</TYPE><BINVAL>{Convert.ToBase64String(Red.Bytes.Span)}</BINVAL></PHOTO><X-OWN a='b'>c<d xmlns='urn:d'/></X-OWN>\n</vCard>";

        var fields = VCardDocument.Split(XmlStreamReader.ParseElement(set), out var base64, out _);

        base64.ShouldBe(Convert.ToBase64String(Red.Bytes.Span));
        fields.ToString().ShouldNotContain(base64!);
        VCardDocument.Compose(XmlStreamReader.ParseElement(ElementWriter.ToText(fields)), Red).ToString().ShouldBe(set);
    }

    [Fact]
    public void A_vcard_without_a_visible_picture_has_no_photo_at_all()
    {
        var fields = XmlStreamReader.ParseElement("<vCard xmlns='vcard-temp'><FN>J</FN><PHOTO/></vCard>");

        VCardDocument.Compose(fields, null).ToString().ShouldBe("<vCard xmlns='vcard-temp'><FN>J</FN></vCard>");
    }

    [Theory]
    [InlineData("<vCard xmlns='vcard-temp'/>", true)]
    [InlineData("<vCard xmlns='vcard-temp'><PHOTO/></vCard>", true)]
    [InlineData("<vCard xmlns='vcard-temp'><PHOTO><EXTVAL>u</EXTVAL></PHOTO></vCard>", false)]
    [InlineData("<vCard xmlns='vcard-temp'><FN/></vCard>", false)]
    public void Only_a_vcard_without_fields_is_empty(string vcard, bool isEmpty) =>
        VCardDocument.IsEmpty(XmlStreamReader.ParseElement(vcard)).ShouldBe(isEmpty);
}
