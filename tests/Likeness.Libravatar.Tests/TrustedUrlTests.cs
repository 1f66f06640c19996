namespace Likeness.Libravatar.Tests;

[Trait("Requirement", "L-44")]
public sealed class TrustedUrlTests
{
    private static readonly TrustedDefault[] Good =
    [
        TrustedDefault.Parse("https://good.example"),
        TrustedDefault.Parse("*.cdn.example/avatars"),
        TrustedDefault.Parse("http://ported.example:8080/a%20b/"),
        TrustedDefault.Parse("https://bücher.example"),
    ];

    [Theory]
    [InlineData("https://good.example/x.png", "https://good.example/x.png")]
    [InlineData("https://good.example", "https://good.example/")]
    [InlineData("HTTPS://GOOD.example:443/X.png?a=b&c=%20d", "https://good.example/X.png?a=b&c=%20d")]
    [InlineData("https://a.cdn.example/avatars", "https://a.cdn.example/avatars")]
    [InlineData("http://a.b.cdn.example/avatars/1/é.png", "http://a.b.cdn.example/avatars/1/%C3%A9.png")]
    [InlineData("http://ported.example:8080/a%20b/x", "http://ported.example:8080/a%20b/x")]
    [InlineData("https://bücher.example/ß", "https://xn--bcher-kva.example/%C3%9F")]
    [InlineData("https://xn--bcher-kva.example/", "https://xn--bcher-kva.example/")]
    [InlineData("https://good.example/x?u=https://evil.example/", "https://good.example/x?u=https://evil.example/")]
    public void A_place_on_the_list_is_written_anew(string candidate, string location)
    {
        TrustedUrl.TryAccept(candidate, Good, out var accepted).ShouldBeTrue();
        accepted.ShouldBe(location);
    }

    [Theory]
    [Trait("Requirement", "L-45")]
    [InlineData("//evil.example/x")]
    [InlineData("//good.example/x")]
    [InlineData("/\\good.example")]
    [InlineData("https:good.example")]
    [InlineData("https:/good.example")]
    [InlineData("https:///good.example")]
    [InlineData("https:\\\\good.example\\x")]
    [InlineData("https://good.example\\@evil.example/")]
    [InlineData("https://good.example@evil.example/")]
    [InlineData("https://user@good.example/")]
    [InlineData("https://user:word@good.example/")]
    [InlineData("https://@good.example/")]
    [InlineData("https://good.example.evil.example/")]
    [InlineData("https://evilgood.example/")]
    [InlineData("https://sub.good.example/")]
    [InlineData("https://evilcdn.example/avatars")]
    [InlineData("https://cdn.example/avatars")]
    [InlineData("https://a.cdn.example/avatarsx")]
    [InlineData("https://a.cdn.example/other")]
    [InlineData("https://a.cdn.example/avatars/../other")]
    [InlineData("https://a.cdn.example/avatars/%2e%2e/other")]
    [InlineData("https://a.cdn.example/avatars/%252e%252e/other")]
    [InlineData("https://a.cdn.example/avatars/%25252e%25252e/other")]
    [InlineData("https://a.cdn.example/avatars/..%2fother")]
    [InlineData("https://a.cdn.example/avatars/.%2e/other")]
    [InlineData("https://a.cdn.example/avatars/%5c..%5cother")]
    [InlineData("https://a.cdn.example/./avatars")]
    [InlineData("http://good.example/")]
    [InlineData("https://good.example:444/")]
    [InlineData("https://good.example:80/")]
    [InlineData("http://ported.example/a%20b/x")]
    [InlineData("https://ported.example:8080/a%20b/x")]
    [InlineData("https://good.example:99999/")]
    [InlineData("https://good.example:/:@evil.example/")]
    [InlineData("https://good.example/#fragment")]
    [InlineData("https://good.example#@evil.example/")]
    [InlineData("https://good.example/x\r\nSet-Cookie: a=b")]
    [InlineData("https://good.example/%0d%0aSet-Cookie:a=b")]
    [InlineData("https://good.example/\tx")]
    [InlineData("ht\ntps://good.example/")]
    [InlineData(" https://good.example/")]
    [InlineData("https://good.example/ ")]
    [InlineData("https://good.example/a b")]
    [InlineData("https://good.example/%00")]
    [InlineData("https://good%2eexample/")]
    [InlineData("https://good.example%2f@evil.example/")]
    [InlineData("https://[::1]/")]
    [InlineData("https://good.example./")]
    [InlineData("https://gооd.example/")] // two Cyrillic letters
    [InlineData("https://good。evil.example/")] // an ideographic full stop
    [InlineData("https://good.example\u200b.evil.example/")]
    [InlineData("https://good\u00ad.example/x\u2028")]
    [InlineData("https://\uff07/")]
    [InlineData("ftp://good.example/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("javascript://good.example/%0aalert(1)")]
    [InlineData("data:image/png;base64,AAAA")]
    [InlineData("%2f%2fgood.example")]
    [InlineData("%252f%252fgood.example")]
    [InlineData("/x")]
    [InlineData("x")]
    [InlineData("https://")]
    [InlineData("://good.example")]
    public void Anything_doubtful_is_refused(string candidate)
    {
        TrustedUrl.TryAccept(candidate, Good, out var location).ShouldBeFalse();
        location.ShouldBeNull();
    }

    [Fact]
    public void A_very_long_one_is_refused() =>
        TrustedUrl.TryAccept("https://good.example/" + new string('a', 2048), Good, out _).ShouldBeFalse();

    [Fact]
    public void An_empty_list_trusts_nobody() => TrustedUrl.TryAccept("https://good.example/", [], out _).ShouldBeFalse();

    [Fact]
    [Trait("Requirement", "L-45")]
    public void Whatever_is_put_together_never_leads_to_a_host_that_is_not_listed()
    {
        string[] pieces =
        [
            "https", "http", ":", "/", "//", "\\", "@", "good.example", "evil.example", ".", "..", "%2e", "%2f", "%5c", "%00", "?", "#", ":443", ":80",
            "[", "]", "\t", "\r\n", " ", "。", "é", "\u202e", "x", "*", "&", ";", ",", "user:word", "avatars", "a.cdn.example",
        ];
        var random = new Random(44);
        var accepted = 0;
        for (var round = 0; round < 200_000; round++)
        {
            var start = random.Next(3) == 0 ? "" : "https://";
            var candidate = start + string.Concat(Enumerable.Range(0, random.Next(1, 7)).Select(_ => pieces[random.Next(pieces.Length)]));
            if (TrustedUrl.TryAccept(candidate, Good, out var location))
            {
                accepted++;
                location.ShouldMatch("^(https://good\\.example/|https?://(?:[a-z0-9-]+\\.)+cdn\\.example/avatars)[\\x21-\\x7e]*$", candidate);
                location.ShouldNotContain("/../");
            }
        }

        accepted.ShouldBeGreaterThan(100);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ftp://good.example")]
    [InlineData("https://")]
    [InlineData("https://good example")]
    [InlineData("https://good.example:0")]
    [InlineData("https://good.example:x")]
    [InlineData("https://good.example/../x")]
    [InlineData("https://good.example/?q")]
    [InlineData("*")]
    [InlineData("*.")]
    [InlineData("a.*.example")]
    public void An_entry_that_says_nothing_clear_is_refused(string entry) =>
        Should.Throw<FormatException>(() => TrustedDefault.Parse(entry));
}
