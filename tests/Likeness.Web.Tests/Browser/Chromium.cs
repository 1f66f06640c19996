using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Likeness.Web.Tests.Browser;

/// <summary>Debian's Chromium, and the sizes and grounds in which pages are looked at.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private static readonly string[] Rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Chromium(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    public static IReadOnlyList<View> Views { get; } =
    [
        new("desktop", 1280, 800, Dark: false),
        new("desktop-dark", 1280, 800, Dark: true),
        new("phone", 375, 740, Dark: false),
        new("phone-dark", 375, 740, Dark: true),

        // 1280 pixels at 400 %.
        new("zoomed", 320, 256, Dark: false),
    ];

    /// <param name="more">Arguments of the browser.</param>
    public static async Task<Chromium> Start(params string[] more)
    {
        var playwright = await Playwright.CreateAsync();
        return new Chromium(playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox", "--disable-gpu", "--use-fake-device-for-media-stream", .. more] }));
    }

    public async Task<IPage> Open(View? view = null, bool script = true, string language = "en")
    {
        view ??= Views[0];
        var context = await _browser.NewContextAsync(new()
        {
            ViewportSize = new() { Width = view.Width, Height = view.Height },
            ColorScheme = view.Dark ? ColorScheme.Dark : ColorScheme.Light,
            ReducedMotion = ReducedMotion.Reduce,
            JavaScriptEnabled = script,
            Locale = language,
        });
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(20_000);
        return page;
    }

    /// <summary>What is wrong with the page as it stands there; nothing that is wider than the window, either.</summary>
    public static async Task ShouldBeAccessible(IPage page, string what)
    {
        var found = await page.RunAxe(new AxeRunOptions { RunOnly = new RunOnlyOptions { Type = "tag", Values = [.. Rules] } });
        found.Violations.Select(violation => $"{what}: {violation.Id}, {violation.Help}: {string.Join(" | ", violation.Nodes.Select(node => node.Html))}").ShouldBeEmpty();
        await ShouldFit(page, what);
    }

    public static async Task ShouldFit(IPage page, string what) =>
        (await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")).ShouldBe(0, $"{what} is wider than its window");

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}

internal sealed record View(string Name, int Width, int Height, bool Dark);
