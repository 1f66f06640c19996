using System.Text;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Tests.Xml;

public sealed class XmlStreamReaderTests
{
    private const string Conversation =
        "<?xml version='1.0'?>" + StreamFeeding.Header
        + "<message from='juliet@example.com/balcony' to='romeo@example.net' type='chat' xml:lang='en'>"
        + "<body>Wherefore art thou, R&#xF3;m\u00e9o? &lt;3 \U0001F339</body>"
        + "<x:y xmlns:x='urn:x' x:z='1' z='2'><![CDATA[<raw>&amp;]]></x:y></message>\r\n "
        + "<iq type='get' id=\"a'b\"><ping xmlns='urn:xmpp:ping'/></iq>"
        + "<presence/></stream:stream>";

    [Fact]
    public void A_conversation_becomes_a_header_three_elements_and_an_end()
    {
        var events = StreamFeeding.Events(Conversation);

        events.Select(one => one.Kind).ShouldBe(
            [StreamEventKind.StreamOpened, StreamEventKind.Element, StreamEventKind.Element, StreamEventKind.Element, StreamEventKind.StreamClosed]);
        events[0].ContentNamespace.ShouldBe(Ns.Client);
        events[0].Element!.Is("stream", Ns.Streams).ShouldBeTrue();
        events[0].Element!["to"].ShouldBe("example.org");
        events[0].Element!["version"].ShouldBe("1.0");
        events[0].Element!.Get("lang", Ns.Xml).ShouldBe("en");
        var message = events[1].Element!;
        message.Is("message", Ns.Client).ShouldBeTrue();
        message.Child("body")!.Text().ShouldBe("Wherefore art thou, Róméo? <3 \U0001F339");
        var extension = message.Child("y", "urn:x")!;
        extension.Text().ShouldBe("<raw>&amp;");
        extension.Get("z", "urn:x").ShouldBe("1");
        extension["z"].ShouldBe("2");
        events[2].Element!["id"].ShouldBe("a'b");
        events[2].Element!.Child("ping", Ns.Ping).ShouldNotBeNull();
        events[3].Element!.Attributes.Length.ShouldBe(0);
    }

    [Fact]
    public void Cut_at_any_byte_the_stream_reads_the_same()
    {
        var bytes = Encoding.UTF8.GetBytes(Conversation);
        var whole = Text(StreamFeeding.Events(Conversation));
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            var reader = StreamFeeding.Reader();
            var events = new List<StreamEvent>();
            var consumed = StreamFeeding.Drain(reader, StreamFeeding.Segments(bytes.AsMemory(0, cut), int.MaxValue), events);
            var rest = bytes.AsMemory(consumed);
            StreamFeeding.Drain(reader, StreamFeeding.Segments(rest, Math.Max(1, cut - consumed)), events);
            Text(events).ShouldBe(whole, $"cut at byte {cut}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(64)]
    public void In_small_pieces_the_stream_reads_the_same(int piece) =>
        Text(StreamFeeding.Events(StreamFeeding.Reader(), Encoding.UTF8.GetBytes(Conversation), piece)).ShouldBe(Text(StreamFeeding.Events(Conversation)));

    [Fact]
    public void White_space_between_elements_is_taken_silently_and_noted()
    {
        var reader = StreamFeeding.Reader();
        StreamFeeding.Events(reader, Encoding.UTF8.GetBytes(StreamFeeding.Header)).Count.ShouldBe(1);
        reader.SawWhitespace.ShouldBeFalse();
        StreamFeeding.Events(reader, " \n"u8.ToArray()).ShouldBeEmpty();
        reader.SawWhitespace.ShouldBeTrue("C-28");
        reader.BetweenElements.ShouldBeTrue();
    }

    [Fact]
    public void The_reader_knows_whether_something_is_unfinished()
    {
        var reader = StreamFeeding.Reader();
        reader.BetweenElements.ShouldBeTrue();
        StreamFeeding.Events(reader, Encoding.UTF8.GetBytes(StreamFeeding.Header + "<iq>"));
        reader.BetweenElements.ShouldBeFalse();
        StreamFeeding.Events(reader, "</iq>"u8.ToArray());
        reader.BetweenElements.ShouldBeTrue();
        StreamFeeding.Drain(reader, new(" <"u8.ToArray()), []).ShouldBe(1);
        reader.BetweenElements.ShouldBeFalse();
    }

    [Fact]
    public void After_a_reset_a_new_stream_with_a_declaration_can_begin()
    {
        var reader = StreamFeeding.Reader();
        StreamFeeding.Events(reader, Encoding.UTF8.GetBytes(StreamFeeding.Header + "<iq><half"));
        reader.Reset();
        StreamFeeding.Events(reader, Encoding.UTF8.GetBytes(Conversation)).Count.ShouldBe(5);
    }

    [Theory]
    [InlineData("a\r\nb\rc\nd", "a\nb\nc\nd")]
    [InlineData("&#13;&#10;&#9;", "\r\n\t")]
    [InlineData("]] ]> &gt;", "]] ]> >")]
    [InlineData("<![CDATA[]]]]><![CDATA[>]]>", "]]>")]
    [InlineData("\uFEFF", "\uFEFF")]
    [InlineData("&#x10FFFF;&#0065;&#xaF;", "\U0010FFFFA\u00AF")]
    public void Text_is_read_by_the_rules_of_xml(string xml, string text) => StreamFeeding.Only($"<a xmlns='u'>{xml}</a>").Text().ShouldBe(text);

    [Theory]
    [InlineData("a\r\nb\rc\nd\te", "a b c d e")]
    [InlineData("&#13;&#10;&#9;", "\r\n\t")]
    [InlineData("\">]]>&quot;&apos;", "\">]]>\"'")]
    [InlineData("", "")]
    public void Attribute_values_are_normalised_by_the_rules_of_xml(string xml, string value) => StreamFeeding.Only($"<a xmlns='u' v='{xml}'/>")["v"].ShouldBe(value);

    [Fact]
    public void A_single_element_can_be_read_from_stored_text()
    {
        var element = XmlStreamReader.ParseElement("<?xml version='1.0' encoding='utf-8'?>\n<vCard xmlns='vcard-temp'><FN>Ada</FN></vCard>\n");
        element.Child("FN", Ns.VCard)!.Text().ShouldBe("Ada");
        XmlStreamReader.ParseElement("<a/>", Ns.Client).Namespace.ShouldBe(Ns.Client);
        XmlStreamReader.ParseElement("<a/>"u8).Namespace.ShouldBe("");
    }

    [Theory]
    [InlineData("")]
    [InlineData("text")]
    [InlineData("<a/><b/>")]
    [InlineData("<a/>x")]
    [InlineData("<a>")]
    [InlineData("</a>")]
    [InlineData("<a/></a>")]
    public void What_is_not_exactly_one_element_is_refused(string xml) => Should.Throw<StreamErrorException>(() => XmlStreamReader.ParseElement(xml));

    private static string Text(List<StreamEvent> events) =>
        string.Join('\n', events.Select(one => $"{one.Kind} {one.ContentNamespace} {(one.Element is null ? "" : ElementWriter.ToText(one.Element))}"));
}
