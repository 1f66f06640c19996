using System.Net;
using Likeness.Accounts;
using Likeness.Cli.Tests;
using Likeness.Cli.Tests.Serving;
using Likeness.Web.Tests.Hosting;
using Likeness.Web.Visits;

namespace Likeness.Web.Tests.Visits;

/// <summary>A code beside the password, from the day it is turned on to the day the authenticator is lost.</summary>
[Trait("Requirement", "P-12")]
public sealed class SecondFactorTests : PagesOfServer
{
    private const string Juliet = "juliet@example.org";
    private const string Password = "wherefore art thou";
    private WebBrowser _juliet = null!;
    private Authenticator _authenticator = null!;
    private string[] _codes = [];

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Run("user", "add", Juliet, "--password", Password);
        _juliet = await Browser(Juliet, Password);
    }

    [Fact]
    public async Task It_is_turned_on_by_a_code_asked_for_behind_the_password_and_each_code_is_good_once()
    {
        var elsewhere = await Browser(Juliet, Password);
        var before = _juliet.Token;
        await TurnOn();
        _juliet.Token.ShouldNotBe(before);
        (await elsewhere.Get("/me")).Status.ShouldBe(HttpStatusCode.SeeOther, "it got in by the password alone");
        _codes.Length.ShouldBe(SecondFactors.RecoveryCodes);
        (await _juliet.Post("/me/second-factor?handler=Begin", [new("__RequestVerificationToken", WebBrowser.FormToken(await _juliet.Get("/me")))])).Location.ShouldBe("/me/second-factor", "there is one");
        (await _juliet.Get("/me/second-factor")).Text.ShouldNotContain(_codes[0]);

        // With the password alone nothing is had.
        var asked = await ShowPassword(elsewhere);
        asked.Location.ShouldBe("/sign-in/code");
        (await elsewhere.Get("/me")).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await elsewhere.Get("/sign-in/code")).Status.ShouldBe(HttpStatusCode.OK);
        (await Answer(elsewhere, "000000")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Answer(elsewhere, Code())).Status.ShouldBe(HttpStatusCode.UnprocessableEntity, "it was used to turn it on");
        Time.Advance(TimeSpan.FromSeconds(30));
        var code = Code();
        (await Answer(elsewhere, $"{code[..3]} {code[3..]}")).Location.ShouldBe("/me/addresses");
        (await elsewhere.Get("/me")).Status.ShouldBe(HttpStatusCode.OK);

        await ShowPassword(_juliet);
        (await Answer(_juliet, code)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task What_the_authenticator_knows_is_nowhere_in_the_database_as_it_is()
    {
        var begun = await _juliet.Submit(await _juliet.Get("/me/second-factor"), "/me/second-factor?handler=Begin");
        var authenticator = new Authenticator(begun.Says("section > p code")!);
        (await _juliet.Submit(begun, "/me/second-factor?handler=Confirm", ("code", "000000"))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        ShouldBeSealed();
        (await _juliet.Submit(begun, "/me/second-factor?handler=Confirm", ("code", authenticator.CodeAt(Time.GetUtcNow())))).Status.ShouldBe(HttpStatusCode.OK);
        ShouldBeSealed();

        void ShouldBeSealed()
        {
            foreach (var file in Directory.GetFiles(Data.Path, "likeness.db*"))
            {
                using var open = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                var bytes = new byte[open.Length];
                open.ReadExactly(bytes);
                foreach (var form in new[] { authenticator.Secret, [.. System.Text.Encoding.ASCII.GetBytes(Convert.ToHexString(authenticator.Secret))] })
                {
                    bytes.AsSpan().IndexOf(form).ShouldBe(-1, file);
                }
            }
        }
    }

    [Fact]
    public async Task Recovery_codes_are_good_once_and_others_take_their_place()
    {
        await TurnOn();
        var phone = Browser();
        await ShowPassword(phone);
        (await Answer(phone, _codes[3].ToLowerInvariant().Replace("-", " "))).Location.ShouldBe("/me/addresses");
        await ShowPassword(phone);
        (await Answer(phone, _codes[3])).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await _juliet.Get("/me/second-factor")).Says(".lead")!.ShouldContain("9");
        (await Run("log", "--address", Juliet)).ShouldContain("second factor recovery");

        var renewed = await _juliet.Submit(await _juliet.Get("/me/second-factor"), "/me/second-factor?handler=Renew");
        var others = renewed.Html.QuerySelectorAll(".done code").Select(item => item.TextContent).ToArray();
        others.Length.ShouldBe(10);
        (await Answer(phone, _codes[4])).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Answer(phone, others[0])).Location.ShouldBe("/me/addresses");
        File.ReadAllBytes(Path.Combine(Data.Path, "likeness.db")).AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(others[1].Replace("-", ""))).ShouldBe(-1);
    }

    [Fact]
    [Trait("Requirement", "P-9")]
    public async Task Guesses_are_few_the_first_half_is_good_for_minutes_and_for_one_browser()
    {
        await TurnOn();
        var phone = Browser();
        var other = Browser();
        await ShowPassword(phone);
        (await Answer(other, _codes[0])).Location.ShouldBe("/sign-in", "it has shown no password");
        for (var guess = 0; guess < SecondFactors.PerAccount.Permits; guess++)
        {
            (await Answer(phone, "123456")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        }

        var refused = await Answer(phone, _codes[0]);
        refused.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.ShouldContainKey("Retry-After");
        Time.Advance(SecondSteps.Timeout - TimeSpan.FromMinutes(1));
        (await Answer(phone, "123456")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity, "a guess makes no time longer");
        Time.Advance(TimeSpan.FromMinutes(1));
        (await Answer(phone, _codes[0])).Location.ShouldBe("/sign-in", "too late");
        await ShowPassword(phone);
        (await Answer(phone, _codes[0])).Location.ShouldBe("/me/addresses");

        // Another password meanwhile: the one that was shown opens nothing.
        await ShowPassword(other);
        await Run("user", "passwd", Juliet, "--password", "the orchard wall is high");
        (await Answer(other, _codes[1])).Location.ShouldBe("/sign-in");
        (await other.Get("/me")).Status.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Fact]
    [Trait("Requirement", "P-11")]
    public async Task It_is_turned_off_by_its_owner_who_showed_it_within_minutes_or_by_the_operator()
    {
        await TurnOn();
        Time.Advance(WebSessions.Fresh);
        (await _juliet.Post("/me/second-factor?handler=Off", [new("__RequestVerificationToken", WebBrowser.FormToken(await _juliet.Get("/me")))])).Location.ShouldBe("/sign-in?return=%2Fme%2Fsecond-factor&again=yes");
        await ShowPassword(_juliet);
        await Answer(_juliet, Code());
        (await _juliet.Submit(await _juliet.Get("/me/second-factor"), "/me/second-factor?handler=Off")).Location.ShouldBe("/me/second-factor");
        var phone = Browser();
        (await ShowPassword(phone)).Location.ShouldBe("/me/addresses");

        await TurnOn();
        (await Run("user", "second-factor", Juliet, "--off")).ShouldContain("password is enough");
        (await ShowPassword(phone)).Location.ShouldBe("/me/addresses");
        (await Run("log", "--address", Juliet)).ShouldContain("second factor off");
    }

    [Fact]
    public async Task A_wrong_code_turns_nothing_on_and_another_password_keeps_what_was_turned_on()
    {
        var begun = await _juliet.Submit(await _juliet.Get("/me/second-factor"), "/me/second-factor?handler=Begin");
        begun.Html.QuerySelectorAll("svg path").ShouldNotBeEmpty();
        var wrong = await _juliet.Submit(begun, "/me/second-factor?handler=Confirm", ("code", "000000"));
        wrong.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        wrong.Says("section > p code").ShouldBe(begun.Says("section > p code"), "it is still the same");
        var phone = Browser();
        (await ShowPassword(phone)).Location.ShouldBe("/me/addresses");

        await TurnOn();
        var done = await _juliet.Submit(await _juliet.Get("/me/password"), "/me/password", ("password", Password), ("new", "the orchard wall is high"));
        done.Location.ShouldBe("/me?done=password");
        (await ShowPassword(phone, "the orchard wall is high")).Location.ShouldBe("/sign-in/code");
    }

    [Fact]
    public async Task What_was_begun_before_another_was_turned_on_does_not_take_its_place()
    {
        var begun = await _juliet.Submit(await _juliet.Get("/me/second-factor"), "/me/second-factor?handler=Begin");
        var early = new Authenticator(begun.Says("section > p code")!);
        await TurnOn(await Browser(Juliet, Password));
        Time.Advance(TimeSpan.FromSeconds(30));
        await ShowPassword(_juliet);
        (await Answer(_juliet, Code())).Location.ShouldBe("/me/addresses");

        var late = await _juliet.Post("/me/second-factor?handler=Confirm", [new("__RequestVerificationToken", WebBrowser.FormToken(await _juliet.Get("/me"))), new("code", early.CodeAt(Time.GetUtcNow()))]);
        late.Location.ShouldBe("/me/second-factor");
        Time.Advance(TimeSpan.FromSeconds(30));
        await ShowPassword(_juliet);
        (await Answer(_juliet, Code())).Location.ShouldBe("/me/addresses", "the one that was turned on is good");
    }

    [Fact]
    [Trait("Requirement", "P-70")]
    public async Task Where_the_operator_wants_it_administrators_have_one_or_a_passkey()
    {
        await Run("admin", "add", Juliet);
        (await _juliet.Get("/me/second-factor")).Says(".problem").ShouldBeNull("nobody has to");
        await Server.DisposeAsync();
        Server = await RunningServer.Start(Data.Path, options => options with { AdministratorsNeedSecondFactor = true }, Time);
        var browser = await Browser(Juliet, Password);
        (await browser.Get("/admin")).Location.ShouldBe("/me/second-factor");
        (await browser.Get("/me/second-factor")).Says(".problem").ShouldNotBeNullOrEmpty();
        await Run("user", "add", "romeo@example.org", "--password", Password);
        (await (await Browser("romeo@example.org", Password)).Get("/me/second-factor")).Says(".problem").ShouldBeNull("he administers nothing");
        await TurnOn(browser);
        (await browser.Get("/me/second-factor")).Says(".problem").ShouldBeNull();
        (await browser.Get("/admin")).Status.ShouldBe(HttpStatusCode.OK);
    }

    private async Task TurnOn(WebBrowser? browser = null)
    {
        browser ??= _juliet;
        var begun = await browser.Submit(await browser.Get("/me/second-factor"), "/me/second-factor?handler=Begin");
        _authenticator = new Authenticator(begun.Says("section > p code")!);
        var done = await browser.Submit(begun, "/me/second-factor?handler=Confirm", ("code", Code()));
        done.Status.ShouldBe(HttpStatusCode.OK, done.Text);
        _codes = [.. done.Html.QuerySelectorAll(".done code").Select(item => item.TextContent)];
    }

    private string Code() => _authenticator.CodeAt(Time.GetUtcNow());

    private static async Task<Answer> ShowPassword(WebBrowser browser, string password = Password) =>
        await browser.Submit(await browser.Get("/sign-in?again=yes&return=%2Fme%2Faddresses"), "/sign-in", ("name", Juliet), ("password", password));

    private static async Task<Answer> Answer(WebBrowser browser, string code) =>
        await browser.Post("/sign-in/code", [new("__RequestVerificationToken", WebBrowser.FormToken(await browser.Get("/report"))), new("code", code)]);
}
