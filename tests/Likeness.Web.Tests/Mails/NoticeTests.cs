using System.Net;
using Likeness.Web.Tests.Hosting;

namespace Likeness.Web.Tests.Mails;

/// <summary>What happened in an account, told to its addresses.</summary>
[Trait("Requirement", "P-13")]
public sealed class NoticeTests : MailedPages
{
    private const string Verona = "juliet@verona.example";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await ConfirmMantua();
    }

    [Fact]
    public async Task A_sign_in_from_a_browser_that_is_in_no_session_is_told_and_from_the_same_one_is_not()
    {
        await Run("address", "add", JulietsAddress, "https://capulet.example/", "--trust-addresses");
        await Browser("juliet", Password);
        (await AllUntilNow()).ShouldBeEmpty();

        var other = Browser();
        other.Headers["User-Agent"] = "Elsewhere/2.0";
        await other.SignIn("juliet", Password);
        var mail = (await AllUntilNow()).ShouldHaveSingleItem();
        mail.To.ShouldBe([Mantua]);
        mail.Text.ShouldContain("Elsewhere/2.0");
        mail.Text.ShouldContain("127.0.0.0/24");
        mail.Message.Subject.ShouldBe("Something happened in your account at example.org");
        (await Romeo.Get("/admin/mail")).Text.ShouldNotContain("capulet.example", customMessage: "the address of a page is no mailbox");
        mail.Message.Headers["List-Unsubscribe"].ShouldBe($"<{Site}{mail.Link}>");

        // Behind the link is what to do, and an end to such mails.
        var page = await other.Get(mail.Link);
        page.Status.ShouldBe(HttpStatusCode.OK);
        await other.Submit(page, mail.Link + "?handler=Stop");
        var third = Browser();
        third.Headers["User-Agent"] = "Third/3.0";
        (await third.SignIn("juliet", Password)).Status.ShouldBe(HttpStatusCode.OK);
        (await AllUntilNow()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_shows_the_password_again_in_the_only_browser_is_told_of_nothing()
    {
        (await Juliet.Submit(await Juliet.Get("/sign-in?again=yes"), "/sign-in", ("name", "juliet"), ("password", Password))).Location.ShouldBe("/me");
        (await AllUntilNow()).ShouldBeEmpty();
    }

    [Fact]
    [Trait("Requirement", "P-4")]
    public async Task A_passkey_that_comes_or_goes_is_told()
    {
        using var key = new SoftKey(Site, new Uri(Site).Host);
        var page = await Juliet.Get("/me/passkeys");
        var options = await Juliet.Post("/me/passkeys?handler=Options", [new("__RequestVerificationToken", WebBrowser.FormToken(page))]);
        (await Juliet.Submit(page, "/me/passkeys?handler=Add", ("credential", key.Make(options.Text)), ("name", "old phone"))).Location.ShouldBe("/me/passkeys?done=yes");
        (await AllUntilNow()).ShouldHaveSingleItem().Text.ShouldContain("old phone");
        await Juliet.Submit(await Juliet.Get("/me/passkeys"), "/me/passkeys?handler=Remove");
        (await AllUntilNow()).ShouldHaveSingleItem().Text.ShouldContain("a passkey of your account juliet@example.org at example.org was removed");
    }

    [Fact]
    [Trait("Requirement", "P-12")]
    public async Task A_second_factor_that_comes_or_goes_is_told_and_so_is_a_link_that_is_handed_over()
    {
        var begun = await Juliet.Submit(await Juliet.Get("/me/second-factor"), "/me/second-factor?handler=Begin");
        var code = new Authenticator(begun.Says("section > p code")!).CodeAt(Time.GetUtcNow());
        (await Juliet.Submit(begun, "/me/second-factor?handler=Confirm", ("code", code))).Status.ShouldBe(HttpStatusCode.OK);
        (await AllUntilNow()).ShouldHaveSingleItem().Text.ShouldContain("a second factor was turned on");
        await Juliet.Submit(await Juliet.Get("/me/second-factor"), "/me/second-factor?handler=Off");
        (await AllUntilNow()).ShouldHaveSingleItem().Text.ShouldContain("was turned off");

        (await Post("reset", "")).Status.ShouldBe(HttpStatusCode.OK);
        (await AllUntilNow()).ShouldHaveSingleItem().Text.ShouldContain("made a link");
    }

    [Fact]
    public async Task Another_password_is_told_in_the_words_of_who_chose_it_and_one_from_elsewhere_too()
    {
        Juliet.Language = "de";
        var page = await Juliet.Get("/me/password");
        (await Juliet.Submit(page, "/me/password", ("password", Password), ("new", "the orchard wall is high"))).Location.ShouldBe("/me?done=password");
        (await Mails.Next()).Text.ShouldContain("das Passwort deines Kontos");

        await Run("user", "passwd", JulietsAddress, "--password", "a plague on both your houses");
        var mail = await Mails.Next();
        mail.To.ShouldBe([Mantua]);
        mail.Text.ShouldContain("a chat program or a command");
    }

    [Fact]
    public async Task An_address_that_comes_or_goes_is_told_to_those_that_there_were()
    {
        var token = WebBrowser.FormToken(await Juliet.Get("/me/addresses"));
        await Juliet.Post("/me/addresses?handler=Add", [new("__RequestVerificationToken", token), new("address", Verona)]);
        var confirmation = await Mails.Next();
        await Juliet.Submit(await Juliet.Get(confirmation.Link), confirmation.Link + "?handler=Address");
        var added = (await AllUntilNow()).ShouldHaveSingleItem();
        (added.To.Single(), added.Text.Contains(Verona)).ShouldBe((Mantua, true));

        await Juliet.Post("/me/addresses", [new("__RequestVerificationToken", token), new("remove", Mantua)]);
        var removed = await AllUntilNow();
        removed.Select(mail => mail.To.Single()).Order().ShouldBe([Mantua, Verona]);
        removed.ShouldAllBe(mail => mail.Text.Contains($"the address {Mantua} was removed"));
    }

    [Fact]
    public async Task A_copy_of_everything_is_told()
    {
        (await Juliet.Submit(await Juliet.Get("/me/export"), "/me/export", ("password", Password))).Status.ShouldBe(HttpStatusCode.OK);
        (await AllUntilNow()).ShouldHaveSingleItem().Text.ShouldContain("a copy of everything");
    }

    [Fact]
    [Trait("Requirement", "P-72")]
    public async Task What_an_administrator_does_is_told_with_the_reason_also_when_the_account_goes()
    {
        await Juliet.Upload(await Juliet.Get("/me/picture"), "/me/picture", Cli.Tests.TestPicture.Waves(100, 2));
        await Act("clear", "not your picture");
        (await AllUntilNow()).ShouldHaveSingleItem().Text.ShouldContain("The reason: not your picture");
        await Act("remove", "");
        var mail = (await AllUntilNow()).ShouldHaveSingleItem();
        (mail.To.Single(), mail.Text.Contains("deleted the account")).ShouldBe((Mantua, true));
    }

    private async Task Act(string act, string reason) => (await Post(act, reason)).Status.ShouldBe(HttpStatusCode.SeeOther);

    private async Task<Answer> Post(string act, string reason)
    {
        var path = "/admin/person?account=" + Uri.EscapeDataString(JulietsAddress);
        var token = WebBrowser.FormToken(await Romeo.Get(path));
        return await Romeo.Post(path, [new("__RequestVerificationToken", token), new("act", act), new("reason", reason)]);
    }
}
