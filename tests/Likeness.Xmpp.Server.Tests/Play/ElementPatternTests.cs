using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Tests.Play;

public sealed class ElementPatternTests
{
    [Theory]
    [InlineData("<x><photo/></x>", "<x><photo/></x>", true)]
    [InlineData("<x><photo/></x>", "<x><photo>hash</photo></x>", false)]
    [InlineData("<x><photo/></x>", "<x><photo><TYPE/></photo></x>", false)]
    [InlineData("<x><photo>{any}</photo></x>", "<x><photo>hash</photo></x>", true)]
    [InlineData("<x><photo>{any}</photo></x>", "<x><photo><TYPE/></photo></x>", true)]
    [InlineData("<x><photo>{any}</photo></x>", "<x><photo/></x>", true)]
    [InlineData("<iq><query/></iq>", "<iq><query/><error/></iq>", true)]
    [InlineData("<iq id='1'/>", "<iq id='1'><query/></iq>", false)]
    public void An_empty_element_means_an_empty_one(string pattern, string actual, bool matches) => Matches(pattern, actual).ShouldBe(matches);

    [Theory]
    [InlineData("<presence/>", "<presence><show>away</show></presence>")]
    [InlineData("<message id='1'/>", "<message id='1'><body>hi</body></message>")]
    public void A_stanza_without_children_is_told_by_its_attributes(string pattern, string actual) => Matches(pattern, actual).ShouldBeTrue();

    [Theory]
    [InlineData("<x><without><photo/></without></x>", "<x><photo>hash</photo></x>", false)]
    [InlineData("<x><without><photo/></without></x>", "<x><photo/></x>", false)]
    [InlineData("<x><without><photo/></without></x>", "<x><other/></x>", true)]
    public void What_is_forbidden_is_forbidden_whatever_it_holds(string pattern, string actual, bool matches) => Matches(pattern, actual).ShouldBe(matches);

    [Fact]
    public void A_prohibition_of_nothing_is_an_error() =>
        Should.Throw<TranscriptException>(() => Matches("<photo><without/></photo>", "<photo>hash</photo>"));

    private static bool Matches(string pattern, string actual) =>
        ElementPattern.Parse(pattern, new Placeholders(), exactly: false).ShouldHaveSingleItem().Matches(XmlStreamReader.ParseElement(actual, Ns.Client));
}
