using System.Net;
using System.Text.RegularExpressions;
using Likeness.Cli.Tests;
using Likeness.Cli.Tests.Serving;
using Likeness.Imaging.Colors;
using Likeness.Server.Options;
using Likeness.Web.Looks;
using Likeness.Web.Tests.Hosting;

namespace Likeness.Web.Tests.Looks;

/// <summary>Colour and logo of a domain: said in the settings, checked at start, shown on its pages and on no others.</summary>
[Trait("Requirement", "P-95")]
public sealed partial class DomainLookTests : IDisposable
{
    private readonly TemporaryDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Theory]
    [InlineData("#5c3cb0", "#c3b0f5")]
    [InlineData("#0b57d0", null)]
    [InlineData("#000000", "#FFFFFF")]
    [InlineData("#7a1f1f", null)]
    public void A_colour_that_can_be_read_is_taken_and_the_one_for_dark_pages_found(string light, string? dark)
    {
        var accent = PageAccent.Parse(dark is null ? [light] : [light, dark]);
        accent.Light.ShouldBe(light);
        accent.Dark.ShouldBe(dark?.ToLowerInvariant() ?? accent.Dark);
        foreach (var (text, isDark) in new[] { (accent.Light, false), (accent.Dark, true) })
        {
            Rgb.TryParse(text, out var colour).ShouldBeTrue();
            var (paper, card) = isDark ? PageAccent.Dark : PageAccent.Light;
            colour.ContrastTo(paper).ShouldBeGreaterThanOrEqualTo(PageAccent.MinContrast);
            colour.ContrastTo(card).ShouldBeGreaterThanOrEqualTo(PageAccent.MinContrast);
        }
    }

    [Theory]
    [InlineData("#ffcc00", null, "light pages")]
    [InlineData("#5c3cb0", "#3b2a70", "dark pages")]
    [InlineData("#777777", "#c3b0f5", "light pages")]
    [InlineData("blue", null, "not a colour")]
    [InlineData("#5c3cb", null, "not a colour")]
    [InlineData("5c3cb00", null, "not a colour")]
    public void A_colour_that_nobody_can_read_is_refused_with_one_that_could_be(string light, string? dark, string says)
    {
        var said = Should.Throw<FormatException>(() => PageAccent.Parse(dark is null ? [light] : [light, dark])).Message;
        said.ShouldContain(says);
        if (Suggested().Match(said) is { Success: true } suggestion)
        {
            var would = suggestion.Groups["colour"].Value;
            Should.NotThrow(() => PageAccent.Parse(dark is not null && says == "dark pages" ? [light, would] : [would]));
        }
        else
        {
            says.ShouldBe("not a colour");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void A_look_has_a_colour_for_light_pages_and_at_most_one_more(int count) =>
        Should.Throw<FormatException>(() => PageAccent.Parse([.. Enumerable.Repeat("#0b57d0", count)])).Message.ShouldContain("one colour");

    [Fact]
    public void The_grounds_that_colours_are_checked_on_are_those_of_the_pages()
    {
        var style = System.Text.Encoding.UTF8.GetString(Assets.Of("site.css").Bytes);
        Grounds().Matches(style).Select(match => (match.Groups["paper"].Value, match.Groups["card"].Value))
            .ShouldBe(new[] { PageAccent.Light, PageAccent.Dark }.Select(grounds => (grounds.Paper.Hex, grounds.Card.Hex)));

        // Ours is one that would be taken.
        var own = Accents().Matches(style).Select(match => match.Groups["accent"].Value).ToArray();
        PageAccent.Parse(own).ShouldBe((own[0], own[1]));
    }

    [Fact]
    public void The_server_does_not_start_with_a_look_that_is_none_and_says_what_is_wrong()
    {
        var large = _data.Write("large.png", TestPicture.Waves(400, 3));
        new FileInfo(large).Length.ShouldBeGreaterThan(PolicyKeys.MaxLogo);
        var page = _data.Write("logo.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"u8.ToArray());
        var refused = Should.Throw<OptionsRefusedException>(() => Read($$"""
            {
              "domain": ["example.org", "club.net"], "accent": "#ffcc00", "logo": "{{large}}",
              "policies": { "club.net": { "accent": ["#5c3cb0", "#222222"], "logo": "{{page}}" } }
            }
            """));
        refused.Problems.ToDictionary(problem => problem.Key, problem => problem.Text).ShouldSatisfyAllConditions(
            problems => problems["accent"].ShouldContain("light pages"),
            problems => problems["policies.club.net.accent"].ShouldContain("dark pages"),
            problems => problems["logo"].ShouldContain($"{PolicyKeys.MaxLogo}"),
            problems => problems["policies.club.net.logo"].ShouldContain("not a picture"));
    }

    [Fact]
    [Trait("Requirement", "P-97")]
    public async Task A_domain_shows_its_own_look_and_others_theirs_in_one_style_and_a_small_first_view()
    {
        var (light, dark) = (_data.Write("light.png", TestPicture.Waves(64, 3)), _data.Write("dark.png", TestPicture.Waves(64, 4)));
        var read = Read($$"""
            {
              "domain": ["example.org", "club.net"],
              "policies": { "club.net": { "accent": "#0b57d0", "logo": ["{{light}}", "{{dark}}"] } }
            }
            """);
        await using var server = await RunningServer.Start(_data.Path, options => read with { DataDirectory = options.DataDirectory, Http = options.Http, Https = options.Https, Xmpp = options.Xmpp });
        var (own, ours) = (await Front("club.net"), await Front("example.org"));

        own.Style.ShouldContain("--accent: #0b57d0");
        own.Style.ShouldStartWith(ours.Style);
        ours.Style.ShouldNotContain("#0b57d0");
        own.Page.Html.QuerySelectorAll(".brand svg").ShouldBeEmpty();
        ours.Page.Html.QuerySelectorAll(".brand svg").ShouldHaveSingleItem();
        (own.Page.Bytes.Length + own.Style.Length).ShouldBeLessThan(60 * 1024);

        var logos = new[] { own.Page.Html.QuerySelector(".brand source")!.GetAttribute("srcset")!, own.Page.Html.QuerySelector(".brand img")!.GetAttribute("src")! };
        foreach (var (place, file) in logos.Zip([dark, light]))
        {
            var logo = await Get(place, "club.net");
            logo.Bytes.ShouldBe(await File.ReadAllBytesAsync(file));
            logo.Headers["Content-Type"].ShouldBe("image/png");
            logo.Headers["Content-Security-Policy"].ShouldBe("default-src 'none'; sandbox");
            logo.Headers["Cache-Control"].ShouldContain("immutable");
        }

        (await Get(logos[0].Replace("logo.png", "logo.gif", StringComparison.Ordinal), "club.net")).Status.ShouldBe(HttpStatusCode.NotFound);

        async Task<(Answer Page, string Style)> Front(string domain)
        {
            var page = await Get("/", domain);
            var style = page.Html.QuerySelectorAll("link[rel=stylesheet]").ShouldHaveSingleItem().GetAttribute("href")!;
            return (page, (await Get(style, domain)).Text);
        }

        async Task<Answer> Get(string path, string domain)
        {
            using var browser = new WebBrowser(server);
            browser.Headers["Host"] = domain;
            return await browser.Get(path);
        }
    }

    private LikenessOptions Read(string json) =>
        OptionReader.Read(new LikenessOptions { DataDirectory = _data.Path }, OptionFile.Read(_data.Write("likeness.json", json)));

    [GeneratedRegex("; (?<colour>#[0-9a-f]{6}) would do", RegexOptions.ExplicitCapture)]
    private static partial Regex Suggested();

    [GeneratedRegex("--paper: (?<paper>#[0-9a-f]{6}); --card: (?<card>#[0-9a-f]{6})", RegexOptions.ExplicitCapture)]
    private static partial Regex Grounds();

    [GeneratedRegex("--accent: (?<accent>#[0-9a-f]{6})", RegexOptions.ExplicitCapture)]
    private static partial Regex Accents();
}
