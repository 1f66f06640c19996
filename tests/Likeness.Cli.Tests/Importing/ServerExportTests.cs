using System.Text;
using Likeness.Cli.Importing;
using Likeness.Xmpp.Xml;

namespace Likeness.Cli.Tests.Importing;

/// <summary>Exports are read whatever is in them, and cost no more than they may.</summary>
[Trait("Requirement", "U-29")]
public sealed class ServerExportTests : IDisposable
{
    private const string Export = """
        <?xml version='1.0'?><server-data xmlns='urn:xmpp:pie:0'><host jid='example.org'><user name='juliet' password='a &amp; b'>
        <query xmlns='jabber:iq:roster'><item jid='romeo@example.org' name='R'><group><![CDATA[<F>]]></group></item></query>
        <archive xmlns='urn:xmpp:pie:0#mam'><result xmlns='urn:xmpp:mam:2' id='1'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' xml:lang='en'><body>one
        two</body></message></forwarded></result></archive><offline-messages><message xmlns='jabber:client'/></offline-messages></user></host></server-data>
        """;

    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_person_is_read_with_all_parts_and_messages()
    {
        using var account = Read(Export).ShouldHaveSingleItem();

        (account.Address, account.Password).ShouldBe(("juliet@example.org", "a & b"));
        account.Parts.ShouldHaveSingleItem().Child("item")!.Child("group")!.Text().ShouldBe("<F>");
        (account.Archive.Count, account.Waiting.Count).ShouldBe((1, 1));
        var said = XmlStreamReader.ParseElement(account.Archive.Pages(0, 10, 1000).Single().Xml.Single());
        said.ToString().ShouldContain("xml:lang='en'");
        said.Child("forwarded", "urn:xmpp:forward:0")!.FirstChild()!.Child("body")!.Text().Split('\n').Length.ShouldBe(2);
        account.Problems.ShouldBeEmpty();
    }

    [Fact]
    public void What_is_too_large_or_too_deep_is_left_out_and_said_and_the_rest_is_read()
    {
        var large = new string('x', ServerExport.MaxPart);
        var deep = string.Concat(Enumerable.Repeat("<a>", 1000)) + string.Concat(Enumerable.Repeat("</a>", 1000));
        var text = $"""
            <server-data xmlns='urn:xmpp:pie:0'><host jid='example.org'><user name='juliet'><vCard xmlns='vcard-temp'><NOTE>{large}</NOTE></vCard><b c='{large}'/>{deep}
            <archive xmlns='urn:xmpp:pie:0#mam'><result><body>{large[..ServerExport.MaxMessage]}</body></result><result/></archive><last/></user><user name='romeo'/></host></server-data>
            """;

        var accounts = Read(text);

        accounts.Select(account => account.Address).ShouldBe(["juliet@example.org", "romeo@example.org"]);
        accounts[0].Parts.ShouldHaveSingleItem().Name.ShouldBe("last");
        accounts[0].Archive.Count.ShouldBe(1);
        accounts[0].Problems.Count.ShouldBe(4);
        accounts.ForEach(account => account.Dispose());
    }

    [Fact]
    public void Messages_come_in_pages_from_where_it_ended_and_their_file_is_the_owners()
    {
        using var spool = new MessageSpool();
        for (var number = 0; number < 25; number++)
        {
            spool.Add($"{number}");
        }

        spool.Pages(3, 10, 1000).Select(page => $"{page.Position}: {page.Xml[0]}…{page.Xml[^1]}").ShouldBe(["3: 3…12", "13: 13…22", "23: 23…24"]);
        spool.Pages(0, 10, 3).Select(page => page.Xml.Count).Sum().ShouldBe(25);
        spool.Pages(25, 10, 1000).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("<!DOCTYPE a [<!ENTITY b 'c'>]>" + "<server-data xmlns='urn:xmpp:pie:0'/>")]
    [InlineData("<host xmlns='urn:xmpp:pie:0' jid='example.org'/>")]
    [InlineData("<server-data/>")]
    [InlineData("no XML")]
    [InlineData("")]
    public void What_is_no_export_is_said(string text)
    {
        var accounts = Read(text);

        accounts.ShouldHaveSingleItem().Address.ShouldBeEmpty();
        accounts[0].Problems.ShouldHaveSingleItem().ShouldNotBeEmpty();
    }

    [Fact]
    public void Whoever_breaks_off_in_the_middle_has_those_before()
    {
        var broken = Export[..Export.LastIndexOf("</user>", StringComparison.Ordinal)] + "</user><user name='romeo'><a></user></host></server-data>";

        var accounts = Read(broken);

        accounts.Select(account => account.Address).ShouldBe(["juliet@example.org", ""]);
        accounts.ForEach(account => account.Dispose());
    }

    [Fact]
    public void Spoilt_exports_are_read_as_far_as_they_can_be()
    {
        var random = new Random(227);
        var whole = Encoding.UTF8.GetBytes(Export);
        string[] pieces = ["<", ">", "</user>", "<user name='x'>", "&", "\0", "\u00ff", "<![CDATA[", "xmlns=''", "<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='export.xml'/>", "<archive xmlns='urn:xmpp:pie:0#mam'>"];
        for (var round = 0; round < 3000; round++)
        {
            var bytes = whole.ToList();
            for (var spoilt = 0; spoilt <= round % 3; spoilt++)
            {
                var at = random.Next(bytes.Count);
                var length = Math.Min(random.Next(12), bytes.Count - at);
                bytes.RemoveRange(at, length);
                bytes.InsertRange(at, random.Next(2) == 0 ? Encoding.UTF8.GetBytes(pieces[random.Next(pieces.Length)]) : [(byte)random.Next(256)]);
            }

            foreach (var account in Read([.. bytes]))
            {
                account.Parts.ForEach(part => XmlStreamReader.ParseElement(ElementWriter.ToText(part)));
                account.Dispose();
            }
        }
    }

    private List<ExportedAccount> Read(string text) => Read(Encoding.UTF8.GetBytes(text));

    private List<ExportedAccount> Read(byte[] bytes)
    {
        var path = Path.Combine(_folder.Path, "export.xml");
        File.WriteAllBytes(path, bytes);
        return [.. ServerExport.Read(path)];
    }
}
