using System.Net;
using Likeness.Accounts;
using Likeness.Cli.Tests;
using Likeness.Cli.Tests.Serving;
using Likeness.Server.Options;
using Likeness.Stores;
using Likeness.Web.Mails;
using Likeness.Web.Pages;
using Likeness.Web.Tests.Browser;
using Likeness.Web.Tests.Hosting;
using Likeness.Xmpp;
using Likeness.Xmpp.Client;
using Likeness.Xmpp.Server;
using Likeness.Xmpp.Xml;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Web.Tests.Visits;

/// <summary>The way in by a code in a chat message; the chat server is a server of ours, which gives its component no rights.</summary>
public sealed class ChatCodeTests : PagesOfServer
{
    private const string Juliet = "juliet@example.org";
    private const string Component = "likeness.example.org";
    private const string Secret = "what is in a name";
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);
    // So long the component waits to be told of rights.
    private static readonly TimeSpan GrantsTimeout = TimeSpan.FromSeconds(5);
    private readonly TemporaryDirectory _chatData = new();
    private RunningServer? _chats;
    private XmppClient _juliet = null!;

    private IChatsBeside Beside => Server.Host.Services.GetRequiredService<IChatsBeside>();

    public override async ValueTask InitializeAsync()
    {
        _chats = await RunningServer.Start(_chatData.Path, options => options with
        {
            Chat = options.Chat with { Components = [new ComponentOptions(Component, Secret)] },
            Components = [new IPEndPoint(IPAddress.Loopback, 0)],
        });
        var added = await LikenessProgram.Run(["user", "add", Juliet, "--password", "secret", "--data", _chatData.Path]);
        added.Code.ShouldBe(0, added.Error);
        _juliet = await ChatClient.LogIn(_chats, Juliet);
        await _juliet.Send(new Element("presence", Ns.Client));
        await base.InitializeAsync();
        await Connected();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await EndChats();
        _chatData.Dispose();
    }

    private protected override LikenessOptions Change(LikenessOptions options) => options with
    {
        Beside = new BesideSettings
        {
            Servers = [new DnsEndPoint("127.0.0.1", _chats!.Host.Addresses.Components[0].Port)],
            Names = [Component],
            Secrets = [Secret],
            Domains = ["example.org"],
            AddressesAreTheSame = true,
        },
    };

    [Theory]
    [InlineData("juliet")]
    [InlineData(Juliet)]
    [Trait("Requirement", "B-81")]
    [Trait("Requirement", "P-2")]
    public async Task The_code_signs_in_once_in_the_browser_that_asked(string name)
    {
        var browser = Browser();
        (await browser.Get("/sign-in")).Html.QuerySelector("main a[href='/sign-in/chat']").ShouldNotBeNull();
        var page = await Ask(browser, name);
        var code = await Code();
        (await Run("user", "list")).ShouldBeEmpty("whoever only asks gets no account");

        var thief = Browser();
        await thief.Get("/sign-in/chat");
        await IsRefused(thief, page, code);
        await IsRefused(browser, page, "aaaaa-aaaaa");
        (await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Try(browser, page, $" {code.ToUpperInvariant()} ")))).Count(answer => answer.Location == "/me").ShouldBe(1, "once, however often it is sent");
        (await browser.Get("/me")).Text.ShouldContain(Juliet);
        (await Server.Host.Services.GetRequiredService<IStores>().Accounts.Find(new Identity(Juliet)))!.Hashes.ShouldBe(Likeness.Xmpp.Sasl.ScramHashes.None);
        (await Server.Host.Services.GetRequiredService<WebSessions>().List(new Identity(Juliet))).Single().Means.ShouldBe(SignInMeans.Chat);
        (await Try(browser, page, code)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);

        // This server may change nothing in chats, and says so where the account is deleted.
        var delete = await browser.Get("/me/delete");
        delete.Says("#stays")!.ShouldContain("stays until you take it away in your chat program");
        await Run("user", "disable", Juliet);
        page = await Ask(browser, name);
        (await Try(browser, page, await Code())).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await browser.Get("/me")).Status.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Category", "Integration")]
    [Trait("Requirement", "B-81")]
    [Trait("Requirement", "P-94")]
    public async Task The_code_signs_in_in_a_real_browser_with_script_and_without(bool script)
    {
        await using var chromium = await Chromium.Start();
        var page = await chromium.Open(Chromium.Views.Single(view => view.Name == "phone-dark"), script);
        await page.GotoAsync($"http://{Server.Host.Addresses.Http[0]}/sign-in");
        await page.Locator("main a[href='/sign-in/chat']").ClickAsync();
        await Look("asking");
        await page.FillAsync("#name", "juliet");
        await page.Keyboard.PressAsync("Enter");
        await page.FillAsync("#code", "aaaaa-aaaaa");
        await Look("sent");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator("[role=alert]").WaitForAsync();
        (await page.Locator("#code").GetAttributeAsync("aria-describedby"))!.ShouldContain("problem");
        await Look("wrong");
        await page.FillAsync("#code", await Code());
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/me");
        (await page.TextContentAsync("main"))!.ShouldContain(Juliet);

        async Task Look(string what)
        {
            if (script)
            {
                await Chromium.ShouldBeAccessible(page, $"/sign-in/chat, {what}");
            }
        }
    }

    [Theory]
    [InlineData("en", "in your chat program")]
    [InlineData("de", "im Chatprogramm")]
    [Trait("Requirement", "P-43")]
    public async Task Where_the_chat_server_takes_nothing_the_pages_say_what_is_decided_there(string language, string where)
    {
        var browser = Browser();
        browser.Language = language;
        (await Try(browser, await Ask(browser, "juliet"), await Code(language))).Location.ShouldBe("/me");
        foreach (var path in new[] { "/me", "/me/picture", "/me/pictures", "/me/faces", "/me/visibility" })
        {
            (await browser.Get(path)).Says("#inchats").ShouldNotBeNull(path).ShouldContain(where);
        }

        (await browser.Get("/me/visibility")).Html.QuerySelectorAll("tbody td").Select(cell => cell.GetAttribute("data-place")).Distinct().ShouldBe(["web", "webfinger", "self"], "of chats nothing is promised");

        // There is no password to be asked for, nor are there passkeys: the other way in is offered.
        Time.Advance(WebSessions.Fresh);
        (await browser.Get("/me/delete")).Html.QuerySelector("main a[href*=again]").ShouldNotBeNull();
    }

    [Fact]
    [Trait("Requirement", "B-81")]
    [Trait("Requirement", "P-7")]
    public async Task Known_and_unknown_names_are_answered_alike()
    {
        var browser = Browser();
        var known = await Ask(browser, "juliet");
        var right = await Code();
        var wrong = await Try(browser, known, "aaaaa-aaaaa");
        foreach (var name in new[] { "tybalt", "nobody@nowhere.example", "", "@", new string('x', 900) })
        {
            var other = await Ask(browser, name);
            (other.Status, other.Bytes.Length).ShouldBe((known.Status, known.Bytes.Length), name);
            var answer = await Try(browser, other, right);
            (answer.Status, answer.Says("[role=alert]"), answer.Bytes.Length).ShouldBe((wrong.Status, wrong.Says("[role=alert]"), wrong.Bytes.Length), name);
        }

        (await browser.Get("/sign-in/chat?id=" + new string('x', 65))).Html.QuerySelector("input[name=id]").ShouldBeNull("no id is as long");
        (await Try(browser, known, right)).Location.ShouldBe("/me");
        await EndChats();
        await Until(() => !Beside.Reaches("example.org"), () => browser.Get("/sign-in"));
        foreach (var name in new[] { "juliet", "tybalt", "nobody@nowhere.example" })
        {
            (await Send(browser, name)).Status.ShouldBe(HttpStatusCode.ServiceUnavailable, name);
        }
    }

    [Fact]
    [Trait("Requirement", "B-81")]
    public async Task Wrong_ones_are_counted_and_a_right_one_is_good_for_five_minutes()
    {
        var browser = Browser();
        var guessed = await Ask(browser, "juliet");
        var code = await Code();
        for (var guess = 0; guess < MailBook.MaxGuesses; guess++)
        {
            await IsRefused(browser, guessed, "aaaaa-aaaaa");
        }

        await IsRefused(browser, guessed, code);
        var page = await Ask(browser, "juliet");
        code = await Code();
        Time.Advance(MailBook.CodeLifetime);
        await IsRefused(browser, page, code);
    }

    [Fact]
    [Trait("Requirement", "B-81")]
    public async Task Asking_is_counted_for_the_person_and_for_the_client()
    {
        var browser = Browser();
        var told = 0;
        _juliet.Came += stanza => told += stanza.Name == "message" ? 1 : 0;
        for (var time = 0; time < MailBook.PerClient.Permits; time++)
        {
            await Ask(browser, "juliet");
        }

        (await Send(browser, "juliet")).Status.ShouldBe(HttpStatusCode.TooManyRequests);

        // What was sent before arrives before.
        await Beside.Tell(new Identity(Juliet), "the last");
        await _juliet.Expect(stanza => stanza.Child("body", Ns.Client)?.Text() == "the last").WaitAsync(Timeout);
        told.ShouldBe(MailBook.MaxPerHour + 1);
    }

    // The code is in the message, which comes from the component.
    private async Task<string> Code(string language = "en")
    {
        var message = await _juliet.Expect(stanza => stanza.Name == "message").WaitAsync(Timeout);
        message["from"].ShouldBe(Component);
        var words = message.Child("body", Ns.Client)!.Text().Split(' ');
        words.ShouldContain("example.org.");
        var code = words.Single(word => word.Length == ChatCodeModel.CodeLength + 1 && word[ChatCodeModel.CodeLength / 2] == '-');
        (language == "en" ? words[0] : code).ShouldBe(code);
        return code;
    }

    private static async Task<Answer> Send(WebBrowser browser, string name) =>
        await browser.Submit(await browser.Get("/sign-in/chat"), "/sign-in/chat", ("name", name));

    // The page that asks for the code.
    private static async Task<Answer> Ask(WebBrowser browser, string name)
    {
        var answer = await Send(browser, name);
        answer.Status.ShouldBe(HttpStatusCode.SeeOther, name);
        return await browser.Follow(answer);
    }

    private static async Task<Answer> Try(WebBrowser browser, Answer page, string code)
    {
        var id = page.Html.QuerySelector("input[name=id]")!.GetAttribute("value")!;
        var own = await browser.Get($"/sign-in/chat?id={id}");
        return await browser.Submit(own, "/sign-in/chat?handler=Code", ("code", code));
    }

    private static async Task IsRefused(WebBrowser browser, Answer page, string code)
    {
        (await Try(browser, page, code)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await browser.Get("/me")).Text.ShouldNotContain("data-place");
    }

    // The component has shown its secret when it answers, and then waits in vain for rights.
    private async Task Connected()
    {
        await Until(() => Time.Waiting.Contains(GrantsTimeout), Ping);
        await Until(
            () => Beside.Reaches("example.org"),
            async () =>
            {
                if (Time.Waiting.Contains(GrantsTimeout))
                {
                    Time.Advance(GrantsTimeout);
                }

                await Ping();
            });
    }

    private Task Ping() => _juliet.Request(new Element("iq", Ns.Client).Set("type", "get").Add(new Element("ping", Ns.Ping)));

    // Looks again after each answer of a server.
    private static async Task Until(Func<bool> isSo, Func<Task> ask)
    {
        using var timeout = new CancellationTokenSource(Timeout);
        while (!isSo())
        {
            timeout.Token.ThrowIfCancellationRequested();
            await ask();
        }
    }

    private async ValueTask EndChats()
    {
        if (Interlocked.Exchange(ref _chats, null) is { } chats)
        {
            await _juliet.DisposeAsync();
            await chats.DisposeAsync();
        }
    }
}
