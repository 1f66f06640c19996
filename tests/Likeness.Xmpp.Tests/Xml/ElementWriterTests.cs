using System.Buffers;
using System.Text;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Tests.Xml;

public sealed class ElementWriterTests
{
    [Theory]
    [InlineData("")]
    [InlineData(Ns.Client)]
    public void What_is_written_is_read_back_the_same(string scope)
    {
        var documents = Enumerable.Range(0, 3000).Select(seed => new XmlFuzz(seed).Document()).Where(IsAccepted).ToList();
        documents.Count.ShouldBeGreaterThan(1000);
        foreach (var seed in documents)
        {
            var element = XmlStreamReader.ParseElement(seed);
            var text = ElementWriter.ToText(element, scope);
            var again = XmlStreamReader.ParseElement(text, scope);
            ElementWriter.ToText(again, scope).ShouldBe(text, $"seed {seed}");
            again.Is(element.Name, element.Namespace).ShouldBeTrue();
            again.Attributes.SequenceEqual(element.Attributes).ShouldBeTrue($"seed {seed}");
            again.Text().ShouldBe(element.Text(), $"seed {seed}");
        }
    }

    [Theory]
    [InlineData("<message><xml:foo xml:lang='en'><bar/></xml:foo></message>")]
    [InlineData("<message><s:error xmlns:s='http://etherx.jabber.org/streams'><bar/></s:error></message>")]
    [InlineData("<s:error xmlns:s='http://etherx.jabber.org/streams'><bar xmlns='u'/></s:error>")]
    public void Elements_of_reserved_namespaces_are_written_so_that_they_can_be_read(string xml)
    {
        var element = XmlStreamReader.ParseElement(xml, Ns.Client);
        var text = ElementWriter.ToText(element);
        ElementWriter.ToText(XmlStreamReader.ParseElement(text)).ShouldBe(text);
        var output = new ArrayBufferWriter<byte>();
        ElementWriter.Write(output, element, Ns.Client);
        ElementWriter.ToText(StreamFeeding.Only(Encoding.UTF8.GetString(output.WrittenSpan))).ShouldBe(text);
    }

    [Fact]
    public void Long_text_of_every_width_passes_through_small_buffers()
    {
        var text = string.Concat(Enumerable.Range(0, 3000).Select(index => (index % 4) switch { 0 => "a", 1 => "é", 2 => "名", _ => "\U0001F339" }));
        var element = new Element("body", Ns.Client).Add(text);
        XmlStreamReader.ParseElement(ElementWriter.ToText(element)).Text().ShouldBe(text);
        var small = new SmallSpans();
        ElementWriter.Write(small, element, Ns.Client);
        Encoding.UTF8.GetString(small.Written.ToArray()).ShouldBe($"<body>{text}</body>");
    }

    [Fact]
    public void What_XML_cannot_carry_becomes_the_replacement_character()
    {
        var element = new Element("a", "").Set("b", "\u0001\uFFFE").Add("x\u0000y" + (char)0xD800 + "z" + (char)0xDC00);
        ElementWriter.ToText(element).ShouldBe("<a b='\uFFFD\uFFFD'>x\uFFFDy\uFFFDz\uFFFD</a>");
    }

    [Fact]
    public void Quotes_and_white_space_survive()
    {
        var element = new Element("a", "").Set("b", "'\"\t\r\n<>&").Add("'\"\t\r\n<>&]]>");
        var again = XmlStreamReader.ParseElement(ElementWriter.ToText(element));
        again["b"].ShouldBe(element["b"]);
        again.Text().ShouldBe(element.Text());
    }

    [Fact]
    public void Writing_allocates_nothing()
    {
        var element = XmlStreamReader.ParseElement("<message to='a@b' type='chat' id='7' xml:lang='en'><body>Hello &amp; good bye, \U0001F339</body><active xmlns='http://jabber.org/protocol/chatstates'/></message>", Ns.Client);
        var output = new ArrayBufferWriter<byte>(4096);
        ElementWriter.Write(output, element, Ns.Client);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var times = 0; times < 1000; times++)
        {
            output.ResetWrittenCount();
            ElementWriter.Write(output, element, Ns.Client);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1000);
    }

    [Fact]
    public void Attributes_can_be_set_replaced_and_removed()
    {
        var element = new Element("a", "");
        for (var index = 0; index < 10; index++)
        {
            element.Set($"k{index}", $"{index}");
        }

        element.Set("k3", null).Set("k0", null).Set("k9", "nine").Set("absent", null);
        ElementWriter.ToText(element).ShouldBe("<a k1='1' k2='2' k4='4' k5='5' k6='6' k7='7' k8='8' k9='nine'/>");
        element["k3"].ShouldBeNull();
        var copy = element.Copy().Set("k1", "other");
        element["k1"].ShouldBe("1");
        copy["k1"].ShouldBe("other");
    }

    private static bool IsAccepted(string document)
    {
        try
        {
            XmlStreamReader.ParseElement(document);
            return true;
        }
        catch (StreamErrorException)
        {
            return false;
        }
    }

    private sealed class SmallSpans : IBufferWriter<byte>
    {
        private readonly byte[] _buffer = new byte[256];

        public List<byte> Written { get; } = [];

        public void Advance(int count) => Written.AddRange(_buffer.AsSpan(0, count));

        public Memory<byte> GetMemory(int sizeHint = 0) => _buffer;

        public Span<byte> GetSpan(int sizeHint = 0) => _buffer;
    }
}
