using System.Text;
using Likeness.Web.Proofs;

namespace Likeness.Web.Tests.Proofs;

[Trait("Requirement", "P-23")]
public sealed class MeLinksTests
{
    [Theory]
    [InlineData("""<a rel="me" href="https://a.example/">x</a>""")]
    [InlineData("""<A REL='nofollow ME noopener' HREF='https://a.example/'>x</A>""")]
    [InlineData("""<link href=https://a.example/ rel=me>""")]
    [InlineData("""<link rel="me"href="https://a.example/"/>""")]
    [InlineData("<a\n\trel = me\n href = ' https://a.example/ '>x")]
    [InlineData("""<!-- <p> --><a rel="me" href="https:&#x2F;&#47;a.example/">x</a>""")]
    [InlineData("""<script>if (a<b) { "<a href='x'>" }</script><a rel="me" href="https://a.example/">""")]
    [InlineData("""<p title="a > b"><a rel=me href="https://a.example/">""")]
    [InlineData("""< a><a rel=me href="https://a.example/">""")]
    [InlineData("""<a/rel="me"/href="https://a.example/">""")]
    [InlineData("""<a hidden href="https://a.example/" rel=me>""")]
    public void A_link_that_says_it_is_me_is_read(string page) => Read(page).ShouldBe(["https://a.example/"]);

    [Theory]
    [InlineData("""<a href="https://a.example/">x</a>""")]
    [InlineData("""<a rel="menu me2 not-me" href="https://a.example/">x</a>""")]
    [InlineData("""<!-- <a rel="me" href="https://a.example/">x</a> -->""")]
    [InlineData("""<!-- > <a rel="me" href="https://a.example/">""")]
    [InlineData("""<script>"<a rel='me' href='https://a.example/'>"</script>""")]
    [InlineData("""<textarea><a rel="me" href="https://a.example/">""")]
    [InlineData("""<title><a rel="me" href="https://a.example/"></title>""")]
    [InlineData("""<p title='<a rel="me" href="https://a.example/">'>""")]
    [InlineData("""<area rel="me" href="https://a.example/">""")]
    [InlineData("""<a rel="x" rel="me" href="https://a.example/">""")]
    [InlineData("""&lt;a rel="me" href="https://a.example/"&gt;""")]
    [InlineData("""<a rel="me" href="https://a.example/""")]
    [InlineData("<")]
    [InlineData("")]
    public void What_is_no_such_link_says_nothing(string page) => Read(page).ShouldBeEmpty();

    [Fact]
    public void Any_bytes_are_read_once_and_links_are_counted()
    {
        MeLinks.Read(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("<a rel=me href=x>", 1000)))).Count.ShouldBe(MeLinks.MaxLinks);
        var random = new Random(7);
        for (var time = 0; time < 2000; time++)
        {
            var page = string.Concat(Enumerable.Range(0, 60).Select(_ => "<>!-/='\" aREl mehreflink&;\n"[random.Next(27)]));
            Should.NotThrow(() => Read(page), page);
        }

        // As long as may be, and made to be read again and again.
        foreach (var hostile in new[] { "<!--", "<a ", "<a href='", "<script", "</", "<a =", "&" })
        {
            var page = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(hostile, PageProofs.MaxPage / hostile.Length)));
            Should.CompleteIn(() => MeLinks.Read(page), TimeSpan.FromSeconds(10), hostile);
        }
    }

    private static IReadOnlyList<string> Read(string page) => MeLinks.Read(Encoding.UTF8.GetBytes(page));
}
