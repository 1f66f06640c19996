using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Tests.Payloads;

public sealed class AvatarPayloadTests
{
    private const string RedPng = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42mP4z8AAAAMBAQD3A0FDAAAAAElFTkSuQmCC";
    private const string RedId = "58a8ca82092f68cfa7768eb2c097879aa6bdc556";

    [Fact]
    [Trait("Requirement", "X84-3")]
    public void The_id_of_a_picture_is_the_SHA_1_of_its_bytes() => Xep0084UserAvatar.IdOf(Convert.FromBase64String(RedPng)).ShouldBe(RedId);

    [Fact]
    [Trait("Requirement", "X84-5")]
    public void Metadata_written_can_be_read()
    {
        AvatarInfo[] infos = [new(RedId, "image/png", 69, 1, 1), new(RedId, "image/webp", 20, Url: "https://example.org/a.webp")];
        Xep0084UserAvatar.ReadMetadata(Xep0084UserAvatar.Metadata(infos)).ShouldBe(infos);
    }

    [Theory]
    [Trait("Requirement", "X84-8")]
    [InlineData("<metadata xmlns='urn:xmpp:avatar:metadata'/>")]
    [InlineData("<metadata xmlns='urn:xmpp:avatar:metadata'><stop/></metadata>")]
    public void No_infos_mean_no_avatar(string xml) => Xep0084UserAvatar.ReadMetadata(Parse(xml)).ShouldBeEmpty();

    [Theory]
    [InlineData("id='current' type='image/png' bytes='1'")]
    [InlineData("type='image/png' bytes='1'")]
    [InlineData($"id='{RedId}' bytes='1'")]
    [InlineData($"id='{RedId}' type='image/png'")]
    [InlineData($"id='{RedId}' type='image/png' bytes='-1'")]
    public void Infos_that_say_nothing_usable_are_passed_over(string attributes) =>
        Xep0084UserAvatar.ReadMetadata(Parse($"<metadata xmlns='urn:xmpp:avatar:metadata'><info {attributes}/><pointer><x xmlns='u'/></pointer></metadata>")).ShouldBeEmpty();

    [Fact]
    [Trait("Requirement", "X84-4")]
    public void Data_is_one_line_of_base64_and_nothing_else()
    {
        var bytes = new byte[1000];
        ElementWriter.ToText(Xep0084UserAvatar.Data(bytes)).ShouldBe($"<data xmlns='urn:xmpp:avatar:data'>{Convert.ToBase64String(bytes)}</data>");
    }

    [Fact]
    [Trait("Requirement", "X84-7")]
    public void A_pointer_beside_infos_is_passed_over()
    {
        const string pointed = $"<metadata xmlns='urn:xmpp:avatar:metadata'><info id='{RedId}' type='image/png' bytes='69'/><pointer><x xmlns='http://example.com/virtualworlds'><id>1</id></x></pointer></metadata>";
        Xep0084UserAvatar.ReadMetadata(Parse(pointed)).ShouldBe([new AvatarInfo(RedId, "image/png", 69)]);
    }

    [Theory]
    [InlineData(RedPng, true)]
    [InlineData("QU\nJD", true)]
    [InlineData("", false)]
    [InlineData("?", false)]
    public void Data_is_base64_and_not_empty(string text, bool valid) =>
        Xep0084UserAvatar.TryReadData(new Element("data", Ns.AvatarData).Add(text), out _).ShouldBe(valid);

    [Theory]
    [Trait("Requirement", "X54-14")]
    [InlineData("<photo><BINVAL>QUJD</BINVAL></photo>")]
    [InlineData("<Photo><BINVAL>QUJD</BINVAL></Photo>")]
    [InlineData("<PHOTO><binval/></PHOTO>")]
    [InlineData("<photo><binval>QUJD</binval></photo>")]
    [InlineData("<LOGO><BINVAL>QUJD</BINVAL></LOGO>")]
    public void Names_of_fields_are_in_capitals_and_others_are_other_fields(string field)
    {
        var card = Parse($"<vCard xmlns='vcard-temp'>{field}</vCard>");
        Xep0054VCard.ReadPhoto(card).Kind.ShouldBe(VCardPhotoKind.None);
        var kept = field.StartsWith("<PHOTO>", StringComparison.Ordinal) ? "" : field;
        ElementWriter.ToText(Xep0054VCard.WithPhoto(card, "ABC"u8.ToArray(), "image/png"))
            .ShouldBe($"<vCard xmlns='vcard-temp'>{kept}<PHOTO><TYPE>image/png</TYPE><BINVAL>QUJD</BINVAL></PHOTO></vCard>");
    }

    [Theory]
    [Trait("Requirement", "X153-22")]
    [InlineData("<PHOTO><TYPE>image/png</TYPE><BINVAL>\n QU\r\nJD </BINVAL></PHOTO>", VCardPhotoKind.Picture)]
    [InlineData("<PHOTO><BINVAL/></PHOTO>", VCardPhotoKind.None)]
    [InlineData("<PHOTO/>", VCardPhotoKind.None)]
    [InlineData("", VCardPhotoKind.None)]
    [InlineData("<PHOTO><EXTVAL>https://example.org/a.png</EXTVAL></PHOTO>", VCardPhotoKind.Link)]
    [InlineData("<PHOTO><BINVAL>QU*JD</BINVAL></PHOTO>", VCardPhotoKind.Invalid)]
    [InlineData("<PHOTO>QUJD</PHOTO>", VCardPhotoKind.Invalid)]
    public void The_photo_of_a_vcard_is_read(string photo, VCardPhotoKind kind)
    {
        var read = Xep0054VCard.ReadPhoto(Parse($"<vCard xmlns='vcard-temp'><FN>Ada</FN>{photo}</vCard>"));
        read.Kind.ShouldBe(kind);
        read.Bytes.ShouldBe(kind == VCardPhotoKind.Picture ? "ABC"u8.ToArray() : null);
    }

    [Fact]
    [Trait("Requirement", "X54-11")]
    public void Replacing_the_photo_keeps_all_else()
    {
        var card = Parse("<vCard xmlns='vcard-temp' a='b'><FN>Ada</FN><PHOTO><BINVAL>AAAA</BINVAL></PHOTO><x xmlns='urn:y'/>\n<PHOTO/></vCard>");
        ElementWriter.ToText(Xep0054VCard.WithPhoto(card, "ABC"u8.ToArray(), "image/png")).ShouldBe(
            "<vCard xmlns='vcard-temp' a='b'><FN>Ada</FN><PHOTO><TYPE>image/png</TYPE><BINVAL>QUJD</BINVAL></PHOTO><x xmlns='urn:y'/>\n</vCard>");
        ElementWriter.ToText(Xep0054VCard.WithPhoto(card, null, null)).ShouldBe("<vCard xmlns='vcard-temp' a='b'><FN>Ada</FN><x xmlns='urn:y'/>\n</vCard>");
        card.Nodes.Length.ShouldBe(5);
    }

    [Theory]
    [Trait("Requirement", "X153-4")]
    [InlineData("", PhotoUpdateKind.Absent, null)]
    [InlineData("<x xmlns='vcard-temp:x:update'/>", PhotoUpdateKind.NotReady, null)]
    [InlineData("<x xmlns='vcard-temp:x:update'><photo/></x>", PhotoUpdateKind.NoPicture, null)]
    [InlineData("<x xmlns='vcard-temp:x:update'><photo>58A8CA82092f68cfa7768eb2c097879aa6bdc556</photo></x>", PhotoUpdateKind.Picture, RedId)]
    [InlineData("<x xmlns='vcard-temp:x:update'><photo>current</photo></x>", PhotoUpdateKind.Unusable, null)]
    public void The_hash_in_presence_has_three_shapes(string x, PhotoUpdateKind kind, string? hash)
    {
        var presence = XmlStreamReader.ParseElement($"<presence from='a@b'><show>away</show>{x}</presence>", Ns.Client);
        var update = Xep0153VCardAvatars.Read(presence);
        update.ShouldBe(new PhotoUpdate(kind, hash));
        if (kind != PhotoUpdateKind.Unusable)
        {
            Xep0153VCardAvatars.Read(Xep0153VCardAvatars.Write(new Element("presence", Ns.Client), update)).ShouldBe(update);
        }
    }

    [Fact]
    public void Several_updates_in_a_presence_collapse_to_one()
    {
        var presence = XmlStreamReader.ParseElement("<presence><x xmlns='vcard-temp:x:update'/><show>away</show><x xmlns='vcard-temp:x:update'><photo/></x></presence>", Ns.Client);
        Xep0153VCardAvatars.Write(presence, new PhotoUpdate(PhotoUpdateKind.Picture, RedId)).ToString().ShouldBe(
            $"<presence><show>away</show><x xmlns='vcard-temp:x:update'><photo>{RedId}</photo></x></presence>");
    }

    private static Element Parse(string xml) => XmlStreamReader.ParseElement(xml);
}
