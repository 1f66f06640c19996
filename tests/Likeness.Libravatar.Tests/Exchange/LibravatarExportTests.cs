using System.IO.Compression;
using System.Text;
using Likeness.Libravatar.Exchange;

namespace Likeness.Libravatar.Tests.Exchange;

public sealed class LibravatarExportTests
{
    private const string Namespace = "https://www.libravatar.org/schemas/export/";

    private static readonly LibravatarExport Juliet = new()
    {
        Username = "juliet",
        Site = "https://example.org/",
        Emails = [new("juliet@example.org", "1"), new("j&c@capulet.example", "2"), new("old@example.org", null)],
        OpenIds = [new("https://juliet.example.org/", "1")],
        Photos = [new("1", "jpg", new byte[] { 0xFF, 0xD8, 1 }), new("2", "png", new byte[] { 0x89, 2 })],
    };

    [Fact]
    [Trait("Requirement", "L-126")]
    [Trait("Requirement", "L-121")]
    public void What_is_written_is_read_again_whole()
    {
        var read = Read(Written(Juliet));

        (read.Username, read.Site).ShouldBe((Juliet.Username, Juliet.Site));
        read.Emails.ShouldBe(Juliet.Emails);
        read.OpenIds.ShouldBe(Juliet.OpenIds);
        read.Photos.Select(Show).ShouldBe(Juliet.Photos.Select(Show));
        read.Problems.ShouldBeEmpty();
    }

    [Fact]
    [Trait("Requirement", "L-121")]
    [Trait("Requirement", "L-122")]
    public void What_is_written_is_what_other_servers_expect()
    {
        var text = Unfolded(Written(Juliet));

        text.ShouldStartWith("<?xml version=\"1.0\" encoding=\"utf-8\"?>");
        text.ShouldContain($"<user xmlns=\"{Namespace}0.2\">");
        text.ShouldContain("<email photo_id=\"None\">old@example.org</email>");
        text.ShouldContain("<photo id=\"1\" encoding=\"base64\" format=\"jpg\">/9gB</photo>");
        text.IndexOf("<emails>", StringComparison.Ordinal).ShouldBeInRange(text.IndexOf("<account", StringComparison.Ordinal), text.IndexOf("<openids>", StringComparison.Ordinal));
        text.ShouldNotContain("password");
    }

    [Theory]
    [Trait("Requirement", "L-120")]
    [InlineData("juliet", "libravatar-export_juliet.xml.gz")]
    [InlineData("juliet@example.org", "libravatar-export_juliet@example.org.xml.gz")]
    [InlineData("../\"a b\r\n", "libravatar-export_..__a_b__.xml.gz")]
    public void The_files_name_has_nothing_that_could_lead_elsewhere(string username, string name) =>
        LibravatarExportWriter.FileNameFor(username).ShouldBe(name);

    [Theory]
    [Trait("Requirement", "L-123")]
    [InlineData("0.1")]
    [InlineData("0.2")]
    public void Files_of_both_versions_without_the_newer_attributes_are_read(string version)
    {
        var read = Read(Xml(version, "<account username='juliet' password='sha1$x'/><emails><email>a@example.org</email></emails><openids/><photos><photo encoding='base64' format='jpg'>/9\n gB</photo></photos>"));

        (read.Username, read.Site).ShouldBe(("juliet", null));
        read.Emails.ShouldBe([new ExportedAddress("a@example.org", null)]);
        read.Photos.ShouldHaveSingleItem().Id.ShouldBeNull();
        read.Photos[0].Bytes.ToArray().ShouldBe([0xFF, 0xD8, 1]);
    }

    [Theory]
    [Trait("Requirement", "L-123")]
    [InlineData("b'/9gB'", new byte[] { 0xFF, 0xD8, 1 })]
    [InlineData("bbbb", new byte[] { 0x6D, 0xB6, 0xDB })]
    public void Only_the_exact_wrapper_of_a_byte_string_is_taken_off(string text, byte[] bytes) =>
        Read(Xml("0.2", $"<photos><photo id='1' format='jpg'>{text}</photo></photos>")).Photos.ShouldHaveSingleItem().Bytes.ToArray().ShouldBe(bytes);

    [Fact]
    [Trait("Requirement", "L-124")]
    public void A_photo_that_is_no_base64_is_reported_and_the_rest_is_read()
    {
        var read = Read(Xml("0.2", "<photos><photo id='7' format='jpg'>*</photo><photo id='8' format='jpg'/><photo id='9' format='jpg'>/9gB</photo></photos>"));

        read.Photos.ShouldHaveSingleItem().Id.ShouldBe("9");
        read.Problems.Length.ShouldBe(2);
        read.Problems[0].ShouldContain("7");
    }

    [Theory]
    [Trait("Requirement", "L-124")]
    [Trait("Requirement", "L-123")]
    [InlineData("")]
    [InlineData("not xml")]
    [InlineData("<user/>")]
    [InlineData("<feed xmlns='http://www.w3.org/2005/Atom'/>")]
    [InlineData("<!DOCTYPE user [<!ENTITY a 'b'>]><user xmlns='https://www.libravatar.org/schemas/export/0.2'>&a;</user>")]
    [InlineData("<user xmlns='https://www.libravatar.org/schemas/export/0.2'><emails><email>a&b@example.org</email></emails></user>")]
    [InlineData("<user xmlns='https://www.libravatar.org/schemas/export/0.2'><emails>")]
    public void What_is_no_export_is_refused_with_a_sentence(string text) =>
        Should.Throw<ExportRefusedException>(() => Read(Encoding.UTF8.GetBytes(text))).Message.ShouldStartWith("This is not a Libravatar export");

    [Fact]
    [Trait("Requirement", "L-124")]
    public void A_file_that_unfolds_without_end_is_refused_while_it_is_read()
    {
        using var packed = new MemoryStream();
        using (var packer = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            packer.Write(Encoding.UTF8.GetBytes($"<user xmlns='{Namespace}0.2'><photos><photo>"));
            var filler = new byte[1 << 20];
            filler.AsSpan().Fill((byte)' ');
            for (var mebibyte = 0; mebibyte < 300; mebibyte++)
            {
                packer.Write(filler);
            }
        }

        packed.Length.ShouldBeLessThan(4 << 20);
        var before = GC.GetTotalAllocatedBytes();
        Should.Throw<ExportRefusedException>(() => Read(packed.ToArray()));
        (GC.GetTotalAllocatedBytes() - before).ShouldBeLessThan(300L << 20);
    }

    [Fact]
    [Trait("Requirement", "L-124")]
    public void Files_over_a_limit_are_refused()
    {
        var file = Written(Juliet);
        Refused(file, new ExportLimits { Compressed = file.Length - 1 }).ShouldContain("bytes");
        Refused(file, new ExportLimits { Expanded = 300 }).ShouldContain("unfolds");
        Refused(file, new ExportLimits { Addresses = 3 }).ShouldContain("3 addresses");
        Refused(file, new ExportLimits { Photos = 1 }).ShouldContain("1 photos");
        Refused(Xml("0.2", $"<emails><email>{new string('a', 3000)}</email></emails>"), new ExportLimits()).ShouldContain("2048 characters");
    }

    [Fact]
    [Trait("Requirement", "L-124")]
    public void Damaged_files_are_read_or_refused_but_never_anything_else()
    {
        var random = new Random(20261121);
        byte[][] sources = [Written(Juliet), Xml("0.1", "<account username='a'/><emails><email photo_id='1'>a@b.c</email></emails><photos><photo id='1'>b'/9gB'</photo></photos>")];
        for (var round = 0; round < 3000; round++)
        {
            var bytes = (byte[])sources[round % 2].Clone();
            for (var change = 0; change <= random.Next(4); change++)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            try
            {
                Read(bytes.AsSpan(0, random.Next(4) == 0 ? random.Next(bytes.Length) : bytes.Length).ToArray());
            }
            catch (ExportRefusedException)
            {
                // As it should be.
            }
        }
    }

    private static string Refused(byte[] file, ExportLimits limits) =>
        Should.Throw<ExportRefusedException>(() => LibravatarExportReader.Read(new MemoryStream(file), limits)).Message;

    private static string Show(ExportedPhoto photo) => $"{photo.Id} {photo.Format} {Convert.ToHexString(photo.Bytes.Span)}";

    private static LibravatarExport Read(byte[] file) => LibravatarExportReader.Read(new MemoryStream(file));

    private static byte[] Xml(string version, string content) => Encoding.UTF8.GetBytes($"<user xmlns='{Namespace}{version}'>{content}</user>");

    private static byte[] Written(LibravatarExport export)
    {
        using var file = new MemoryStream();
        LibravatarExportWriter.Write(file, export);
        return file.ToArray();
    }

    private static string Unfolded(byte[] file)
    {
        using var reader = new StreamReader(new GZipStream(new MemoryStream(file), CompressionMode.Decompress));
        return reader.ReadToEnd();
    }
}
