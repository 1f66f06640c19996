using System.Net;
using Likeness.Accounts;
using Likeness.Server.Options;
using Likeness.Stores;
using Likeness.Web.Mails;
using Likeness.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Web.Tests.Mails;

/// <summary>Ways in by a mail: a link that signs in, another password, an account for who has none.</summary>
public sealed class MailedSignInTests : MailedPages
{
    private const string Chosen = "the orchard wall is high";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await ConfirmMantua();
    }

    [Theory]
    [InlineData("juliet")]
    [InlineData("juliet@example.org")]
    [InlineData("Juliet@Mantua.example")]
    [Trait("Requirement", "P-5")]
    public async Task In_the_browser_that_asked_the_button_signs_in_once(string name)
    {
        var browser = Browser();
        (await Ask(browser, name)).Location.ShouldBe("/sign-in/mail?done=yes");
        var mail = await Mails.Next();
        mail.To.ShouldBe([Mantua]);

        // What looks at links before people do, uses nothing up and is let in nowhere.
        var scanner = Browser();
        (await scanner.Get(mail.Link)).Status.ShouldBe(HttpStatusCode.OK);
        (await scanner.Get("/me")).Status.ShouldBe(HttpStatusCode.SeeOther);

        var page = await browser.Get(mail.Link);
        page.Text.ShouldContain(JulietsAddress);
        page.Html.QuerySelector("input[name=code]").ShouldBeNull();
        var before = browser.Token;
        (await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => browser.Submit(page, page.Path + "?handler=SignIn")))).Count(answer => answer.Location == "/me").ShouldBe(1, "once, however often it is pressed");
        browser.Token.ShouldNotBe(before);
        (await browser.Get("/me")).Text.ShouldContain(JulietsAddress);
        (await browser.Get(mail.Link)).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    [Trait("Requirement", "P-5")]
    public async Task In_another_browser_the_number_in_the_mail_is_wanted_and_a_program_that_presses_the_button_gets_nothing()
    {
        await Ask(Browser(), "juliet");
        var mail = await Mails.Next();
        mail.Code.Length.ShouldBe(MailTokens.CodeDigits);

        var scanner = Browser();
        var page = await scanner.Get(mail.Link);
        page.Html.QuerySelector("input[name=code]").ShouldNotBeNull();
        for (var i = 0; i < 2 * MailBook.MaxGuesses; i++)
        {
            (await scanner.Submit(page, page.Path + "?handler=SignIn")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        }

        (await scanner.Get("/me")).Status.ShouldBe(HttpStatusCode.SeeOther);
        var phone = Browser();
        (await phone.Submit(await phone.Get(mail.Link), mail.Link + "?handler=SignIn", ("code", mail.Code))).Location.ShouldBe("/me");
        (await phone.Get("/me")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    [Trait("Requirement", "P-5")]
    public async Task After_five_wrong_numbers_the_right_one_is_none_elsewhere_and_the_asking_browser_is_let_in_still()
    {
        var asking = Browser();
        await Ask(asking, "juliet");
        var mail = await Mails.Next();
        var thief = Browser();
        var page = await thief.Get(mail.Link);
        var wrong = mail.Code == "123456" ? "654321" : "123456";
        for (var i = 0; i < MailBook.MaxGuesses; i++)
        {
            (await thief.Submit(page, page.Path + "?handler=SignIn", ("code", wrong))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        }

        (await thief.Submit(page, page.Path + "?handler=SignIn", ("code", mail.Code))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);

        // Nor for who guessed at the same moment, and knows of no other guess.
        var book = Server.Host.Services.GetRequiredService<MailBook>();
        var read = (await book.Find(mail.Link["/mail/".Length..], TestContext.Current.CancellationToken))!;
        (await book.IsCode(read with { Guesses = 0 }, mail.Code, TestContext.Current.CancellationToken)).ShouldBeFalse();
        (await asking.Submit(await asking.Get(mail.Link), mail.Link + "?handler=SignIn")).Location.ShouldBe("/me");
    }

    [Fact]
    [Trait("Requirement", "P-5")]
    public async Task A_link_is_good_for_a_quarter_of_an_hour_and_in_no_other_form_of_it()
    {
        var browser = Browser();
        await Ask(browser, "juliet");
        var mail = await Mails.Next();
        foreach (var other in new[] { mail.Link[..^1] + (mail.Link[^1] == '0' ? '1' : '0'), mail.Link.ToUpperInvariant().Replace("/MAIL/", "/mail/", StringComparison.Ordinal), mail.Link[..^2], "/mail/" + new string('0', 48), "/mail/0" })
        {
            (await browser.Get(other)).Status.ShouldBe(HttpStatusCode.NotFound, other);
            (await browser.Post(other + "?handler=Stop", [new("__RequestVerificationToken", WebBrowser.FormToken(await browser.Get("/sign-in/mail")))])).Status.ShouldBe(HttpStatusCode.NotFound, other);
        }

        Time.Advance(MailBook.SignInLifetime - TimeSpan.FromSeconds(1));
        var page = await browser.Get(mail.Link);
        page.Status.ShouldBe(HttpStatusCode.OK);
        Time.Advance(TimeSpan.FromSeconds(1));
        (await browser.Submit(page, page.Path + "?handler=SignIn")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await browser.Get("/me")).Status.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Fact]
    [Trait("Requirement", "P-5")]
    public async Task Nothing_in_the_database_or_its_journal_opens_a_link()
    {
        await Ask(Browser(), "juliet");
        var mail = await Mails.Next();
        foreach (var file in Directory.GetFiles(Data.Path, "likeness.db*"))
        {
            var bytes = await File.ReadAllBytesAsync(file);
            foreach (var secret in new[] { mail.Link["/mail/".Length..], mail.Link[^32..] })
            {
                bytes.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(secret)).ShouldBe(-1, file);
            }
        }
    }

    [Fact]
    [Trait("Requirement", "P-7")]
    public async Task Known_and_unknown_names_are_answered_alike_with_one_mail_where_there_is_a_mailbox()
    {
        var browser = Browser();
        var known = await Ask(browser, "juliet");
        foreach (var name in new[] { "tybalt", "nobody@nowhere.example", "romeo", "", "@", "x@example.org", new string('x', 900) })
        {
            var answer = await Ask(browser, name);
            (answer.Status, answer.Location, answer.Bytes.Length).ShouldBe((known.Status, known.Location, known.Bytes.Length), name);
        }

        var mails = await AllUntilNow();
        mails.Select(mail => mail.To.Single()).Order().ShouldBe([Mantua, "nobody@nowhere.example"]);
        mails.Single(mail => mail.To.Contains("nobody@nowhere.example")).Text.ShouldContain("belongs to no account");
    }

    [Fact]
    [Trait("Requirement", "P-5")]
    public async Task The_accounts_own_address_gets_a_link_where_the_operator_says_that_it_is_a_mailbox()
    {
        await Server.DisposeAsync();
        Server = await Cli.Tests.Serving.RunningServer.Start(Data.Path, options => Change(options) with { AccountsAreMailboxes = true }, Time);
        var browser = Browser();
        (await Ask(browser, "romeo")).Location.ShouldBe("/sign-in/mail?done=yes");
        var mail = await Mails.Next();
        mail.To.ShouldBe([RomeosAddress]);
        (await browser.Submit(await browser.Get(mail.Link), mail.Link + "?handler=SignIn")).Location.ShouldBe("/me");
    }

    [Fact]
    [Trait("Requirement", "P-7")]
    public async Task One_client_asks_for_no_more_mails_than_may()
    {
        var browser = Browser();
        for (var i = 0; i < MailBook.PerClient.Permits; i++)
        {
            (await Ask(browser, "tybalt")).Status.ShouldBe(HttpStatusCode.SeeOther);
        }

        (await Ask(browser, "juliet")).Status.ShouldBe(HttpStatusCode.TooManyRequests);
        (await AllUntilNow()).ShouldBeEmpty();
    }

    [Fact]
    [Trait("Requirement", "P-5")]
    public async Task Who_is_disabled_gets_no_link_and_an_older_one_does_not_let_in()
    {
        var browser = Browser();
        await Ask(browser, "juliet");
        var mail = await Mails.Next();
        var page = await browser.Get(mail.Link);
        await Run("user", "disable", JulietsAddress, "--reason", "asked for it");
        (await browser.Submit(page, page.Path + "?handler=SignIn")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await browser.Get("/me")).Status.ShouldBe(HttpStatusCode.SeeOther);
        await Ask(browser, "juliet");
        (await AllUntilNow()).ShouldBeEmpty();
    }

    [Fact]
    [Trait("Requirement", "P-5")]
    public async Task Another_password_is_chosen_by_mail_and_ends_every_session()
    {
        var browser = Browser();
        (await Ask(browser, Mantua, "reset")).Status.ShouldBe(HttpStatusCode.SeeOther);
        var mail = await Mails.Next();
        var page = await browser.Get(mail.Link);

        // What is no password uses nothing up.
        (await browser.Submit(page, page.Path + "?handler=Reset", ("new", "short"))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await browser.Submit(page, page.Path + "?handler=Reset", ("new", Chosen))).Location.ShouldBe("/mail/changed");
        (await browser.Get("/mail/changed")).Status.ShouldBe(HttpStatusCode.OK);
        (await Juliet.Get("/me")).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await browser.Get(mail.Link)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await browser.SignIn("juliet", Chosen)).Path.ShouldBe("/me");
    }

    [Fact]
    [Trait("Requirement", "P-5")]
    public async Task A_link_is_good_for_what_it_was_sent_for_and_for_nothing_else()
    {
        var browser = Browser();
        await Ask(browser, "juliet");
        var mail = await Mails.Next();
        var token = WebBrowser.FormToken(await browser.Get(mail.Link));
        foreach (var handler in new[] { "Reset", "Address", "SignUp" })
        {
            (await browser.Post($"{mail.Link}?handler={handler}", [new("__RequestVerificationToken", token), new("new", Chosen), new("name", "mercutio"), new("password", Chosen)])).Status.ShouldBe(HttpStatusCode.NotFound, handler);
        }

        (await Run("user", "list")).ShouldNotContain("mercutio");
        (await browser.Submit(await browser.Get(mail.Link), mail.Link + "?handler=SignIn")).Location.ShouldBe("/me");

        // One that confirms an address lets nobody in, nor chooses it a password.
        await Juliet.Post("/me/addresses?handler=Add", [new("__RequestVerificationToken", WebBrowser.FormToken(await Juliet.Get("/me"))), new("address", "other@mantua.example")]);
        var other = (await AllUntilNow()).Single(mail => mail.To.Single() == "other@mantua.example");
        foreach (var handler in new[] { "SignIn", "Reset", "SignUp" })
        {
            (await Juliet.Post($"{other.Link}?handler={handler}", [new("__RequestVerificationToken", WebBrowser.FormToken(await Juliet.Get("/me"))), new("new", Chosen), new("name", "mercutio"), new("password", Chosen)])).Status.ShouldBe(HttpStatusCode.NotFound, handler);
        }
    }

    [Fact]
    [Trait("Requirement", "P-3")]
    public async Task A_link_opens_an_account_only_as_long_as_anybody_may_and_from_a_busy_place_with_the_sum()
    {
        foreach (var name in new[] { "mercutio", "benvolio" })
        {
            var (browser, link) = await Asked(name);
            (await Open(browser, link, name)).Location.ShouldBe("/me/picture", name);
        }

        var (third, sent) = await Asked("tybalt");
        (await third.Get(sent)).Html.QuerySelector("input[name=work]").ShouldNotBeNull();
        (await Open(third, sent, "tybalt")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);

        // Nobody counts what was opened before: the server is another one, and its operator has thought otherwise.
        await Server.DisposeAsync();
        Server = await Cli.Tests.Serving.RunningServer.Start(Data.Path, options => Change(options) with { Chat = Change(options).Chat with { Registration = Registration.Closed } }, Time);
        var later = Browser();
        (await Open(later, sent, "tybalt", form: "/report")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await Run("user", "list")).ShouldNotContain("tybalt");

        async Task<(WebBrowser Browser, string Link)> Asked(string name)
        {
            var browser = Browser();
            await SignUp(browser, name + "@mantua.example");
            return (browser, (await AllUntilNow()).Single(mail => mail.To.Single() == name + "@mantua.example").Link);
        }

        static async Task<Answer> Open(WebBrowser browser, string link, string name, string? form = null) => await browser.Post(
            link + "?handler=SignUp",
            [new("__RequestVerificationToken", WebBrowser.FormToken(await browser.Get(form ?? link))), new("name", name), new("password", Chosen)]);
    }

    private protected override LikenessOptions Change(LikenessOptions options) =>
        base.Change(options) with { Chat = base.Change(options).Chat with { Registration = Registration.Open } };

    [Fact]
    [Trait("Requirement", "P-3")]
    public async Task An_account_is_opened_behind_a_link_with_the_address_that_it_went_to()
    {
        var browser = Browser();
        (await SignUp(browser, "mercutio@mantua.example, tybalt@mantua.example")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await SignUp(browser, "mercutio@mantua.example")).Location.ShouldBe("/sign-up?done=yes");
        var mail = await Mails.Next();
        (await Run("user", "list")).ShouldNotContain("mercutio");

        var page = await browser.Get(mail.Link);
        (await browser.Submit(page, page.Path + "?handler=SignUp", ("name", "juliet"), ("password", Chosen))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await browser.Submit(page, page.Path + "?handler=SignUp", ("name", "mercutio"), ("password", "short"))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await browser.Submit(page, page.Path + "?handler=SignUp", ("name", "mercutio"), ("password", Chosen))).Location.ShouldBe("/me/picture");
        (await browser.Get("/me")).Text.ShouldContain("mercutio@example.org");
        (await Run("address", "list", "mercutio@example.org")).ShouldContain("mercutio@mantua.example");
        (await browser.Get(mail.Link)).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    [Trait("Requirement", "P-3")]
    [Trait("Requirement", "P-7")]
    public async Task Whether_an_address_has_an_account_is_told_to_its_reader_alone()
    {
        var browser = Browser();
        var free = await SignUp(browser, "mercutio@mantua.example");
        var taken = await SignUp(browser, Mantua);
        (taken.Status, taken.Location).ShouldBe((free.Status, free.Location));
        var mails = await AllUntilNow();
        mails.Count.ShouldBe(2);
        mails.Single(mail => mail.To.Contains(Mantua)).Text.ShouldContain("belongs to the account juliet@example.org");

        // Without the link nothing opens, although the form of older pages is sent.
        var token = WebBrowser.FormToken(await browser.Get("/sign-up"));
        await browser.Post("/sign-up", [new("__RequestVerificationToken", token), new("name", "mercutio"), new("password", Chosen)]);
        (await Run("user", "list")).ShouldNotContain("mercutio");
    }

    [Fact]
    [Trait("Requirement", "P-13")]
    public async Task The_address_of_a_new_account_is_told_of_the_browser_that_is_in_it()
    {
        var browser = Browser();
        await SignUp(browser, "mercutio@mantua.example");
        var link = (await Mails.Next()).Link;
        (await browser.Submit(await browser.Get(link), link + "?handler=SignUp", ("name", "mercutio@EXAMPLE.org"), ("password", Chosen))).Location.ShouldBe("/me/picture");
        var told = (await AllUntilNow()).ShouldHaveSingleItem();
        (told.To.Single(), told.Text.Contains("mercutio@example.org")).ShouldBe(("mercutio@mantua.example", true));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Requirement", "P-11")]
    [Trait("Requirement", "P-61")]
    [Trait("Requirement", "P-62")]
    public async Task A_mail_of_the_last_ten_minutes_is_enough_to_copy_and_delete_where_there_is_no_password(bool hasPassword)
    {
        const string Laurence = "laurence@example.org", Mailbox = "laurence@mantua.example";
        if (hasPassword)
        {
            await Run("user", "add", Laurence, "--password", Password);
        }
        else
        {
            await Server.Host.Services.GetRequiredService<IStores>().Accounts.Add(new AccountRecord(new Identity(Laurence), null, null));
        }

        await Run("address", "add", Laurence, Mailbox, "--trust-addresses");
        var browser = Browser();
        await SignInByMail();
        (await browser.Submit(await browser.Get("/me/export"), "/me/export")).Status.ShouldBe(hasPassword ? HttpStatusCode.UnprocessableEntity : HttpStatusCode.OK);
        (await browser.Get("/me/delete")).Html.QuerySelectorAll("input[name=password]").Length.ShouldBe(hasPassword ? 1 : 0);
        Time.Advance(WebSessions.Fresh);
        var late = await browser.Get("/me/delete");
        late.Html.QuerySelectorAll("input[name=password]").Length.ShouldBe(hasPassword ? 1 : 0);
        late.Html.QuerySelector("main a[href*=again]")!.GetAttribute("href").ShouldBe("/sign-in?return=%2Fme%2Fdelete&again=yes");
        (await browser.Submit(late, "/me/delete", ("sure", "yes"))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        await SignInByMail();
        (await browser.Submit(await browser.Get("/me/delete"), "/me/delete", ("sure", "yes"))).Status.ShouldBe(hasPassword ? HttpStatusCode.UnprocessableEntity : HttpStatusCode.SeeOther);
        (await Run("user", "list")).Contains(Laurence, StringComparison.Ordinal).ShouldBe(hasPassword);

        async Task SignInByMail()
        {
            (await Ask(browser, Mailbox)).Location.ShouldBe("/sign-in/mail?done=yes");
            var mail = (await AllUntilNow()).Last(mail => mail.To.Single() == Mailbox);
            (await browser.Submit(await browser.Get(mail.Link), mail.Link + "?handler=SignIn")).Location.ShouldBe("/me");
        }
    }

    private static async Task<Answer> Ask(WebBrowser browser, string name, string want = "sign-in")
    {
        var token = WebBrowser.FormToken(await browser.Get("/sign-in/mail"));
        return await browser.Post("/sign-in/mail", [new("__RequestVerificationToken", token), new("name", name), new("want", want)]);
    }

    private static async Task<Answer> SignUp(WebBrowser browser, string address)
    {
        var token = WebBrowser.FormToken(await browser.Get("/sign-up"));
        return await browser.Post("/sign-up", [new("__RequestVerificationToken", token), new("address", address)]);
    }
}
