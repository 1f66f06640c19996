using System.Net;
using Likeness.Accounts;
using Likeness.Cli.Tests;
using Likeness.Server.Options;
using Likeness.Web.Tests.Hosting;

namespace Likeness.Web.Tests.Visits;

/// <summary>What those do on the pages whom the operator named; for others none of it is there.</summary>
[Trait("Requirement", "P-70")]
public sealed class AdministrationTests : PagesOfServer
{
    private const string Friar = "friar@example.org";
    private const string Juliet = "juliet@example.org";
    private WebBrowser _friar = null!;
    private WebBrowser _juliet = null!;

    private static string PageOf(string account) => $"/admin/person?account={Uri.EscapeDataString(account)}";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Run("user", "add", Friar, "--password", "verona");
        await Run("user", "add", Juliet, "--password", "verona");
        (_friar, _juliet) = (await Browser("friar", "verona"), await Browser("juliet", "verona"));
        await Run("avatar", "set", Juliet, Data.Write("a.png", TestPicture.Waves(100, 2)));
    }

    private protected override LikenessOptions Change(LikenessOptions options) =>
        options with { Chat = options.Chat with { Admins = new HashSet<string> { Friar } }, PublicUrl = new Uri("https://faces.example.org/") };

    [Theory]
    [InlineData("/admin")]
    [InlineData("/admin/person?account=friar@example.org")]
    [InlineData("/admin/picture?account=juliet@example.org")]
    public async Task For_those_who_were_not_named_it_is_not_there(string path)
    {
        (await _friar.Get(path)).Status.ShouldBe(HttpStatusCode.OK);
        (await _juliet.Get(path)).Status.ShouldBe(HttpStatusCode.NotFound);
        var token = WebBrowser.FormToken(await _juliet.Get("/me"));
        foreach (var act in new[] { "clear", "lock", "end", "disable", "remove" })
        {
            (await _juliet.Post(path, [new("__RequestVerificationToken", token), new("act", act), new("reason", "no")])).Status.ShouldBe(HttpStatusCode.NotFound);
        }

        (await _juliet.Post("/admin?handler=Invite", [new("__RequestVerificationToken", token)])).Status.ShouldBe(HttpStatusCode.NotFound);
        (await Run("user", "list")).ShouldContain(Friar);
        (await _juliet.Get("/me")).Html.QuerySelectorAll("a[href='/admin']").ShouldBeEmpty();
        (await _friar.Get("/me")).Html.QuerySelectorAll("a[href='/admin']").ShouldNotBeEmpty();
    }

    [Fact]
    [Trait("Requirement", "P-11")]
    public async Task After_an_hour_the_password_is_shown_again()
    {
        var page = await _friar.Get(PageOf(Juliet));
        Time.Advance(WebSessions.AdministratorsFresh);
        (await _friar.Post(PageOf(Juliet), [new("__RequestVerificationToken", WebBrowser.FormToken(page)), new("act", "end")])).Location.ShouldBe($"/sign-in?return={Uri.EscapeDataString(PageOf(Juliet))}&again=yes");
        var asked = await _friar.Get("/admin");
        asked.Location.ShouldBe("/sign-in?return=%2Fadmin&again=yes");
        (await _friar.Get("/me")).Status.ShouldBe(HttpStatusCode.OK);
        var done = await _friar.Submit(await _friar.Follow(asked), "/sign-in", ("name", "friar"), ("password", "verona"));
        done.Location.ShouldBe("/admin");
        (await _friar.Follow(done)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    [Trait("Requirement", "P-71")]
    public async Task People_are_found_by_any_address_and_listed_page_by_page()
    {
        await Run("address", "add", Juliet, "capulet@example.org");
        await Run("address", "add", Juliet, "https://example.org/juliet", "--trust-addresses");
        foreach (var asked in new[] { "juliet", Juliet, "Capulet@example.org", "https://example.org/juliet" })
        {
            (await _friar.Get($"/admin?find={Uri.EscapeDataString(asked)}")).Location.ShouldBe(PageOf(Juliet));
        }

        // Somebody without an account, as long as there is an address or a picture.
        const string Nurse = "nurse@example.org";
        await Run("address", "add", Nurse, "angelica@example.org");
        await Run("avatar", "set", "peter@example.org", Data.Write("b.png", TestPicture.Waves(100, 3)));
        await Run("address", "remove", "peter@example.org", "peter@example.org");
        (await _friar.Get("/admin?find=nurse")).Location.ShouldBe(PageOf(Nurse));
        var nurse = await _friar.Get(PageOf(Nurse));
        (nurse.Status, nurse.Html.QuerySelectorAll("button[value=reset]").Length).ShouldBe((HttpStatusCode.OK, 0), "there is no password");
        await Run("user", "add", "tybalt@example.org", "--password", "verona");
        await Run("address", "remove", "tybalt@example.org", "tybalt@example.org");
        (await _friar.Get("/admin?find=tybalt")).Location.ShouldBe(PageOf("tybalt@example.org"));
        (await _friar.Get(PageOf("tybalt@example.org"))).Status.ShouldBe(HttpStatusCode.OK);
        await Run("user", "remove", "tybalt@example.org");
        (await _friar.Get(PageOf("peter@example.org"))).Status.ShouldBe(HttpStatusCode.OK);

        (await _friar.Get("/admin?find=tybalt")).Says("[role=alert]")!.ShouldContain("tybalt");
        (await _friar.Get(PageOf("tybalt@example.org"))).Status.ShouldBe(HttpStatusCode.NotFound);
        (await _friar.Get("/admin")).Html.QuerySelectorAll(".people a").Select(link => link.TextContent).ShouldBe([Friar, Juliet]);
        (await _friar.Get($"/admin?after={Uri.EscapeDataString(Friar)}")).Html.QuerySelectorAll(".people a").Select(link => link.TextContent).ShouldBe([Juliet]);
    }

    [Fact]
    [Trait("Requirement", "P-72")]
    [Trait("Requirement", "P-75")]
    public async Task A_picture_is_taken_away_with_a_reason_that_its_owner_reads_and_the_log_keeps()
    {
        (await Do("clear", "")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await _juliet.Get("/me/picture/64")).Status.ShouldBe(HttpStatusCode.OK);

        (await Do("clear", "not hers")).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await _juliet.Get("/me/picture/64")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await _juliet.Get("/me")).Text.ShouldContain("not hers");
        var log = await Run("log", "--address", Juliet);
        log.ShouldContain("avatar clear");
        log.ShouldContain(Friar);
        (await _friar.Get(PageOf(Juliet))).Html.QuerySelectorAll("tbody tr")[0].TextContent.ShouldContain("not hers");

        await Do("lock", "a week of rest");
        (await _juliet.Upload(await _juliet.Get("/me/picture"), "/me/picture", TestPicture.Waves(100, 4))).Status.ShouldBe(HttpStatusCode.Locked);
        (await _juliet.Get("/me")).Text.ShouldContain("a week of rest");
        (await Do("lock", "again")).Status.ShouldBe(HttpStatusCode.NotFound, "it is locked");
        await Do("unlock", "");
        (await _juliet.Upload(await _juliet.Get("/me/picture"), "/me/picture", TestPicture.Waves(100, 4))).Status.ShouldBe(HttpStatusCode.SeeOther);

        await Do("block", "spam");
        (await _juliet.Upload(await _juliet.Get("/me/picture"), "/me/picture", TestPicture.Waves(100, 4))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    [Trait("Requirement", "P-71")]
    public async Task Accounts_are_invited_signed_out_disabled_and_deleted()
    {
        var invited = await _friar.Submit(await _friar.Get("/admin"), "/admin?handler=Invite", ("account", "nurse"));
        var link = new Uri(invited.Says(".done code")!);
        link.Host.ShouldBe("faces.example.org");
        var nurse = Browser();
        (await nurse.Get(link.AbsolutePath)).Text.ShouldContain("nurse@example.org");
        (await _friar.Submit(await _friar.Get("/admin"), "/admin?handler=Invite", ("account", "juliet"))).Says("[role=alert]")!.ShouldContain("taken");

        await Do("end", "");
        (await _juliet.Get("/me")).Status.ShouldBe(HttpStatusCode.SeeOther);
        await _juliet.SignIn("juliet", "verona");
        await Do("disable", "a storm");
        (await _juliet.Get("/me")).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await _juliet.Submit(await _juliet.Get("/sign-in"), "/sign-in", ("name", "juliet"), ("password", "verona"))).Says("[role=alert]")!.ShouldContain("disabled");
        await Do("enable", "");
        await _juliet.SignIn("juliet", "verona");

        (await Do("remove", "")).Location.ShouldBe("/admin?done=removed");
        (await Run("user", "list")).ShouldNotContain(Juliet);

        // Nobody cuts off the branch they sit on.
        var own = await _friar.Get(PageOf(Friar));
        own.Html.QuerySelectorAll("button[value=remove], button[value=disable]").ShouldBeEmpty();
        (await _friar.Post(PageOf(Friar), [new("__RequestVerificationToken", WebBrowser.FormToken(own)), new("act", "remove")])).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    private async Task<Answer> Do(string act, string reason)
    {
        var page = await _friar.Get(PageOf(Juliet));
        return await _friar.Post(PageOf(Juliet), [new("__RequestVerificationToken", WebBrowser.FormToken(page)), new("act", act), new("reason", reason)]);
    }
}
