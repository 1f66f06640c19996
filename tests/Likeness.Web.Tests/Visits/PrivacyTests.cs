using System.Net;
using System.Text.RegularExpressions;
using Likeness.Accounts;
using Likeness.Cli.Tests.Serving;
using Likeness.Server.Options;
using Likeness.Stores;
using Likeness.Web.Tests.Hosting;

namespace Likeness.Web.Tests.Visits;

/// <summary>What is kept, and that the page about it says so.</summary>
[Trait("Requirement", "P-92")]
public sealed partial class PrivacyTests : PagesOfPeople
{
    private static readonly string[] Pages = ["/", "/?address=juliet@example.org", "/sign-in", "/report", "/privacy", "/me", "/me/picture", "/me/pictures", "/me/faces", "/me/visibility", "/me/addresses", "/me/sessions", "/me/export", "/me/delete", "/nowhere"];

    [Fact]
    public async Task One_cookie_is_all_that_a_browser_is_given()
    {
        foreach (var path in Pages)
        {
            (await Juliet.Get(path)).Cookies.ShouldAllBe(cookie => cookie.StartsWith(WebBrowser.Cookie + "=", StringComparison.Ordinal), path);
        }

        using var stranger = new WebBrowser(Server);
        foreach (var path in Pages)
        {
            (await stranger.Get(path)).Cookies.ShouldAllBe(cookie => cookie.StartsWith(WebBrowser.Cookie + "=", StringComparison.Ordinal), path);
        }

        // What a picture or the front page shows is given without any.
        using var other = new WebBrowser(Server);
        foreach (var path in new[] { "/", "/privacy", $"/avatar/{Libravatar.AddressHash.Sha256(JulietsAddress).Text}" })
        {
            (await other.Get(path)).Cookies.ShouldBeEmpty(path);
        }

        foreach (var script in new[] { "crop.js", "me.js", "passkey.js", "work.js" })
        {
            Stores().Matches(System.Text.Encoding.UTF8.GetString(Assets.Of(script).Bytes)).ShouldBeEmpty(script);
        }
    }

    [Fact]
    public async Task Every_page_leads_to_what_is_kept_and_the_numbers_are_those_of_the_code()
    {
        foreach (var path in Pages.Except(["/nowhere", "/sign-in"]))
        {
            (await Juliet.Get(path)).Html.QuerySelectorAll("footer a[href='/privacy']").Length.ShouldBe(1, path);
        }

        using var stranger = new WebBrowser(Server);
        var page = await stranger.Get("/privacy");
        page.Status.ShouldBe(HttpStatusCode.OK);
        page.Text.ShouldContain(WebBrowser.Cookie);
        foreach (var days in new[] { WebSessions.Idle, WebSessions.Lifetime, IAlbumStore.EarlierLifetime, IAuditStore.Kept })
        {
            page.Text.ShouldContain($"{days.TotalDays} days");
        }

        page.Text.ShouldContain("31 days", customMessage: "archives");
        page.Text.ShouldNotContain("Gravatar");
        page.Text.ShouldNotContain("other chat servers");
        page.Text.ShouldNotContain("Mails go");
        stranger.Language = "de";
        (await stranger.Get("/privacy")).Says("h1").ShouldBe("Datenschutz");
    }

    [Fact]
    public async Task Other_settings_make_another_page()
    {
        var usual = (await Juliet.Get("/privacy")).Html.Body!.TextContent;
        await Says(
            usual,
            options => options with
            {
                PublicUrl = new Uri("https://faces.example.org"),
                Policy = options.Policy with { Gravatar = GravatarMode.Redirect, CacheSeconds = 1200, DefaultVisibility = Visibility.Contacts, ArchiveDays = 7 },
                S2s = [new IPEndPoint(IPAddress.Loopback, 0)],
                PictureImport = options.PictureImport with { IsOn = true },
                Mail = new Web.Mails.MailRoute.Folder(Path.Combine(Data.Path, "mails")),
            },
            "sends the browser to Gravatar", "keep a picture for 20 minutes", "chose nothing: My contacts", "can read: 7 days", "goes to those servers", "has this server ask there", "Mails go to confirmed addresses");
        await Says(
            usual,
            options => options with
            {
                Policy = options.Policy with { Gravatar = GravatarMode.Proxy, ArchiveDays = 0, Seen = SeenCounting.Sites },
                Avatars = options.Avatars with { Gateway = options.Avatars.Gateway with { IsOn = true } },
                Chat = options.Chat with { Contacts = [new("abuse", "mailto:abuse@example.org")] },
            },
            "it asks Gravatar by a hash", "and on which sites", "until they end that", "this server asks theirs", "mailto:abuse@example.org");
        await Says(usual, options => options with { Policy = options.Policy with { Seen = SeenCounting.Off }, Chat = options.Chat with { Archive = options.Chat.Archive with { IsOn = false } } }, "No archive is kept", "is not counted");
        await Says(usual, options => options with { Xmpp = [] });
        usual.ShouldContain("For chats:");
        (await Juliet.Get("/privacy")).Text.ShouldNotContain("For chats:");
    }

    // With these settings, and not with the usual ones.
    private async Task Says(string usual, Func<LikenessOptions, LikenessOptions> change, params string[] sentences)
    {
        var port = Server.Host.Addresses.Http[0];
        await Server.DisposeAsync();
        Server = await RunningServer.Start(Data.Path, options => change(options) with { Http = [port] }, Time);
        var page = await Juliet.Get("/privacy");
        foreach (var sentence in sentences)
        {
            page.Html.Body!.TextContent.ShouldContain(sentence);
            usual.ShouldNotContain(sentence);
        }
    }

    [GeneratedRegex("localStorage|sessionStorage|indexedDB|document\\.cookie|caches\\.|serviceWorker|cookieStore")]
    private static partial Regex Stores();
}
