using System.Net;
using Likeness.Accounts;
using Likeness.Web.Mails;
using Likeness.Web.Pages;
using Likeness.Web.Tests.Hosting;

namespace Likeness.Web.Tests.Mails;

/// <summary>Addresses that become somebody's by a mail that they read.</summary>
public sealed class MailedAddressTests : MailedPages
{
    [Fact]
    [Trait("Requirement", "P-20")]
    [Trait("Requirement", "P-21")]
    [Trait("Requirement", "L-102")]
    public async Task An_address_is_the_persons_when_the_button_behind_the_link_was_pressed_and_not_before()
    {
        await Juliet.Upload(await Juliet.Get("/me/picture"), "/me/picture", Cli.Tests.TestPicture.Waves(100, 2));
        var page = await Juliet.Follow(await Add(Juliet, "Juliet@Mantua.example"));
        page.Says("[role=status]").ShouldNotBeNull();
        page.Text.ShouldContain("waits to be confirmed");
        page.Html.QuerySelector("[data-also]").ShouldBeNull("the domain answers for nothing else");

        var mail = await Mails.Next();
        mail.To.ShouldBe([Mantua]);
        foreach (var said in new[] { "example.org", JulietsAddress, Mantua, "127.0.0.0/24", "2030" })
        {
            mail.Text.ShouldContain(said);
        }

        // Whoever looks at the link uses nothing up: a program that reads mail before its reader does so twice.
        var scanner = Browser();
        (await scanner.Get(mail.Link)).Status.ShouldBe(HttpStatusCode.OK);
        (await scanner.Get(mail.Link)).Text.ShouldContain("Confirm it");
        (await Web(Mantua)).ShouldBeNull();

        var link = await Juliet.Get(mail.Link);
        link.Headers["Referrer-Policy"].ShouldBe("no-referrer");
        (await Juliet.Submit(link, link.Path + "?handler=Address")).Location.ShouldBe("/me/addresses?done=confirmed");
        (await Web(Mantua)).ShouldNotBeNull();
        (await Juliet.Get("/me/addresses")).Text.ShouldNotContain("waits to be confirmed");
        (await Run("log")).ShouldContain(Mantua);

        var again = await Juliet.Post(mail.Link + "?handler=Address", [new("__RequestVerificationToken", WebBrowser.FormToken(link))]);
        again.Status.ShouldBe(HttpStatusCode.NotFound);
        (await Juliet.Get(mail.Link)).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    [Trait("Requirement", "P-20")]
    public async Task It_is_confirmed_in_another_browser_for_the_account_that_asked_and_an_old_link_for_none()
    {
        await Add(Juliet, Mantua);
        var mail = await Mails.Next();
        (await Romeo.Submit(await Romeo.Get(mail.Link), mail.Link + "?handler=Address")).Location.ShouldBe("/mail/confirmed");
        (await Run("address", "list", JulietsAddress)).ShouldContain(Mantua);
        (await Run("address", "list", RomeosAddress)).ShouldNotContain(Mantua);
        (await Romeo.Get("/mail/confirmed")).Status.ShouldBe(HttpStatusCode.OK);

        await Add(Juliet, "late@mantua.example");
        var late = await Mails.Next();
        (await Juliet.Get("/me/addresses")).Text.ShouldContain("late@mantua.example");
        Time.Advance(MailBook.AddressLifetime);
        (await Juliet.Get(late.Link)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await Juliet.Get("/me/addresses")).Text.ShouldNotContain("late@mantua.example");
    }

    [Fact]
    [Trait("Requirement", "P-88")]
    public async Task Somebody_elses_address_is_not_taken_away_and_nobody_is_told_that_it_was()
    {
        await ConfirmMantua();
        (await Remove(RomeosAddress, Password)).Location.ShouldBe("/me/addresses");
        (await AllUntilNow()).ShouldBeEmpty();
        (await Run("address", "list", RomeosAddress)).ShouldContain(RomeosAddress);
    }

    [Fact]
    [Trait("Requirement", "P-20")]
    public async Task An_address_that_the_person_has_by_now_waits_no_more_and_is_not_written_to()
    {
        await Add(Juliet, Mantua);
        await Mails.Next();
        await ConfirmMantua();
        (await Juliet.Get("/me/addresses")).Text.ShouldNotContain("waits to be confirmed");
        var again = await Add(Juliet, Mantua);
        (again.Status, again.Says("[role=alert]")).ShouldBe((HttpStatusCode.UnprocessableEntity, $"{Mantua} is one of your addresses already."));
    }

    [Fact]
    [Trait("Requirement", "P-20")]
    public async Task What_waits_is_sent_again_or_taken_back_by_its_owner_alone()
    {
        await Add(Juliet, Mantua);
        var first = await Mails.Next();
        var his = await Romeo.Get("/me/addresses");
        var token = WebBrowser.FormToken(his);
        foreach (var handler in new[] { "Again", "Drop" })
        {
            await Romeo.Post("/me/addresses?handler=" + handler, [new("__RequestVerificationToken", token), new("address", Mantua)]);
        }

        (await AllUntilNow()).ShouldBeEmpty();
        (await Juliet.Get(first.Link)).Status.ShouldBe(HttpStatusCode.OK);

        await Juliet.Submit(await Juliet.Get("/me/addresses"), "/me/addresses?handler=Again");
        var second = await Mails.Next();
        second.Link.ShouldNotBe(first.Link);
        await Juliet.Submit(await Juliet.Get("/me/addresses"), "/me/addresses?handler=Drop");
        foreach (var mail in new[] { first, second })
        {
            (await Juliet.Get(mail.Link)).Status.ShouldBe(HttpStatusCode.NotFound);
        }
    }

    [Fact]
    [Trait("Requirement", "P-20")]
    public async Task An_address_that_somebody_else_has_is_refused_to_whoever_reads_its_mail_and_told_to_nobody_else()
    {
        await Run("address", "add", RomeosAddress, Mantua, "--trust-addresses");
        var free = await Add(Juliet, "free@mantua.example");
        var taken = await Add(Juliet, Mantua);
        (taken.Status, taken.Location).ShouldBe((free.Status, free.Location));
        await Mails.Next();
        var mail = await Mails.Next();
        var refused = await Juliet.Submit(await Juliet.Get(mail.Link), mail.Link + "?handler=Address");
        refused.Status.ShouldBe(HttpStatusCode.Conflict);
        refused.Says("[role=alert]").ShouldNotBeNull();
        (await Run("address", "list", JulietsAddress)).ShouldNotContain(Mantua);
    }

    [Fact]
    [Trait("Requirement", "P-21")]
    public async Task Who_did_not_ask_says_so_and_gets_no_mail_for_thirty_days()
    {
        await Add(Juliet, Mantua);
        var mail = await Mails.Next();
        var nurse = Browser();
        (await nurse.Submit(await nurse.Get(mail.Link), mail.Link + "?handler=Stop")).Location.ShouldBe("/mail/stopped");
        (await nurse.Get("/mail/stopped")).Status.ShouldBe(HttpStatusCode.OK);
        (await Juliet.Get(mail.Link)).Status.ShouldBe(HttpStatusCode.NotFound);

        var refused = await Add(Juliet, Mantua);
        refused.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        (await AllUntilNow()).ShouldBeEmpty();
    }

    [Fact]
    [Trait("Requirement", "P-82")]
    [Trait("Requirement", "P-20")]
    public async Task An_address_that_its_mail_server_refuses_is_shown_as_such()
    {
        Mails.Recipient = to => to == Mantua ? "550 no such mailbox" : "250 OK";
        await Add(Juliet, Mantua);
        (await AllUntilNow()).ShouldBeEmpty();
        (await Juliet.Get("/me/addresses")).Text.ShouldContain("refused the mail");
        Time.Advance(MailBook.AddressLifetime);
        (await Juliet.Get("/me/addresses")).Text.ShouldContain("refused the mail", Case.Sensitive, "it is still to be known why nothing came");
    }

    [Fact]
    [Trait("Requirement", "P-11")]
    public async Task A_while_after_sign_in_the_password_is_asked_for_again()
    {
        await ConfirmMantua();
        (await Juliet.Get("/me/addresses")).Html.QuerySelector("main a[href*='again=yes']").ShouldBeNull("it was just shown");
        Time.Advance(WebSessions.Fresh);
        (await Juliet.Get("/me/addresses")).Html.QuerySelector("main a[href*='again=yes']").ShouldNotBeNull("a passkey does, too");
        (await Juliet.Get("/me/addresses")).Html.QuerySelector("input[type=password]")!.HasAttribute("aria-describedby").ShouldBeFalse("there is no problem yet");
        (await Add(Juliet, "other@mantua.example")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Add(Juliet, "other@mantua.example", "orchard")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Add(Juliet, "other@mantua.example", Password)).Status.ShouldBe(HttpStatusCode.SeeOther);

        var asked = await Remove(Mantua);
        asked.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Run("address", "list", JulietsAddress)).ShouldContain(Mantua);
        asked.Html.QuerySelector("form[action='/me/addresses'] input[type=password]").ShouldNotBeNull();
        (await Remove(Mantua, Password)).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await Run("address", "list", JulietsAddress)).ShouldNotContain(Mantua);
    }

    [Fact]
    [Trait("Requirement", "P-20")]
    [Trait("Requirement", "L-101")]
    public async Task No_more_wait_than_may_and_one_client_asks_for_no_more_mails_than_may()
    {
        for (var i = 0; i < MailBook.MaxWaiting; i++)
        {
            (await Add(Juliet, $"a{i}@mantua.example")).Status.ShouldBe(HttpStatusCode.SeeOther);
        }

        (await Add(Juliet, "more@mantua.example")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Juliet.Post("/me/addresses?handler=Again", [new("__RequestVerificationToken", WebBrowser.FormToken(await Juliet.Get("/me/addresses"))), new("address", "a1@mantua.example")]))
            .Location.ShouldBe("/me/addresses?done=sent", "it is among those that wait");
        for (var i = MailBook.MaxWaiting + 1; i < MailBook.PerClient.Permits; i++)
        {
            (await Add(Romeo, $"b{i}@mantua.example")).Status.ShouldBe(HttpStatusCode.SeeOther);
        }

        var refused = await Add(Juliet, "a0@mantua.example");
        refused.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.ShouldContainKey("Retry-After");
    }

    [Theory]
    [InlineData("juliet")]
    [InlineData("a@b")]
    [InlineData("x@mantua.example,y@mantua.example")]
    [InlineData("x@mantua.example\nBcc: y@mantua.example")]
    [Trait("Requirement", "P-81")]
    public async Task What_is_no_mailbox_is_not_written_to(string address) =>
        (await Add(Juliet, address)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);

    [Fact]
    [Trait("Requirement", "P-83")]
    public async Task Links_lead_to_where_the_operator_says_whatever_a_request_says()
    {
        Juliet.Headers["Host"] = "evil.example";
        Juliet.Headers["X-Forwarded-Host"] = "evil.example";
        await Add(Juliet, Mantua);
        var mail = await Mails.Next();
        mail.Raw.ShouldNotContain("evil.example");
        mail.Text.ShouldContain(Site + "/mail/");
    }

    private static async Task<Answer> Add(WebBrowser browser, string address, string? password = null)
    {
        var token = WebBrowser.FormToken(await browser.Get("/me/addresses"));
        return await browser.Post("/me/addresses?handler=Add", [new("__RequestVerificationToken", token), new("address", address), new("password", password ?? "")]);
    }

    private async Task<Answer> Remove(string address, string? password = null)
    {
        var token = WebBrowser.FormToken(await Juliet.Get("/me/addresses"));
        return await Juliet.Post("/me/addresses", [new("__RequestVerificationToken", token), new("remove", address), new("password", password ?? "")]);
    }
}
