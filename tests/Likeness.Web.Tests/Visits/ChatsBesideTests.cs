using System.Net;
using Likeness.Accounts;
using Likeness.Cli.Tests;
using Likeness.Cli.Tests.Serving;
using Likeness.Limits;
using Likeness.Server.Options;
using Likeness.Stores;
using Likeness.Web.Portraits;
using Likeness.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Web.Tests.Visits;

/// <summary>Pages for people whose accounts are on another chat server, which is a server of ours here.</summary>
public sealed class ChatsBesideTests : PagesOfServer
{
    private const string Juliet = "juliet@example.org";
    private const string Password = "wherefore art thou";
    private readonly TemporaryDirectory _chatData = new();
    private RunningServer? _chats;

    public override async ValueTask InitializeAsync()
    {
        _chats = await RunningServer.Start(_chatData.Path);
        var added = await LikenessProgram.Run(["user", "add", Juliet, "--password", Password, "--data", _chatData.Path]);
        added.Code.ShouldBe(0, added.Error);
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await EndChats();
        _chatData.Dispose();
    }

    // Nobody listens for components: what is set here waits.
    private protected override LikenessOptions Change(LikenessOptions options) => options with
    {
        Beside = new BesideSettings
        {
            Servers = [new DnsEndPoint("127.0.0.1", 1)],
            Names = ["likeness.example.org"],
            Secrets = ["secret"],
            Domains = ["example.org"],
            AddressesAreTheSame = true,
            Logins = [new DnsEndPoint("127.0.0.1", _chats!.Host.Addresses.Xmpp[0].Port)],
        },
    };

    [Theory]
    [InlineData("juliet")]
    [InlineData(Juliet)]
    [Trait("Requirement", "B-80")]
    [Trait("Requirement", "P-2")]
    public async Task The_password_of_the_chats_signs_in_and_nothing_of_it_is_kept(string name)
    {
        var browser = Browser();
        (await SignIn(browser, name, "orchard")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await SignIn(browser, "romeo", Password)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Run("user", "list")).ShouldBeEmpty("whoever only tries gets no account");
        for (var time = 0; time < 2; time++)
        {
            (await SignIn(browser, name, Password)).Location.ShouldBe("/me");
            (await browser.Get("/me")).Text.ShouldContain(Juliet);
        }

        (await Server.Host.Services.GetRequiredService<IStores>().Accounts.Find(new Identity(Juliet)))!.Hashes.ShouldBe(Likeness.Xmpp.Sasl.ScramHashes.None);
        (await browser.Get("/me")).Html.QuerySelector("a[href='/me/password']").ShouldBeNull("it is changed in the chat program");
        (await browser.Get("/me/password")).Status.ShouldBe(HttpStatusCode.NotFound);
        foreach (var (person, why) in new[] { ("juliet@club.example", "that domain is on no chat server"), (Juliet, "as long as nobody knows that it takes nothing") })
        {
            (await Server.Host.Services.GetRequiredService<OwnPortrait>().WhoDecides(new Identity(person), TestContext.Current.CancellationToken)).InChats.ShouldBeFalse(why);
        }

        await Should.ThrowAsync<AccountRefusedException>(async () => await Server.Host.Services.GetRequiredService<AccountBook>().ChangePassword(new Identity(Juliet), "the orchard wall is high", chosen: true));

        await Run("user", "disable", Juliet);
        (await browser.Get("/me")).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await SignIn(browser, name, Password)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    [Trait("Requirement", "B-80")]
    public async Task Guesses_are_counted_before_the_chat_server_is_asked_and_who_cannot_be_asked_is_said()
    {
        var browser = Browser();
        for (var guess = 0; guess < LoginLimits.PerAccount.Permits; guess++)
        {
            (await SignIn(browser, "juliet", "guess")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        }

        var refused = await SignIn(browser, "juliet", Password);
        refused.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.ShouldContainKey("Retry-After");

        await EndChats();
        var away = await SignIn(browser, "nurse", Password);
        (away.Status, away.Says("[role=alert]")).ShouldBe((HttpStatusCode.ServiceUnavailable, "The chat server cannot be asked at the moment. Try again later."));
    }

    [Fact]
    [Trait("Requirement", "B-57")]
    public async Task The_page_says_where_the_picture_is()
    {
        var browser = Browser();
        await SignIn(browser, "juliet", Password);
        Standing(await browser.Get("/me")).ShouldBe(("yes", true));
        await browser.Upload(await browser.Get("/me/picture"), "/me/picture", TestPicture.Waves(100, 2));
        var waiting = await browser.Get("/me");
        Standing(waiting).ShouldBe(("no", true));
        waiting.Says("[data-place=chats] span.no:not(.mark)").ShouldBe("Waiting for the chat server");
        waiting.Html.QuerySelector("[data-place=contacts]").ShouldBeNull("that is said by the chat server");

        // As the operator said, her address in chats is her mailbox: it needs no mail.
        await Run("address", "remove", Juliet, Juliet);
        var own = await browser.Submit(await browser.Get("/me/addresses"), "/me/addresses?handler=Own");
        own.Location.ShouldBe("/me/addresses?done=confirmed", own.Text);

        using var web = new HttpClient();
        web.DefaultRequestHeaders.TryAddWithoutValidation("Cookie", $"{WebBrowser.Cookie}={browser.Token}");
        using var events = new StreamReader(await web.GetStreamAsync(new Uri($"{browser.Root}/me/events")));
        (await Next(events)).ShouldContain("\"chats\":false");
        await Beat();

        // The chat server has taken it.
        var beside = Server.Host.Services.GetRequiredService<IStores>().Beside;
        var portrait = await Server.Host.Services.GetRequiredService<PortraitBook>().Find(new Identity(Juliet));
        await beside.Learn("likeness.example.org", [new Identity(Juliet)]);
        await beside.Save((await beside.Find(new Identity(Juliet)))! with { LocalVersion = portrait.Version });
        Standing(await browser.Get("/me")).ShouldBe(("yes", true));

        // An open page is told at its next beat, although the portrait did not change, and not before.
        var next = Next(events);
        while (!next.IsCompleted)
        {
            await Beat();
        }

        (await next).ShouldContain("\"chats\":true");

        static (string?, bool) Standing(Answer page) =>
            (page.Html.QuerySelector("[data-place=chats]")?.ClassName, page.Html.QuerySelector("[data-place=web]") is not null);

        async Task Beat()
        {
            Time.Advance(TimeSpan.FromSeconds(20));
            await browser.Get("/privacy");
        }

        static async Task<string> Next(StreamReader events)
        {
            string? line;
            while ((line = await events.ReadLineAsync())?.StartsWith("data: ", StringComparison.Ordinal) == false)
            {
            }

            return line ?? "";
        }
    }

    [Theory]
    [InlineData("en", "Your account for chats is on the chat server of your domain", "taken away there, too")]
    [InlineData("de", "Dein Konto für Chats ist auf dem Chat-Server deiner Domain", "auch dort entfernt")]
    [Trait("Requirement", "P-62")]
    public async Task Who_deletes_the_account_is_told_what_stays(string language, string stays, string goes)
    {
        var browser = Browser();
        browser.Language = language;
        await SignIn(browser, "juliet", Password);
        await browser.Upload(await browser.Get("/me/picture"), "/me/picture", TestPicture.Waves(100, 2));
        var page = await browser.Get("/me/delete");
        page.Says("#stays")!.ShouldContain(stays);
        page.Says("#stays")!.ShouldContain(goes);
        page.Html.QuerySelectorAll("main li").Length.ShouldBe(2, "contacts, messages and the name are not this server's");
        (await browser.Submit(page, "/me/delete", ("sure", "yes"))).Location.ShouldBe("/");
        (await Run("user", "list")).ShouldBeEmpty();
        using var avatar = await Server.Web.GetAsync(Server.Avatar(Juliet, "d=404"));
        avatar.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private async ValueTask EndChats()
    {
        if (Interlocked.Exchange(ref _chats, null) is { } chats)
        {
            await chats.DisposeAsync();
        }
    }

    private static async Task<Answer> SignIn(WebBrowser browser, string name, string password) =>
        await browser.Submit(await browser.Get("/sign-in?again=yes"), "/sign-in", ("name", name), ("password", password));
}
