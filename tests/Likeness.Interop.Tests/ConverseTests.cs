using System.Net;
using Likeness.Cli.Tests;
using Likeness.Interop.Tests.Hosting;
using Likeness.Xmpp;
using Likeness.Xmpp.Client;
using Likeness.Xmpp.Xml;
using Microsoft.Playwright;

namespace Likeness.Interop.Tests;

/// <summary>Converse.js, the chat client for browsers, in Chromium against the real program: over WebSocket, with a contact and in a room who use TCP.</summary>
[Trait("Category", "Integration")]
[Trait("Requirement", "W-15")]
public sealed class ConverseTests
{
    private const string Room = "verona@rooms.localhost";

    // Where ./test installs it.
    private static readonly string Client = Path.Combine(Root(), ".artifacts", "converse", "package", "dist");

    [Fact]
    [Trait("Requirement", "X398-2")]
    public async Task Converse_logs_in_chats_in_a_room_and_shows_and_publishes_avatars()
    {
        Directory.Exists(Client).ShouldBeTrue("./test installs Converse.js for this.");
        await using var stage = await Stage.Open("--dev-plaintext");
        var face = stage.Write("romeo.png", TestPicture.Png());
        (await ExternalProgram.Likeness(stage.Data, "avatar", "set", Stage.Romeo, face)).Code.ShouldBe(0);
        await using var romeo = await stage.LogIn(Stage.Romeo, "orchard");
        await using (var first = await stage.LogIn(Stage.Juliet, "first"))
        {
            await Stage.Befriend(first, romeo);
        }

        using var playwright = await Playwright.CreateAsync();
        // The page comes from this test and not from the network, so that the browser does not know it to be as local as the server.
        await using var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-features=LocalNetworkAccessChecks"],
        });
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = 1000, Height = 640 } });
        page.SetDefaultTimeout(30_000);
        await page.RouteAsync("**/chat/**", Serve);
        await page.GotoAsync($"http://{stage.Server.Http}/chat/?{stage.Server.Http}");
        await page.WaitForFunctionAsync("() => window.api?.connection.connected()");

        // A contact: his picture, what he says, and what is said to him.
        await page.EvaluateAsync("async jid => { await api.chats.open(jid); }", Stage.Romeo);
        await page.WaitForFunctionAsync("() => [...document.querySelectorAll('converse-avatar image')].some(image => image.getAttribute('href')?.startsWith('data:image/'))");
        await romeo.Send(new Element("message", Ns.Client).Set("to", Stage.Juliet).Set("type", "chat").Add("body", "But, soft!"));
        await page.GetByText("But, soft!").First.WaitForAsync();
        await page.EvaluateAsync("async jid => { await (await api.chats.get(jid)).sendMessage({ body: 'O Romeo' }); }", Stage.Romeo);
        await Heard(romeo, "chat", "O Romeo");

        // A room: who is there and what is said.
        (await ExternalProgram.Likeness(stage.Data, "room", "create", Room, "--owner", Stage.Romeo)).Code.ShouldBe(0);
        await romeo.Send(new Element("presence", Ns.Client).Set("to", $"{Room}/romeo").Add(new Element("x", Ns.Muc)));
        await page.EvaluateAsync("async jid => { await api.rooms.open(jid, { nick: 'juliet' }); }", Room);
        await page.WaitForFunctionAsync("async jid => (await api.rooms.get(jid)).session.get('connection_status') === 5", Room);
        await page.WaitForFunctionAsync("async jid => (await api.rooms.get(jid)).occupants.map(one => one.get('nick')).includes('romeo')", Room);
        await romeo.Send(new Element("message", Ns.Client).Set("to", Room).Set("type", "groupchat").Add("body", "Who is there?"));
        await page.WaitForFunctionAsync("async jid => (await api.rooms.get(jid)).messages.map(one => one.get('body')).includes('Who is there?')", Room);
        await page.EvaluateAsync("async jid => { await (await api.rooms.get(jid)).sendMessage({ body: 'Good night' }); }", Room);

        // First as the browser hears it itself: where that does not come, nothing was sent.
        await page.WaitForFunctionAsync("async jid => (await api.rooms.get(jid)).messages.map(one => one.get('body') === 'Good night' && !!one.get('received')).includes(true)", Room);
        await Heard(romeo, "groupchat", "Good night");

        // Her own picture: published in the browser, shown on the web.
        var own = TestPicture.Png();
        await page.EvaluateAsync("async ([jid, image]) => { await api.vcard.set(jid, { fn: 'Juliet', image, image_type: 'image/png' }); }", new[] { Stage.Juliet, Convert.ToBase64String(own) });
        using var web = new HttpClient();
        using var shown = await web.GetAsync(new Uri($"http://{stage.Server.Http}/avatar/{Libravatar.AddressHash.Sha256(Stage.Juliet)}?d=404"));
        shown.StatusCode.ShouldBe(HttpStatusCode.OK);

        // She takes leave; he sees her go.
        await page.EvaluateAsync("async () => { await api.user.logout(); }");
        await Expect(romeo, stanza => stanza.Name == "presence" && stanza["type"] == "unavailable" && stanza["from"] == $"{Room}/juliet");
    }

    private static Task Heard(XmppClient client, string type, string body) =>
        Expect(client, stanza => stanza.Name == "message" && stanza["type"] == type && stanza.Child("body")?.Text() == body);

    private static async Task Expect(XmppClient client, Func<Element, bool> wanted)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await client.Expect(wanted, timeout.Token);
    }

    // The address of the server is in the page's own address.
    private static Task Serve(IRoute route)
    {
        const string files = "/chat/dist/";
        var url = new Uri(route.Request.Url);
        if (!url.AbsolutePath.StartsWith(files, StringComparison.Ordinal))
        {
            return route.FulfillAsync(new() { ContentType = "text/html", Body = Page });
        }

        var file = Path.Combine(Client, url.AbsolutePath[files.Length..]);
        return File.Exists(file) ? route.FulfillAsync(new() { Path = file }) : route.FulfillAsync(new() { Status = 404 });
    }

    internal static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Likeness.slnx")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }

    private const string Page = $$"""
        <!DOCTYPE html>
        <html lang="en">
        <head><meta charset="utf-8"><link rel="stylesheet" href="/chat/dist/converse.min.css"></head>
        <body class="converse-fullscreen"><div id="conversejs-bg"></div>
        <script type="module">
        import '/chat/dist/converse.min.js';
        converse.plugins.add('test', { initialize() { window.api = this._converse.api; } });
        converse.initialize({
            authentication: 'login', auto_login: true, jid: '{{Stage.Juliet}}', password: '{{Stage.Password}}',
            websocket_url: `ws://${location.search.slice(1)}/xmpp-websocket`, discover_connection_methods: false,
            assets_path: '/chat/dist/', view_mode: 'fullscreen', whitelisted_plugins: ['test'],
        });
        </script></body></html>
        """;
}
