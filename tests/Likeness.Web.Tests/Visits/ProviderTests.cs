using System.Net;
using Likeness.Accounts;
using Likeness.Cli.Tests;
using Likeness.Server.Options;
using Likeness.Stores;
using Likeness.Web.Mails;
using Likeness.Web.Passkeys;
using Likeness.Web.Providers;
using Likeness.Web.Tests.Hosting;
using Likeness.Web.Visits;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Likeness.Web.Tests.Visits;

/// <summary>Sign-in by another site that vouches for the person, and what it cannot do.</summary>
[Trait("Requirement", "P-6")]
public sealed class ProviderTests : PagesOfServer
{
    private const string Juliet = "juliet@example.org";
    private const string Romeo = "romeo@example.org";
    private const string Password = "wherefore art thou";
    private IdProvider _club = null!;
    private WebBrowser _juliet = null!;
    private WebBrowser _phone = null!;

    public override async ValueTask InitializeAsync()
    {
        _club = await IdProvider.Start(Time);
        await base.InitializeAsync();
        await Run("user", "add", Juliet, "--password", Password);
        await Run("user", "add", Romeo, "--password", Password);
        (_juliet, _phone) = (await Browser(Juliet, Password), Browser());
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _club.DisposeAsync();
    }

    private protected override LikenessOptions Change(LikenessOptions options) => options with
    {
        PublicUrl = new Uri("https://faces.example.org"),
        Providers = [new ProviderOptions("club", _club.Issuer, IdProvider.Client, IdProvider.Secret)],
    };

    [Fact]
    public async Task It_is_tied_to_an_account_by_its_owner_opens_it_from_then_on_and_is_untied()
    {
        (await _phone.Get("/sign-in")).Html.QuerySelectorAll("a[href^='/sign-in/with/club']").ShouldHaveSingleItem();
        (await GoBy(_phone)).Location.ShouldBe("/sign-in?problem=unlinked", "nobody has said whose account it is");
        (await _phone.Get("/sign-in?problem=unlinked")).Says("[role=alert]").ShouldNotBeNullOrEmpty();

        (await Link()).Location.ShouldBe("/me/providers?done=yes");
        var page = await _juliet.Get("/me/providers?done=yes");
        page.Says(".sessions strong").ShouldBe("jules");
        page.Says("[role=alert]").ShouldBeNull();
        var before = _phone.Token;
        (await GoBy(_phone, "?return=%2Fme%2Faddresses")).Location.ShouldBe("/me/addresses");
        _phone.Token.ShouldNotBe(before);
        (await _phone.Get("/me")).Text.ShouldContain(Juliet);

        (await _juliet.Submit(page, "/me/providers?handler=Remove")).Location.ShouldBe("/me/providers");
        _phone.Token = null;
        (await GoBy(_phone)).Location.ShouldBe("/sign-in?problem=unlinked");
        var log = await Run("log", "--address", Juliet);
        log.ShouldContain("provider link");
        log.ShouldContain("provider unlink");
    }

    [Theory]
    [InlineData("audience")]
    [InlineData("issuer")]
    [InlineData("age")]
    [InlineData("youth")]
    [InlineData("key")]
    [InlineData("unsigned")]
    [InlineData("nonce")]
    [InlineData("party")]
    [InlineData("nobody")]
    public async Task What_the_site_did_not_say_to_us_now_opens_nothing(string what)
    {
        await Link();
        var lines = new WarningLines();
        Server.Host.Services.GetRequiredService<ILoggerFactory>().AddProvider(lines);
        switch (what)
        {
            case "audience":
                _club.Audience = "another";
                break;
            case "issuer":
                _club.OtherIssuer = "https://id.example.net";
                break;
            case "age":
                _club.Age = TimeSpan.FromMinutes(10);
                break;
            case "youth":
                _club.Age = -TimeSpan.FromMinutes(10);
                break;
            case "key":
                _club.SignsWithAnother = true;
                break;
            case "unsigned":
                _club.IsUnsigned = true;
                break;
            case "nonce":
                _club.Claims["nonce"] = "of another time";
                break;
            case "party":
                _club.Claims["azp"] = "another";
                break;
            default:
                _club.Claims["sub"] = "";
                break;
        }

        (await GoBy(_phone)).Location.ShouldBe("/sign-in?problem=provider");
        (await _phone.Get("/me")).Status.ShouldBe(HttpStatusCode.SeeOther);
        lines.Said.ShouldHaveSingleItem().ShouldStartWith("The provider club vouched for nobody: ");
    }

    [Theory]
    [InlineData("issuer")]
    [InlineData("authorization_endpoint")]
    [InlineData("token_endpoint")]
    [InlineData("anything")]
    public async Task A_site_that_calls_itself_another_or_does_not_say_where_its_doors_are_vouches_for_nobody_and_the_operator_is_told(string what)
    {
        var lines = new WarningLines();
        Server.Host.Services.GetRequiredService<ILoggerFactory>().AddProvider(lines);
        (_club.CallsItself, _club.Lacks) = (what == "issuer" ? "https://id.example.net" : null, what);
        if (what == "anything")
        {
            await _club.DisposeAsync();
        }

        (await _phone.Get("/sign-in/with/club")).Location.ShouldBe("/sign-in?problem=provider");
        lines.Said.ShouldHaveSingleItem().ShouldStartWith("The provider club vouched for nobody: ");
    }

    [Fact]
    public async Task What_the_standard_leaves_open_keeps_nobody_out_and_what_is_no_answer_everybody()
    {
        await Link();
        _club.SaysSince = false;
        _club.Claims["azp"] = IdProvider.Client;
        (await GoBy(_phone)).Location.ShouldBe("/me", "of a token that says neither since when, nor for another than us");
        var lines = new WarningLines();
        Server.Host.Services.GetRequiredService<ILoggerFactory>().AddProvider(lines);
        (_phone.Token, _club.Status) = (null, (400, 200));
        (await GoBy(_phone)).Location.ShouldBe("/sign-in?problem=provider", "tokens that it does not give");
        foreach (var nonsense in new[] { "[]", "{}", "{\"id_token\": 4711}", "no JSON" })
        {
            _club.Nonsense = nonsense;
            (await GoBy(_phone)).Location.ShouldBe("/sign-in?problem=provider", nonsense);
            lines.Said[^1].ShouldStartWith("The provider club vouched for nobody: ");
        }

        lines.Said.Count.ShouldBe(5);
    }

    [Fact]
    public async Task Where_too_much_was_begun_nothing_more_is()
    {
        var services = Server.Host.Services;
        var context = new DefaultHttpContext { RequestServices = services };
        context.Request.Headers.Cookie = $"{WebBrowser.Cookie}={_juliet.Token}";
        var visitor = await Visitor.Of(context, services.GetRequiredService<WebSessions>(), services.GetRequiredService<RoleBook>());
        using var passkeys = new PasskeyBook(services.GetRequiredService<IPasskeyStore>(), new FullSteps(), services.GetRequiredService<Notices>(), services.GetRequiredService<PageOptions>(), Time);
        (await passkeys.BeginAdding(context)).ShouldBeNull();
        (await passkeys.BeginSignIn(context)).ShouldBeNull();
        using var club = new ProviderSignIn(new ProviderOptions("club", _club.Issuer, IdProvider.Client, IdProvider.Secret), "https://faces.example.org", new FullSteps(), Time, NullLogger<ProviderSignIn>.Instance);
        (await club.Begin(visitor, back: null, links: null, invited: null, TestContext.Current.CancellationToken)).ShouldBeNull();
    }

    [Fact]
    public async Task How_somebody_is_called_there_is_kept_for_that_person_of_that_site_alone()
    {
        var (book, juliet) = (Server.Host.Services.GetRequiredService<ProviderBook>(), new Identity(Juliet));
        foreach (var person in new[] { Person("https://a.example", "1", "a1"), Person("https://a.example", "2", "a2"), Person("https://b.example", "2", "b2") })
        {
            (await book.Link(juliet, person)).ShouldBeTrue();
        }

        await book.Seen(juliet, Person("https://b.example", "2", "bea"));
        await book.Seen(juliet, Person("https://b.example", "3", "nobody here"));
        (await book.Of(juliet, TestContext.Current.CancellationToken)).Select(one => one.Name).Order().ShouldBe(["a1", "a2", "bea"]);

        static ProvenPerson Person(string issuer, string subject, string name) => new(issuer, subject, name, Mail: null, Picture: null);
    }

    [Fact]
    public async Task The_way_back_is_good_once_for_the_browser_that_went_and_in_time()
    {
        await Link();
        var other = Browser();
        await other.Get("/sign-in/with/club");
        var back = _club.Agree((await _phone.Get("/sign-in/with/club")).Location!);
        var asked = _club.Asked;
        (await other.Get(back)).Location.ShouldBe("/sign-in?problem=provider", "the state is another browser's");
        (await _phone.Get(back.Replace("state=", "state=x", StringComparison.Ordinal))).Location.ShouldBe("/sign-in?problem=provider");
        (await _phone.Get(back)).Location.ShouldBe("/sign-in?problem=provider", "it was used up by the attempt");
        back = _club.Agree((await _phone.Get("/sign-in/with/club")).Location!);
        (await _phone.Get(back.Replace("code=", "codes=", StringComparison.Ordinal))).Location.ShouldBe("/sign-in?problem=provider", "there is no code");
        _club.Asked.ShouldBe(asked, "nobody was asked about what came to nothing");

        back = _club.Agree((await _phone.Get("/sign-in/with/club")).Location!);
        Time.Advance(ProviderSignIn.Timeout);
        (await _phone.Get(back)).Location.ShouldBe("/sign-in?problem=provider", "too late");
        back = _club.Agree((await _phone.Get("/sign-in/with/club?return=https%3A%2F%2Fevil.example%2F")).Location!);
        (await _phone.Get(back)).Location.ShouldBe("/me", "not to another site");
        (await _phone.Get(back)).Location.ShouldBe("/sign-in?problem=provider");
    }

    [Fact]
    public async Task One_client_is_not_sent_there_more_often_than_may_be()
    {
        for (var i = 0; i < ProviderSignIn.BegunPerClient.Permits; i++)
        {
            (await _phone.Get("/sign-in/with/club")).Location!.ShouldStartWith(_club.Issuer.AbsoluteUri);
        }

        (await _phone.Get("/sign-in/with/club")).Location.ShouldBe("/sign-in?problem=provider");
    }

    [Fact]
    [Trait("Requirement", "P-20")]
    public async Task A_verified_mail_is_an_address_of_the_account_and_opens_none_by_itself()
    {
        _club.Claims["email"] = "jules@club.net";
        _club.Claims["email_verified"] = false;
        await Link();
        (await Run("address", "list", Juliet)).ShouldNotContain("jules@club.net");
        _club.Claims["email_verified"] = true;
        await Link();
        (await Run("address", "list", Juliet)).ShouldContain("jules@club.net");

        // Romeo's address is his, and the person of that address is not he.
        _club.Subject = "4712";
        _club.Claims["email"] = Romeo;
        (await GoBy(_phone)).Location.ShouldBe("/sign-in?problem=unlinked");
        await Link();
        (await Run("address", "list", Romeo)).ShouldContain(Romeo);
        (await Run("address", "list", Juliet)).ShouldNotContain(Romeo);
    }

    [Fact]
    [Trait("Requirement", "P-88")]
    public async Task Nobody_ties_who_is_anothers_or_unties_it()
    {
        await Link();
        var romeo = await Browser("romeo", Password);
        var back = _club.Agree((await romeo.Get("/sign-in/with/club?link=yes")).Location!);
        (await romeo.Get(back)).Location.ShouldBe("/me/providers?problem=taken");

        // Nor does anybody for who is signed out meanwhile.
        _club.Subject = "4712";
        back = _club.Agree((await romeo.Get("/sign-in/with/club?link=yes")).Location!);
        var phone = await Browser("romeo", Password);
        await phone.Submit(await phone.Get("/me/sessions"), "/me/sessions?handler=EndOthers");
        (await romeo.Get(back)).Location.ShouldBe("/me/providers?problem=taken");
        (await GoBy(Browser())).Location.ShouldBe("/sign-in?problem=unlinked");
        _club.Subject = "4711";
        (await phone.Post("/me/providers?handler=Remove", [new("__RequestVerificationToken", WebBrowser.FormToken(await phone.Get("/me"))), new("issuer", _club.Issuer.AbsoluteUri.TrimEnd('/')), new("subject", _club.Subject)])).Status.ShouldBe(HttpStatusCode.NotFound);
        (await GoBy(_phone)).Location.ShouldBe("/me");
        (await _phone.Get("/me")).Text.ShouldContain(Juliet);
    }

    [Fact]
    [Trait("Requirement", "P-11")]
    public async Task Tying_wants_the_password_within_minutes_and_our_own_page_and_what_a_site_vouches_for_is_not_enough_for_it()
    {
        await Link();
        _juliet.Headers["Sec-Fetch-Site"] = "cross-site";
        (await _juliet.Get("/sign-in/with/club?link=yes")).Location.ShouldBe("/sign-in?again=yes&return=%2Fme%2Fproviders");
        _juliet.Headers["Sec-Fetch-Site"] = "same-origin";
        Time.Advance(WebSessions.Fresh);
        (await _juliet.Get("/sign-in/with/club?link=yes")).Location.ShouldBe("/sign-in?again=yes&return=%2Fme%2Fproviders");
        await GoBy(_phone);
        (await _phone.Get("/me/providers")).Location.ShouldBe("/sign-in?return=%2Fme%2Fproviders&again=yes");
        await Run("admin", "add", Juliet);
        (await _phone.Get("/admin")).Location.ShouldBe("/sign-in?return=%2Fadmin&again=yes");
    }

    [Fact]
    [Trait("Requirement", "P-11")]
    public async Task A_code_behind_what_a_site_vouches_for_makes_no_password_of_it()
    {
        await Link();
        var begun = await _juliet.Submit(await _juliet.Get("/me/second-factor"), "/me/second-factor?handler=Begin");
        var done = await _juliet.Submit(begun, "/me/second-factor?handler=Confirm", ("code", new Authenticator(begun.Says("section > p code")!).CodeAt(Time.GetUtcNow())));
        var codes = done.Html.QuerySelectorAll(".done code").Select(item => item.TextContent).ToArray();
        await Run("admin", "add", Juliet);

        (await GoBy(_phone, "?return=%2Fme%2Faddresses")).Location.ShouldBe("/sign-in/code");
        (await _phone.Submit(await _phone.Get("/sign-in/code"), "/sign-in/code", ("code", codes[0]))).Location.ShouldBe("/me/addresses");
        (await _phone.Get("/me/providers")).Location.ShouldBe("/sign-in?return=%2Fme%2Fproviders&again=yes");
        (await _phone.Get("/admin")).Location.ShouldBe("/sign-in?return=%2Fadmin&again=yes");
        (await _phone.Submit(await _phone.Get("/me/export"), "/me/export")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);

        // The password does, with a code of its own.
        await _phone.Submit(await _phone.Get("/sign-in?again=yes"), "/sign-in", ("name", Juliet), ("password", Password));
        await _phone.Submit(await _phone.Get("/sign-in/code"), "/sign-in/code", ("code", codes[1]));
        (await _phone.Get("/me/providers")).Status.ShouldBe(HttpStatusCode.OK);
        (await _phone.Get("/admin")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_disabled_account_is_not_opened_and_a_site_that_is_away_is_said_to_be()
    {
        await Link();
        await Run("user", "disable", Juliet);
        (await GoBy(_phone)).Location.ShouldBe("/sign-in?problem=disabled");
        await Run("user", "enable", Juliet);
        (await _phone.Get("/sign-in/with/other")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await _phone.Get("/sign-in/with/club/elsewhere")).Status.ShouldBe(HttpStatusCode.NotFound);
        var back = _club.Agree((await _phone.Get("/sign-in/with/club")).Location!);
        await _club.DisposeAsync();
        (await _phone.Get(back)).Location.ShouldBe("/sign-in?problem=provider");
    }

    // As many steps are kept as may be.
    private sealed class FullSteps : IWebStepStore
    {
        public ValueTask<bool> Put(WebStep step, CancellationToken cancellationToken = default) => new(false);

        public ValueTask<string?> Find(byte[] browser, string kind, DateTimeOffset now, CancellationToken cancellationToken = default) => new((string?)null);

        public ValueTask<string?> Take(byte[] browser, string kind, DateTimeOffset now, CancellationToken cancellationToken = default) => new((string?)null);

        public ValueTask Prune(DateTimeOffset before, CancellationToken cancellationToken = default) => default;
    }

    private async Task<Answer> Link() => await _juliet.Get(_club.Agree((await _juliet.Get("/sign-in/with/club?link=yes")).Location!));

    private async Task<Answer> GoBy(WebBrowser browser, string query = "") => await browser.Get(_club.Agree((await browser.Get("/sign-in/with/club" + query)).Location!));
}
