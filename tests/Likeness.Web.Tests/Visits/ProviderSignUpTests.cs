using System.Net;
using Likeness.Accounts;
using Likeness.Cli.Tests;
using Likeness.Libravatar.Fetching;
using Likeness.Server;
using Likeness.Server.Options;
using Likeness.Stores;
using Likeness.Web.Providers;
using Likeness.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Likeness.Web.Tests.Visits;

/// <summary>Accounts that are opened by who comes from another site, and what that site says of the person.</summary>
[Trait("Requirement", "P-6")]
public sealed class ProviderSignUpTests : PagesOfServer
{
    private const string Jules = "jules@example.org";
    private const string Romeo = "romeo@example.org";
    private const string Password = "wherefore art thou";
    private IdProvider _club = null!;
    private WebBrowser _phone = null!;
    private Registration _registration = Registration.Open;
    private bool _asksElsewhere = true;

    public override async ValueTask InitializeAsync()
    {
        _club = await IdProvider.Start(Time);
        await base.InitializeAsync();
        await Run("user", "add", Romeo, "--password", Password);
        _phone = Browser();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _club.DisposeAsync();
    }

    private protected override LikenessOptions Change(LikenessOptions options) => options with
    {
        PublicUrl = new Uri("https://faces.example.org"),
        Chat = options.Chat with { Registration = _registration },
        Providers = [new ProviderOptions("club", _club.Issuer, IdProvider.Client, IdProvider.Secret)],
        PictureImport = options.PictureImport with { IsOn = _asksElsewhere, Pictures = new SafeFetchOptions { MayConnect = IPAddress.IsLoopback, MayUsePort = _ => true } },
    };

    [Fact]
    [Trait("Requirement", "P-3")]
    public async Task Where_anybody_opens_an_account_who_is_new_does_with_the_site_and_comes_in_by_it_afterwards()
    {
        _club.Claims["email"] = "jules@club.net";
        _club.Claims["email_verified"] = true;
        (await _phone.Get("/sign-up")).Html.QuerySelectorAll("a[href='/sign-in/with/club']").ShouldHaveSingleItem();
        (await GoBy(_phone, "?invite=nonsense")).Location.ShouldBe("/sign-up/with");
        (await Run("user", "list")).ShouldNotContain("jules", customMessage: "whoever only comes gets no account");
        var page = await _phone.Get("/sign-up/with");
        page.Html.QuerySelector("#name")!.GetAttribute("value").ShouldBe("jules");
        (await _phone.Submit(page, "/sign-up/with", ("name", "romeo"), ("password", Password))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await _phone.Submit(page, "/sign-up/with", ("name", "jules"), ("password", "short"))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);

        // Another browser has nothing to finish.
        (await Browser().Get("/sign-up/with")).Location.ShouldBe("/sign-in?problem=provider");
        (await _phone.Submit(page, "/sign-up/with", ("name", "jules"), ("password", Password))).Location.ShouldBe("/me/picture");
        (await _phone.Get("/me")).Text.ShouldContain(Jules);
        (await Run("address", "list", Jules)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Order().ShouldBe(["jules@club.net", Jules]);
        (await Run("log", "--address", Jules)).ShouldContain("provider link");

        var other = Browser();
        (await GoBy(other)).Location.ShouldBe("/me");
        (await other.Get("/me")).Text.ShouldContain(Jules);
        await Browser("jules", Password);

        // It was good once.
        (await _phone.Submit(page, "/sign-up/with", ("name", "jules2"), ("password", Password))).Status.ShouldNotBe(HttpStatusCode.OK);
        (await Run("user", "list")).ShouldNotContain("jules2");
    }

    [Fact]
    public async Task Two_windows_open_one_account_and_what_waits_too_long_none()
    {
        var other = Browser();
        foreach (var browser in new[] { _phone, other })
        {
            (await GoBy(browser)).Location.ShouldBe("/sign-up/with");
        }

        var pages = (Mine: await _phone.Get("/sign-up/with"), Other: await other.Get("/sign-up/with"));
        (await _phone.Submit(pages.Mine, "/sign-up/with", ("password", Password))).Location.ShouldBe("/me/picture");
        (await other.Submit(pages.Other, "/sign-up/with", ("name", "jules2"), ("password", Password))).Location.ShouldBe("/sign-in?problem=provider", "that person has an account by now");
        (await Run("user", "list")).ShouldNotContain("jules2");

        _club.Subject = "4712";
        var late = Browser();
        await GoBy(late);
        var page = await late.Get("/sign-up/with");
        Time.Advance(ProviderBook.SignUpLifetime);
        (await late.Submit(page, "/sign-up/with", ("name", "late"), ("password", Password))).Location.ShouldBe("/sign-in?problem=provider");
    }

    [Fact]
    [Trait("Requirement", "P-3")]
    public async Task From_a_place_where_many_were_opened_the_sum_is_wanted_with_a_site_too()
    {
        await SignUp(_phone, "jules");
        _club.Subject = "4712";
        await SignUp(Browser(), "jim");
        _club.Subject = "4713";
        var third = Browser();
        await GoBy(third);
        var page = await third.Get("/sign-up/with");
        page.Html.QuerySelector("input[name=work]").ShouldNotBeNull();
        (await third.Submit(page, "/sign-up/with", ("name", "catherine"), ("password", Password))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Run("user", "list")).ShouldNotContain("catherine");

        // Not of who is invited.
        (await GoBy(third, "?invite=" + await Invitation("catherine@example.org"))).Location.ShouldBe("/sign-up/with");
        page = await third.Get("/sign-up/with");
        page.Html.QuerySelector("input[name=work]").ShouldBeNull();
        (await third.Submit(page, "/sign-up/with", ("password", Password))).Location.ShouldBe("/me/picture");
    }

    [Fact]
    [Trait("Requirement", "P-14")]
    public async Task Where_accounts_are_opened_by_invitation_it_takes_one_and_uses_it_up()
    {
        await Restart(Registration.Invitation);
        (await GoBy(_phone)).Location.ShouldBe("/sign-in?problem=unlinked");
        (await _phone.Get("/sign-up/with")).Location.ShouldBe("/sign-in?problem=provider");

        var token = await Invitation("nurse@example.org");
        (await _phone.Get("/invite/" + token)).Html.QuerySelector($"a[href='/sign-in/with/club?invite={token}']").ShouldNotBeNull();
        (await GoBy(_phone, "?invite=" + token)).Location.ShouldBe("/sign-up/with");
        var page = await _phone.Get("/sign-up/with");
        page.Html.QuerySelector("input[name=name]")!.GetAttribute("value").ShouldBe("nurse", "it is for that name");
        (await _phone.Submit(page, "/sign-up/with", ("name", "jules"), ("password", Password))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await _phone.Submit(page, "/sign-up/with", ("password", Password))).Location.ShouldBe("/me/picture");
        (await _phone.Get("/me")).Text.ShouldContain("nurse@example.org");
        (await Browser().Get("/invite/" + token)).Status.ShouldBe(HttpStatusCode.NotFound);

        // One that is used up, or taken back meanwhile, opens nothing.
        _club.Subject = "4712";
        var late = Browser();
        (await GoBy(late, "?invite=" + token)).Location.ShouldBe("/sign-up/with");
        (await late.Get("/sign-up/with")).Location.ShouldBe("/sign-in?problem=provider");
        (await GoBy(late, "?invite=" + new string('a', 24))).Location.ShouldBe("/sign-up/with");
        (await late.Get("/sign-up/with")).Location.ShouldBe("/sign-in?problem=provider");
    }

    [Fact]
    public async Task The_name_there_is_suggested_where_it_can_be_one_here()
    {
        foreach (var (name, suggested) in new[] { ("Jules.Verne", "jules.verne"), ("jules@club.net", "jules"), ("Jules Verne", ""), (new string('j', 65), "") })
        {
            _club.Claims["preferred_username"] = name;
            (await GoBy(_phone)).Location.ShouldBe("/sign-up/with");
            ((await _phone.Get("/sign-up/with")).Html.QuerySelector("#name")!.GetAttribute("value") ?? "").ShouldBe(suggested, name);
        }

        // More than is kept of anybody.
        (_club.Claims["email"], _club.Claims["email_verified"]) = (new string('j', IWebStepStore.MaxState) + "@club.net", true);
        (await GoBy(_phone)).Location.ShouldBe("/sign-in?problem=unlinked");
    }

    [Fact]
    public async Task An_address_that_is_somebodys_stays_so_and_one_that_is_not_verified_is_nobodys()
    {
        _club.Claims["email"] = Romeo;
        _club.Claims["email_verified"] = true;
        await SignUp(_phone, "jules");
        (await Run("address", "list", Jules)).Trim().ShouldBe(Jules);
        (await Run("address", "list", Romeo)).Trim().ShouldBe(Romeo);

        _club.Subject = "4712";
        _club.Claims["email"] = "paris@club.net";
        _club.Claims["email_verified"] = false;
        await SignUp(Browser(), "paris");
        (await Run("address", "list", "paris@example.org")).ShouldNotContain("club.net");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_not_in_the_token_is_asked_for_and_believed_of_the_same_person_alone(bool isSame)
    {
        _club.Info = new() { ["sub"] = isSame ? _club.Subject : "4712", ["email"] = "jules@club.net", ["email_verified"] = true, ["picture"] = _club.PictureUrl };
        _club.Picture = TestPicture.Waves(120, 3);
        await SignUp(_phone, "jules");
        (await Run("address", "list", Jules)).Contains("jules@club.net", StringComparison.Ordinal).ShouldBe(isSame);
        (await _phone.Get("/me/picture")).Html.QuerySelectorAll("form.offered").Length.ShouldBe(isSame ? 1 : 0);
    }

    [Theory]
    [InlineData("email")]
    [InlineData("picture")]
    public async Task Of_a_token_that_says_one_thing_the_other_is_asked_for(string said)
    {
        _club.Info = new() { ["sub"] = _club.Subject, ["email"] = "jules@club.net", ["email_verified"] = true, ["picture"] = _club.PictureUrl };
        _club.Claims["email_verified"] = true;
        _club.Claims[said] = _club.Info[said];
        await SignUp(_phone, "jules");
        (await Run("address", "list", Jules)).ShouldContain("jules@club.net");
        (await _phone.Get("/me/picture")).Html.QuerySelectorAll("form.offered").ShouldHaveSingleItem();
    }

    [Fact]
    public async Task The_picture_of_the_site_is_shown_when_its_owner_wants_it_and_takes_no_others_place()
    {
        _club.Claims["picture"] = _club.PictureUrl;
        _club.Picture = TestPicture.Waves(120, 3);
        await SignUp(_phone, "jules");
        var page = await _phone.Get("/me/picture");
        (_club.PictureAsked, await IsShown()).ShouldBe((0, false), "nobody asked for it");
        (await _phone.Submit(page, "/me/import?handler=Provider")).Location.ShouldBe("/me/picture?done=set");
        (_club.PictureAsked, await IsShown()).ShouldBe((1, true));

        var before = await Shown();
        _club.Picture = TestPicture.Waves(120, 9);
        (await _phone.Submit(await _phone.Get("/me/picture"), "/me/import?handler=Provider")).Location.ShouldBe("/me/pictures?done=kept");
        (await Shown()).ShouldBe(before);

        // What is not offered is not fetched: another address, or what is somebody else's.
        var romeo = await Browser(Romeo, Password);
        var issuer = _club.Issuer.AbsoluteUri.TrimEnd('/');
        foreach (var (browser, site, subject, picture) in new[] { (romeo, issuer, _club.Subject, _club.PictureUrl), (_phone, issuer, _club.Subject, _club.Issuer + "other.png"), (_phone, "https://id.example.net", _club.Subject, _club.PictureUrl), (_phone, issuer, "4712", _club.PictureUrl) })
        {
            var answer = await browser.Post("/me/import?handler=Provider", [new("__RequestVerificationToken", WebBrowser.FormToken(await browser.Get("/me"))), new("issuer", site), new("subject", subject), new("picture", picture)]);
            answer.Status.ShouldBe(HttpStatusCode.NotFound);
        }

        _club.PictureAsked.ShouldBe(2);

        // The site shows another one, or none that may be asked for.
        foreach (var (other, isOffered) in new[] { ("https://pictures.example/jules.png", true), ("javascript:alert(1)", false), ("ftp://127.0.0.1/jules.png", false), ("http://pictures.example/jules.png", false), ("https://jules@pictures.example/jules.png", false), ("https://pictures.example/" + new string('j', ProvenPerson.MaxPicture), false) })
        {
            _club.Claims["picture"] = other;
            _phone.Token = null;
            await GoBy(_phone);
            (await _phone.Get("/me/picture")).Html.QuerySelectorAll("form.offered").Length.ShouldBe(isOffered ? 1 : 0, other);
        }
    }

    [Fact]
    public async Task What_a_site_says_beside_the_token_is_believed_as_far_as_it_is_what_it_should_be_and_asked_for_by_no_way_in_the_clear()
    {
        _club.Info = new() { ["sub"] = _club.Subject, ["email"] = "jules@club.net", ["email_verified"] = false, ["picture"] = 42 };
        await SignUp(_phone, "jules");
        (await Run("address", "list", Jules)).Trim().ShouldBe(Jules, "nobody verified it");

        _club.Subject = "4712";
        (_club.Claims["email"], _club.Claims["email_verified"]) = ("https://jules.example/", true);
        await SignUp(Browser(), "jim");
        (await Run("address", "list", "jim@example.org")).Trim().ShouldBe("jim@example.org", "that is an address of a page, which no mail proves");

        _club.Subject = "4713";
        _club.Claims["email"] = "catherine@example.org";
        await Restart(Registration.Open);
        await SignUp(_phone, "catherine");
        (await Run("address", "list", "catherine@example.org")).Trim().ShouldBe("catherine@example.org");

        (_club.Subject, _club.Status) = ("4715", (200, 500));
        _club.Claims.Clear();
        _club.Info = new() { ["sub"] = _club.Subject, ["email"] = "paris@club.net", ["email_verified"] = true };
        await SignUp(Browser(), "paris");
        (await Run("address", "list", "paris@example.org")).Trim().ShouldBe("paris@example.org", "that is no answer");

        (_club.Subject, _club.InfoAt) = ("4714", "http://club.invalid/info");
        await Restart(Registration.Open);
        var lines = new WarningLines();
        Server.Host.Services.GetRequiredService<ILoggerFactory>().AddProvider(lines);
        (await GoBy(_phone)).Location.ShouldBe("/sign-up/with");
        lines.Said.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_picture_inside_the_token_is_none_and_keeps_nobody_out(bool isElsewhereToo)
    {
        _club.Claims["picture"] = "data:image/png;base64," + Convert.ToBase64String(new byte[100_000]);
        _club.Info = new() { ["sub"] = _club.Subject, ["picture"] = isElsewhereToo ? _club.PictureUrl : "data:image/svg+xml;base64,PHN2Zy8+" };
        await SignUp(_phone, "jules");
        (await _phone.Get("/me/picture")).Html.QuerySelectorAll("form.offered").Length.ShouldBe(isElsewhereToo ? 1 : 0);
    }

    [Fact]
    public async Task Where_the_operator_wants_no_other_server_asked_no_picture_is_offered()
    {
        _asksElsewhere = false;
        await Restart(Registration.Open);
        _club.Claims["picture"] = _club.PictureUrl;
        await SignUp(_phone, "jules");
        (await _phone.Get("/me/picture")).Html.QuerySelectorAll("form.offered").ShouldBeEmpty();
        var answer = await _phone.Post("/me/import?handler=Provider", [new("__RequestVerificationToken", WebBrowser.FormToken(await _phone.Get("/me"))), new("issuer", _club.Issuer.AbsoluteUri.TrimEnd('/')), new("subject", _club.Subject), new("picture", _club.PictureUrl)]);
        (answer.Status, _club.PictureAsked).ShouldBe((HttpStatusCode.NotFound, 0));
    }

    private async Task Restart(Registration registration)
    {
        _registration = registration;
        await Server.DisposeAsync();
        Server = await Cli.Tests.Serving.RunningServer.Start(Data.Path, Change, Time);
        _phone = Browser();
    }

    private async Task<string> Invitation(string name)
    {
        var made = await Run("invite", name);
        return made[(made.IndexOf("preauth=", StringComparison.Ordinal) + 8)..][..24];
    }

    private async Task SignUp(WebBrowser browser, string name)
    {
        (await GoBy(browser)).Location.ShouldBe("/sign-up/with");
        (await browser.Submit(await browser.Get("/sign-up/with"), "/sign-up/with", ("name", name), ("password", Password))).Location.ShouldBe("/me/picture");
    }

    private async Task<bool> IsShown() => await Shown() is not null;

    private async Task<byte[]?> Shown()
    {
        using var response = await Server.Web.GetAsync(Server.Avatar(Jules, "d=404"));
        return response.StatusCode == HttpStatusCode.OK ? await response.Content.ReadAsByteArrayAsync() : null;
    }

    private async Task<Answer> GoBy(WebBrowser browser, string query = "") => await browser.Get(_club.Agree((await browser.Get("/sign-in/with/club" + query)).Location!));
}
