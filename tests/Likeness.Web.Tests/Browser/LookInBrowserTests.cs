using Likeness.Cli.Tests;
using Likeness.Server.Options;
using Likeness.Web.Looks;
using Likeness.Web.Tests.Hosting;
using Microsoft.Playwright;

namespace Likeness.Web.Tests.Browser;

/// <summary>What the browser says of the person's eyes and of where the page goes, in one browser and on pages of a domain with a look of its own.</summary>
[Trait("Category", "Integration")]
[Trait("Requirement", "P-95")]
public sealed class LookInBrowserTests : PagesOfPeople
{
    private protected override LikenessOptions Change(LikenessOptions options)
    {
        var logo = Data.Write("logo.png", TestPicture.Waves(64, 5));
        return OptionReader.Read(options, OptionFile.Read(Data.Write("look.json", $$"""{ "accent": ["#0b57d0", "#a8c7fa"], "logo": ["{{logo}}", "{{logo}}"] }""")));
    }

    [Fact]
    public async Task Light_dark_contrast_motion_and_paper_are_as_the_browser_says_and_all_can_be_read()
    {
        await using var chromium = await Chromium.Start();
        var page = await chromium.Open();
        await page.GotoAsync($"{Juliet.Root}/sign-in");
        await page.FillAsync("#name", "juliet");
        await page.FillAsync("#password", Password);
        await page.Locator("main button.main").ClickAsync();
        await page.WaitForURLAsync("**/me");

        (string What, PageEmulateMediaOptions Media, string Ground, string Accent)[] views =
        [
            ("light", new() { ColorScheme = ColorScheme.Light }, Css(PageAccent.Light.Paper.Hex), Css("#0b57d0")),
            ("dark", new() { ColorScheme = ColorScheme.Dark }, Css(PageAccent.Dark.Paper.Hex), Css("#a8c7fa")),
            ("dark, more contrast", new() { ColorScheme = ColorScheme.Dark, Contrast = Contrast.More }, Css(PageAccent.Dark.Paper.Hex), Css("#f3eff9")),
            ("light, more contrast", new() { ColorScheme = ColorScheme.Light, Contrast = Contrast.More }, Css(PageAccent.Light.Paper.Hex), Css("#27233a")),

            // Paper is white, whatever the screen.
            ("paper", new() { ColorScheme = ColorScheme.Dark, Media = Media.Print }, Css(PageAccent.Light.Paper.Hex), Css("#0b57d0")),
        ];
        foreach (var (what, media, ground, accent) in views)
        {
            await page.EmulateMediaAsync(new() { Contrast = media.Contrast ?? Contrast.NoPreference, ColorScheme = media.ColorScheme, Media = media.Media ?? Media.Screen });
            (await Style(page, "html", "backgroundColor")).ShouldBe(ground, what);
            (await Style(page, ".actions a.main", "backgroundColor")).ShouldBe(accent, what);
            (await Style(page, "header nav", "display")).ShouldBe(what == "paper" ? "none" : "flex", what);
            (await page.Locator(".brand img").EvaluateAsync<int>("image => image.naturalWidth")).ShouldBe(64, what);
            if (what != "paper")
            {
                await Chromium.ShouldBeAccessible(page, $"/me ({what})");
            }
        }

        // What is chosen has a ground of its own.
        await page.EmulateMediaAsync(new() { Contrast = Contrast.NoPreference, ColorScheme = ColorScheme.Dark, Media = Media.Screen });
        await page.GotoAsync($"{Juliet.Root}/me/visibility");
        await Chromium.ShouldBeAccessible(page, "/me/visibility (dark)");

        foreach (var (motion, animation) in new[] { (ReducedMotion.Reduce, "none"), (ReducedMotion.NoPreference, "arrive") })
        {
            await page.EmulateMediaAsync(new() { ReducedMotion = motion });
            await page.GotoAsync($"{Juliet.Root}/");
            (await Style(page, ".faces img", "animationName")).ShouldBe(animation);
            (await Style(page, "button", "transitionDuration")).ShouldBe(motion == ReducedMotion.Reduce ? "0s" : "0.12s, 0.12s");
        }
    }

    private static string Css(string hex) => $"rgb({string.Join(", ", Convert.FromHexString(hex[1..]))})";

    private static Task<string> Style(IPage page, string selector, string property) =>
        page.Locator(selector).First.EvaluateAsync<string>($"element => getComputedStyle(element).{property}");
}
