using System.Text;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Tests.Xml;

[Trait("Requirement", "C-221")]
public sealed class StreamLimitTests
{
    private static readonly StreamLimits Small = new() { StanzaBytesBeforeAuthentication = 1000, Depth = 5, Attributes = 6, Namespaces = 4, NameBytes = 20 };

    [Fact]
    [Trait("Requirement", "C-220")]
    public void A_stanza_of_just_the_allowed_bytes_is_read_and_one_more_is_too_many()
    {
        const int overhead = 8; // <a></a> and the x of the name
        Accepted($"<ax>{new string('x', 1000 - overhead - 1)}</ax>");
        Refused($"<ax>{new string('x', 1000 - overhead)}</ax>");
    }

    [Fact]
    public void Bytes_are_counted_for_each_stanza_anew() => Accepted(string.Concat(Enumerable.Repeat($"<a>{new string('x', 900)}</a> \n", 10)));

    [Fact]
    public void White_space_between_stanzas_counts_for_none() => Accepted(new string(' ', 5000));

    [Fact]
    [Trait("Requirement", "C-220")]
    public void After_authentication_the_session_allows_more()
    {
        var reader = StreamFeeding.Reader(Small);
        reader.MaxStanzaBytes = 2000;
        StreamFeeding.Events(reader, Encoding.UTF8.GetBytes($"{StreamFeeding.Header}<a>{new string('x', 1900)}</a>")).Count.ShouldBe(2);
    }

    [Fact]
    public void Nesting_is_bounded()
    {
        Accepted("<a><a><a><a><a/></a></a></a></a>");
        Refused("<a><a><a><a><a><a/></a></a></a></a></a>");
    }

    [Fact]
    public void Attributes_are_bounded_declarations_included()
    {
        Accepted("<a a='' b='' c='' d='' e='' xmlns:f='u'/>");
        Refused("<a a='' b='' c='' d='' e='' f='' xmlns:g='u'/>");
    }

    [Fact]
    public void Namespace_declarations_in_force_are_bounded()
    {
        Accepted("<a xmlns:f='u' xmlns:g='u'/><a xmlns:f='u' xmlns:g='u'/>");
        Refused("<a xmlns:f='u'><a xmlns:g='u'><a xmlns='u'/></a></a>");
    }

    [Theory]
    [InlineData("<aaaaaaaaaaaaaaaaaaaa/>", "<aaaaaaaaaaaaaaaaaaaaa/>")]
    [InlineData("<a aaaaaaaaaaaaaaaaaaaa=''/>", "<a aaaaaaaaaaaaaaaaaaaaa=''/>")]
    public void Names_are_bounded(string within, string beyond)
    {
        Accepted(within);
        Refused(beyond);
    }

    [Theory]
    [InlineData("<a b='")]
    [InlineData("<a>text")]
    [InlineData("<a><![CDATA[text")]
    [InlineData("<aaaa")]
    [InlineData("<a></a")]
    [InlineData("<a> ")]
    public void A_megabyte_without_end_is_refused_at_the_limit_wherever_it_comes_and_costs_no_memory(string beginning)
    {
        var bytes = Encoding.UTF8.GetBytes(StreamFeeding.Header + beginning + new string(beginning[^1] == ' ' ? ' ' : 'y', 1 << 20));
        foreach (var piece in new[] { int.MaxValue, 4096 })
        {
            var reader = StreamFeeding.Reader(Small);
            var before = GC.GetAllocatedBytesForCurrentThread();
            Should.Throw<StreamErrorException>(() => StreamFeeding.Events(reader, bytes, piece)).Condition.ShouldBe("policy-violation");
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(300_000);
        }
    }

    [Fact]
    public void A_megabyte_of_unclosed_tags_is_refused_at_the_limit()
    {
        var bytes = Encoding.UTF8.GetBytes(StreamFeeding.Header + string.Concat(Enumerable.Repeat("<a>", 350_000)));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Should.Throw<StreamErrorException>(() => StreamFeeding.Events(StreamFeeding.Reader(new StreamLimits()), bytes)).Condition.ShouldBe("policy-violation");
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(300_000);
    }

    [Fact]
    public void A_header_over_the_limit_is_refused() =>
        StreamFeeding.ConditionOf(StreamFeeding.Header.Replace("example.org", new string('a', 2000), StringComparison.Ordinal), Small).ShouldBe("policy-violation");

    [Fact]
    public void A_picture_of_64_KiB_in_base64_costs_one_string()
    {
        var picture = new string('Q', 88_000);
        var bytes = Encoding.UTF8.GetBytes($"{StreamFeeding.Header}<iq><BINVAL xmlns='vcard-temp'>{picture}</BINVAL></iq>");
        StreamFeeding.Events(StreamFeeding.Reader(), bytes, 4096);
        var before = GC.GetAllocatedBytesForCurrentThread();
        StreamFeeding.Events(StreamFeeding.Reader(), bytes, 4096);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(2 * (2 * picture.Length));
    }

    [Fact]
    public void An_idle_reader_is_small() =>
        // Other tests run meanwhile and hold on to what they make: the least of several counts.
        Enumerable.Range(0, 5).Min(_ => BytesOfAnIdleReader()).ShouldBeLessThan(800);

    private static long BytesOfAnIdleReader()
    {
        var bytes = Encoding.UTF8.GetBytes(StreamFeeding.Header + "<iq><a><b><c><d/></c></b></a></iq>");
        var readers = new XmlStreamReader[1000];
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var index = 0; index < readers.Length; index++)
        {
            readers[index] = StreamFeeding.Reader();
            StreamFeeding.Events(readers[index], bytes);
        }

        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / readers.Length;
        GC.KeepAlive(readers);
        return each;
    }

    private static void Accepted(string content) => StreamFeeding.Events(StreamFeeding.Header + content, Small).ShouldNotBeEmpty();

    private static void Refused(string content) => StreamFeeding.ConditionOf(StreamFeeding.Header + content, Small).ShouldBe("policy-violation");
}
