using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Likeness.AspNetCore.Tests.Support;
using Likeness.Libravatar;
using Likeness.Libravatar.Tests.Fetching;
using Likeness.Samples.Forum;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Likeness.AspNetCore.Tests.Browser;

/// <summary>The sample as people see it.</summary>
[Trait("Category", "Integration")]
public sealed partial class ForumInBrowserTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("likeness-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [Trait("Requirement", "L-74")]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Every_picture_is_shown_as_sharp_as_the_screen_and_comes_from_the_forum(int density)
    {
        await using var avatars = StandInServer.Answering(request => IsProfile(request) ? Answers.Status(404) : Answers.Picture(TestPicture.Png(SizeIn(request))));
        await using var forum = ForumSite.Build(
        [
            "--environment", "Development", "--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default", "None",
            "--AvatarServer", $"http://127.0.0.1:{avatars.Port}", "--Avatars:KeyFile", Path.Combine(_folder.FullName, "key"),
        ]);
        await forum.StartAsync();
        var address = forum.Urls.Single();

        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox", "--disable-gpu"] });
        var page = await browser.NewPageAsync(new() { DeviceScaleFactor = density, ViewportSize = new() { Width = 800, Height = 3000 } });
        var complaints = new ConcurrentQueue<string>();
        var asked = new ConcurrentQueue<string>();
        page.Console += (_, message) => complaints.Enqueue(message.Text);
        page.PageError += (_, error) => complaints.Enqueue(error);
        page.RequestFailed += (_, request) => complaints.Enqueue(request.Url);
        page.Request += (_, request) => asked.Enqueue(request.Url);
        await page.GotoAsync(address);
        await page.WaitForFunctionAsync("() => [...document.images].every(image => image.complete)");
        var shown = await page.EvaluateAsync<ShownImage[]>(
            "() => [...document.images].map(image => ({ Width: image.naturalWidth, Source: image.currentSrc, Candidates: image.srcset }))");

        shown.Length.ShouldBe(Post.All.Count);
        shown.ShouldAllBe(image => image.Width > 0);
        shown.Select(image => image.Source).ShouldBe(shown.Select(image => address + (image.Candidates.Length == 0 ? "/avatars/nobody" : Candidate(image.Candidates, density))));
        asked.ShouldAllBe(url => url.StartsWith(address + "/", StringComparison.Ordinal));
        complaints.ShouldBeEmpty();

        var pictures = avatars.Requests.Where(request => !IsProfile(request)).ToList();

        // The forum fetches what any screen may want before the page is sent; the browser took its own (above).
        pictures.Select(SizeIn).Distinct().ShouldBeSubsetOf([48, 96, 144]);
        pictures.Select(SizeIn).ShouldContain(48 * density);
    }

    [Fact]
    [Trait("Requirement", "L-10D")]
    public async Task A_card_opens_by_pointer_keyboard_and_touch_without_any_script()
    {
        await using var avatars = StandInServer.Answering(request => !IsProfile(request)
            ? Answers.Picture(TestPicture.Png(SizeIn(request)))
            : request.Contains(Address.Email("bjoern@club.example").Md5.Text, StringComparison.Ordinal)
                ? Answers.Picture("""{"entry":[{"displayName":"Björn","urls":[{"value":"https://b.example/","title":"Boats"},{"value":"https://c.example/"}]}]}"""u8.ToArray())
                : Answers.Status(404));
        await using var forum = ForumSite.Build(
        [
            "--environment", "Development", "--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default", "None",
            "--AvatarServer", $"http://127.0.0.1:{avatars.Port}", "--Avatars:KeyFile", Path.Combine(_folder.FullName, "key"),
        ]);
        await forum.StartAsync();
        await forum.Services.GetRequiredService<AvatarLinks>().PrefetchProfilesAsync(["bjoern@club.example"]);

        Assertions.SetDefaultExpectTimeout(30_000);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox", "--disable-gpu"] });
        var page = await browser.NewPageAsync(new() { JavaScriptEnabled = false, HasTouch = true });
        await page.GotoAsync(forum.Urls.Single());
        var card = page.GetByRole(AriaRole.Group, new() { Name = "Björn" });
        var name = card.Locator(".avatar-card-name");
        var link = card.GetByRole(AriaRole.Link, new() { Name = "Boats" });
        await Assertions.Expect(page.Locator(".avatar-card")).ToHaveCountAsync(1);
        await Assertions.Expect(name).ToBeHiddenAsync();

        await card.HoverAsync();
        await Assertions.Expect(name).ToBeVisibleAsync();
        await link.HoverAsync();
        await Assertions.Expect(name).ToBeVisibleAsync();
        await page.Mouse.MoveAsync(0, 0);
        await Assertions.Expect(name).ToBeHiddenAsync();

        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(name).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(link).ToBeFocusedAsync();
        await Assertions.Expect(card.GetByRole(AriaRole.Listitem)).ToHaveCountAsync(2);
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(name).ToBeHiddenAsync();

        await card.TapAsync();
        await Assertions.Expect(name).ToBeVisibleAsync();

        // Open and closed, on light ground and on dark.
        foreach (var colours in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            var looked = await browser.NewPageAsync(new() { ColorScheme = colours });
            await looked.GotoAsync(forum.Urls.Single());
            await ShouldBeAccessible(looked.Locator("body"), $"the page ({colours})");
            var open = looked.Locator(".avatar-card");
            await open.FocusAsync();
            await Assertions.Expect(open.Locator(".avatar-card-name")).ToBeVisibleAsync();
            await ShouldBeAccessible(open, $"the card ({colours})");
        }
    }

    private static async Task ShouldBeAccessible(ILocator part, string what)
    {
        var found = await part.RunAxe(new AxeRunOptions { RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] } });
        found.Violations.Select(violation => $"{what}: {violation.Id}, {violation.Help}: {string.Join(" | ", violation.Nodes.Select(node => node.Html))}").ShouldBeEmpty();
        found.Passes.ShouldNotBeEmpty(what);
    }

    private static bool IsProfile(string request) => request.Contains(".json ", StringComparison.Ordinal);

    private static string Candidate(string candidates, int density) =>
        candidates.Split(", ").Single(candidate => candidate.EndsWith($" {density}x", StringComparison.Ordinal)).Split(' ')[0];

    private static int SizeIn(string request) => int.Parse(Size().Match(request).Groups["size"].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"[?&]s=(?<size>\d+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Size();

    private sealed record ShownImage
    {
        public int Width { get; init; }

        public string Source { get; init; } = "";

        public string Candidates { get; init; } = "";
    }
}
