using System.Text.RegularExpressions;
using Likeness.Accounts;
using Likeness.Cli.Tests;
using Likeness.Cli.Tests.Serving;
using Likeness.Stores;
using Likeness.Web.Language;
using Likeness.Web.Mails;
using Likeness.Web.Providers;
using Likeness.Web.Tests.Hosting;
using Likeness.Web.Visits;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace Likeness.Web.Tests.Browser;

/// <summary>Every page in a real browser: wide and narrow, light and dark, at 400 %, in both languages.</summary>
[Trait("Category", "Integration")]
public sealed partial class PagesInBrowserTests : IAsyncLifetime
{
    private static readonly string Profile = $"/{Libravatar.AddressHash.Sha256("juliet@example.org").Text}";
    private static readonly string[] Open = ["/", "/?address=juliet@example.org", "/?address=nobody", "/sign-in", "/sign-up", "/sign-in/code", "/sign-in/mail", "/sign-in/mail?done=yes", "/mail/stopped", "/reset/x", "/report", "/privacy", Profile];
    private static readonly string[] SignedIn = ["/me", "/me/picture", "/me/faces", "/me/pictures", "/me/check", "/me/seen", "/me/visibility", "/me/addresses", "/me/move", "/me/move?photos=1&asked=2&later=3&left=4", "/me/import", "/me/providers", "/me/links", "/me/picture?return=https://forge.example.org/&done=set", "/me/password", "/me/profile", "/me/sessions", "/me/second-factor", "/me/export", "/me/delete", "/admin", "/admin/reports", "/admin/pictures", "/admin/pictures?order=twins", "/admin/log", "/admin/health", "/admin/roles", "/admin/settings", "/admin?show=picture&find=ju", "/admin/mail", "/admin/person?account=juliet@example.org", "/sign-out"];
    private readonly TemporaryDirectory _data = new();
    private RunningServer _server = null!;
    private Chromium _chromium = null!;

    private string Root => $"http://{_server.Host.Addresses.Http[0]}";

    public async ValueTask InitializeAsync()
    {
        _server = await RunningServer.Start(_data.Path, options => options with { Chat = options.Chat with { Admins = new HashSet<string> { "juliet@example.org" }, Registration = Registration.Open }, PublicUrl = new Uri("https://faces.example.org"), AccountsAreMailboxes = true, Providers = [new ProviderOptions("club", new Uri("https://id.example.org"), "likeness", null)], PictureImport = options.PictureImport with { IsOn = true }, PageProofs = new Libravatar.Fetching.SafeFetchOptions(), ReturnHosts = ["forge.example.org"], Policy = options.Policy with { PlusTags = new PlusTags(["github"], Any: true), CatchAll = Libravatar.Address.Email("juliet@example.org") }, Mail = new MailRoute.Folder(Path.Combine(_data.Path, "mails")) });
        _chromium = await Chromium.Start();
        (await LikenessProgram.Run("user", "add", "juliet@example.org", "--password", "verona", "--data", _data.Path)).Code.ShouldBe(0);
        var picture = _data.Write("juliet.png", TestPicture.Waves(512, 3));
        (await LikenessProgram.Run("avatar", "set", "juliet@example.org", picture, "--data", _data.Path)).Code.ShouldBe(0);
        await Arrange(_server.Host.Services.GetRequiredService<IStores>(), new Identity("juliet@example.org"));
        await _server.Host.Services.GetRequiredService<ProfileBook>().Save(new Identity("juliet@example.org"), isShown: true, "Juliet Capulet of Verona", [("https://example.org/a-rather-long-address-of-somebody/that/goes-on", ""), ("https://balcony.example/", "My balcony")], "juliet@example.org");
    }

    public async ValueTask DisposeAsync()
    {
        await _chromium.DisposeAsync();
        await _server.DisposeAsync();
        _data.Dispose();
    }

    /// <summary>Both grounds and all three widths; which ground comes with which width makes no difference that was ever seen.</summary>
    [Theory]
    [InlineData("desktop-dark")]
    [InlineData("phone")]
    [InlineData("zoomed")]
    [Trait("Requirement", "P-93")]
    public Task Every_page_is_accessible_and_fits_its_window(string view) => LookAtAll(view);

    [Theory]
    [InlineData("desktop")]
    [InlineData("phone-dark")]
    [Trait("Category", "Long")]
    [Trait("Requirement", "P-93")]
    public Task Every_page_is_accessible_in_the_other_light(string view) => LookAtAll(view);

    /// <summary>Texts half as long again as the German ones, and a script that runs the other way, in the smallest window.</summary>
    [Theory]
    [InlineData("eo", "ltr")]
    [InlineData("ar", "rtl")]
    [Trait("Requirement", "P-93")]
    [Trait("Requirement", "P-96")]
    public async Task Every_page_holds_long_words_and_reads_from_right_to_left(string language, string direction)
    {
        Words.MakeUp(("eo", "de", text => $"{text} {Letters().Replace(text, "")[..(Letters().Replace(text, "").Length / 2)]}"), ("ar", "en", Hebrew));
        var page = await _chromium.Open(Chromium.Views.Single(view => view.Name == "zoomed"), language: language);
        foreach (var path in Open.Append(await Invitation()).Append(await Reset()).Append(await Newcomer(page)))
        {
            await page.GotoAsync(Root + path);
            await Chromium.ShouldFit(page, $"{path} ({language})");
        }

        await SignIn(page);
        foreach (var path in SignedIn)
        {
            await page.GotoAsync(Root + path);
            await Chromium.ShouldFit(page, $"{path} ({language})");
        }

        (await page.EvaluateAsync<string>("() => document.documentElement.dir")).ShouldBe(direction);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Requirement", "P-94")]
    public async Task Sign_in_and_out_by_keyboard_with_script_and_without(bool script)
    {
        var page = await _chromium.Open(script: script, language: "de");
        await page.GotoAsync($"{Root}/me");
        page.Url.ShouldBe($"{Root}/sign-in?return=%2Fme");
        (await page.TitleAsync()).ShouldContain("Anmelden");
        await page.FocusAsync("#name");
        await page.Keyboard.TypeAsync("juliet");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("verona");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync($"{Root}/me");
        await page.GetByRole(AriaRole.Button, new() { Name = "Abmelden" }).First.ClickAsync();
        await page.WaitForURLAsync($"{Root}/");
        (await page.Context.CookiesAsync()).ShouldBeEmpty();
    }

    // Marks and places stay; every letter is one of another script.
    private static string Hebrew(string text) => string.Concat(Marks().Split(text).Select(part =>
        part.Length > 0 && part[0] is '<' or '{' or '&' ? part : string.Concat(part.Select(letter => char.IsAsciiLetter(letter) ? (char)('א' + (letter % 26)) : letter))));

    [GeneratedRegex("<[^>]*>|\\{\\d\\}|&[a-z#0-9]+;")]
    private static partial Regex Letters();

    [GeneratedRegex("(?<mark><[^>]*>|\\{\\d\\}|&[a-z#0-9]+;)", RegexOptions.ExplicitCapture)]
    private static partial Regex Marks();

    private async Task<string> Invitation()
    {
        var made = await LikenessProgram.Run("invite", "--contact", "juliet@example.org", "--data", _data.Path);
        return "/invite/" + made.Output[(made.Output.IndexOf("preauth=", StringComparison.Ordinal) + 8)..][..24];
    }

    // Addresses and another site's word in every state that pages show.
    private static async Task Arrange(IStores stores, Identity juliet)
    {
        var now = DateTimeOffset.UtcNow;
        foreach (var (page, failing) in new[] { ("https://juliet.example.net/a/rather/long/address/of/a/page", (DateTimeOffset?)null), ("https://juliet.example.org/", now) })
        {
            await stores.Portraits.AddAddress(juliet, page, [Libravatar.AddressHash.Sha256(page)]);
            await stores.Write([new StoreWrite.Proof(juliet, page, new AddressProof(now, now.AddDays(7), failing))]);
        }

        await stores.Documents.Save(new AccountDocument(juliet, "imported-addresses", "", """[{"Address":"j@capulet.example","Photo":null,"IsAsked":false}]"""));
        await stores.ProviderIdentities.Link(new ProviderIdentity(juliet, "https://id.example.org", "4711", "jules", now, "https://pictures.example.org/jules.png"), 1, new AuditEntry(now, juliet.Value, "provider link", juliet.Value));
    }

    // Somebody who is new comes back from another site.
    private async Task<string> Newcomer(IPage page)
    {
        await page.GotoAsync($"{Root}/sign-up");
        var token = (await page.Context.CookiesAsync()).Single(cookie => cookie.Name == WebBrowser.Cookie).Value;
        var waiting = new ProviderSignUp("club", "https://id.example.org", "4712", "a-rather-long-name-there", null, null, null);
        await _server.Host.Services.GetRequiredService<IStores>().WebSteps.Put(new WebStep(WebSessionToken.HashOf(token), ProviderBook.SignUp, System.Text.Json.JsonSerializer.Serialize(waiting), DateTimeOffset.UtcNow.AddHours(1)));
        return "/sign-up/with";
    }

    // Such as an administrator hands over.
    private async Task<string> Reset()
    {
        var links = _server.Host.Services.GetRequiredService<ResetLinks>();
        return "/reset/" + await links.Make(new Identity("juliet@example.org"), new Identity("friar@example.org"));
    }

    // Where mails of each kind lead.
    private async Task<IReadOnlyList<string>> Links()
    {
        var (stored, tokens, now) = (_server.Host.Services.GetRequiredService<IMailStore>(), _server.Host.Services.GetRequiredService<MailTokens>(), DateTimeOffset.UtcNow);
        var paths = new List<string>();
        foreach (var kind in new[] { MailKind.Address, MailKind.SignIn, MailKind.Reset, MailKind.SignUp, MailKind.Notice })
        {
            var id = MailTokens.NewId();
            var content = new MailContent("en", "example.org", new Dictionary<string, string> { ["event"] = "password" }).Written();
            (await stored.Add([new Mail(id, kind, new Identity("juliet@example.org"), $"{kind}@mantua.example", content, "192.0.2.0/24", now, now.AddHours(1))], new MailBounds(5, 100))).ShouldBeNull();
            await stored.Going(id, MailTokens.HashOf(tokens.TokenOf(id)), null);
            paths.Add("/mail/" + tokens.TokenOf(id));
        }

        return paths;
    }

    private async Task SignIn(IPage page)
    {
        await page.GotoAsync($"{Root}/sign-in");
        await page.FillAsync("#name", "juliet");
        await page.FillAsync("#password", "verona");
        await page.Locator("main button.main").ClickAsync();
        await page.WaitForURLAsync($"{Root}/me");
    }

    private async Task LookAtAll(string view)
    {
        var page = await _chromium.Open(Chromium.Views.Single(one => one.Name == view));
        var refused = new List<string>();
        page.Console += (_, message) =>
        {
            // A link that is not good is not found.
            var isNotFound = message.Text.Contains("status of 404", StringComparison.Ordinal) && message.Location.Contains("/reset/x", StringComparison.Ordinal);
            if (message.Type is "error" or "warning" && !isNotFound && !message.Text.Contains("status of 422", StringComparison.Ordinal))
            {
                refused.Add(message.Text);
            }
        };
        foreach (var path in Open.Append(await Invitation()).Append(await Reset()).Append(await Newcomer(page)).Concat(await Links()))
        {
            await Look(page, path, view);
        }

        await SignIn(page);
        foreach (var path in SignedIn)
        {
            await Look(page, path, view);
        }

        // All that is left in the browser is who is signed in (P-92).
        (await page.Context.CookiesAsync()).ShouldHaveSingleItem().Name.ShouldBe("__Host-likeness");
        (await page.EvaluateAsync<int>("async () => localStorage.length + sessionStorage.length + (await indexedDB.databases()).length + (await caches.keys()).length")).ShouldBe(0);
        refused.ShouldBeEmpty("the content security policy and the browser have nothing to say");
    }

    private async Task Look(IPage page, string path, string view)
    {
        await page.GotoAsync(Root + path);
        await Chromium.ShouldBeAccessible(page, $"{path} ({view})");
        if (Environment.GetEnvironmentVariable("LIKENESS_SCREENSHOTS") is { Length: > 0 } folder)
        {
            var name = path.Trim('/').Replace('/', '-').Replace("?address=", "found-", StringComparison.Ordinal);
            name = name.Split('?')[0];
            name = name.StartsWith("invite", StringComparison.Ordinal) ? "invite" : name.StartsWith("mail-", StringComparison.Ordinal) ? name[..9] : name;
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{(name.Length > 0 ? name : "front")}-{view}.png"), FullPage = true });
        }
    }
}
