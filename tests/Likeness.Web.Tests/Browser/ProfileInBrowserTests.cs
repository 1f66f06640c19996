using Likeness.Cli.Tests;
using Likeness.Web.Tests.Hosting;
using Microsoft.Playwright;

namespace Likeness.Web.Tests.Browser;

/// <summary>From the own page to a profile that strangers see, and back.</summary>
[Trait("Category", "Integration")]
[Trait("Requirement", "L-10D")]
public sealed class ProfileInBrowserTests : PagesOfPeople
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Requirement", "P-94")]
    public async Task A_profile_is_switched_on_seen_by_a_stranger_and_switched_off(bool script)
    {
        await Run("avatar", "set", JulietsAddress, Data.Write("a.png", TestPicture.Waves(64, 1)));
        await using var chromium = await Chromium.Start();
        var page = await chromium.Open(script: script);
        await page.GotoAsync($"{Juliet.Root}/sign-in");
        await page.FillAsync("#name", "juliet");
        await page.FillAsync("#password", Password);
        await page.Locator("main button.main").ClickAsync();
        await page.WaitForURLAsync("**/me");
        await page.GetByRole(AriaRole.Link, new() { Name = "Your profile page" }).ClickAsync();
        await page.GetByLabel("Show my profile page to everybody").CheckAsync();
        await page.FillAsync("#name", "Juliet Capulet");
        await page.FillAsync("#url0", "https://example.org/juliet");
        await page.FillAsync("#title0", "Home");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.WaitForURLAsync("**/me/profile?done=saved");
        var place = await page.Locator("main ul.people a").First.GetAttributeAsync("href");

        var stranger = await chromium.Open(script: script);
        await stranger.GotoAsync(place!);
        (await stranger.Locator("h1").TextContentAsync()).ShouldBe("Juliet Capulet");
        var link = stranger.GetByRole(AriaRole.Link, new() { Name = "Home" });
        (await link.GetAttributeAsync("href"), await link.GetAttributeAsync("rel")).ShouldBe(("https://example.org/juliet", "nofollow me noopener"));
        (await stranger.Locator("main img").EvaluateAsync<int>("image => image.naturalWidth")).ShouldBeGreaterThan(0);

        await page.GetByLabel("Show my profile page to everybody").UncheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.Locator("main ul.people").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        (await stranger.GotoAsync(place!))!.Status.ShouldBe(404);
    }
}
