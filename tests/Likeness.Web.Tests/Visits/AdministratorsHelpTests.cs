using System.Net;
using Likeness.Cli.Tests;
using Likeness.Server.Options;
using Likeness.Stores;
using Likeness.Web.Tests.Hosting;
using Likeness.Web.Visits;
using Microsoft.Data.Sqlite;

namespace Likeness.Web.Tests.Visits;

/// <summary>What administrators do for people who cannot, and how they see what was done.</summary>
public sealed class AdministratorsHelpTests : PagesOfServer
{
    private const string Friar = "friar@example.org";
    private const string Juliet = "juliet@example.org";
    private const string Password = "wherefore art thou";
    private const int LargestFile = 100_000;
    private const string Better = "the orchard wall is high";
    private WebBrowser _friar = null!;
    private WebBrowser _phone = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        foreach (var person in new[] { Friar, Juliet, "nurse@example.org", "peter@example.org" })
        {
            await Run("user", "add", person, "--password", Password);
        }

        await Run("admin", "add", Friar);
        await Run("admin", "add", "nurse@example.org", "--domain", "example.org");
        await Run("admin", "add", "peter@example.org", "--domain", "example.org", "--moderator");
        (_friar, _phone) = (await Browser(Friar, Password), Browser());
    }

    private protected override LikenessOptions Change(LikenessOptions options) => options with { PublicUrl = new Uri("https://faces.example.org/"), Pictures = options.Pictures with { LargestFile = LargestFile } };

    [Fact]
    [Trait("Requirement", "P-71")]
    public async Task Who_forgot_the_password_is_handed_a_link_that_is_good_once_and_for_a_day()
    {
        var juliet = await Browser(Juliet, Password);
        var link = await Link();
        link.ShouldStartWith("/reset/");
        var page = await _phone.Get(link);
        page.Headers["Referrer-Policy"].ShouldBe("no-referrer");
        page.Text.ShouldNotContain(Juliet);
        (await _phone.Submit(page, link, ("new", "short"))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await _phone.Submit(page, link, ("new", Better))).Location.ShouldBe("/reset/done");
        var end = await _phone.Get("/reset/done");
        (end.Status, end.Says("[role=status]") is { Length: > 0 }).ShouldBe((HttpStatusCode.OK, true));
        (await juliet.Get("/me")).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await _phone.Submit(page, link, ("new", Better + "!"))).Status.ShouldBe(HttpStatusCode.NotFound);
        await IsGone(link);
        await _phone.SignIn(Juliet, Better);
        (await Run("log", "--address", Juliet)).ShouldContain("user reset link");

        link = await Link();
        page = await _phone.Get(link);
        Time.Advance(ResetLinks.Lifetime);
        await IsGone(link);
        (await _phone.Submit(page, link, ("new", Password))).Status.ShouldBe(HttpStatusCode.NotFound);
        _friar.Token = null;
        await _friar.SignIn(Friar, Password);
        link = await Link();
        page = await _phone.Get(link);
        await Run("user", "passwd", Juliet, "--password", Password);
        await IsGone(link);
        (await _phone.Submit(page, link, ("new", Better))).Status.ShouldBe(HttpStatusCode.NotFound, "it was for the password before");
        await IsGone("/reset/x");
        (await _phone.Post("/reset/nonsense", [new("__RequestVerificationToken", WebBrowser.FormToken(await _phone.Get("/report"))), new("new", Better)])).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Where_as_much_waits_as_may_no_link_is_made_and_the_log_tells_of_none()
    {
        await using (var database = new SqliteConnection($"Data Source={Data.File("likeness.db")}"))
        {
            await database.OpenAsync();
            await using var fill = database.CreateCommand();
            fill.CommandText = $"WITH RECURSIVE step(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM step WHERE number < {IWebStepStore.MaxSteps}) INSERT INTO web_steps SELECT CAST(number AS BLOB), 'test', '', {long.MaxValue} FROM step";
            await fill.ExecuteNonQueryAsync();
        }

        (await _friar.Post($"/admin/person?account={Juliet}", [new("__RequestVerificationToken", WebBrowser.FormToken(await _friar.Get("/me"))), new("act", "reset")])).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await Run("log", "--address", Juliet)).ShouldNotContain("user reset link");
    }

    [Fact]
    [Trait("Requirement", "P-70")]
    public async Task Nobody_hands_over_a_link_of_somebody_who_is_more_and_moderators_none_at_all()
    {
        foreach (var (by, to, isDone) in new[] { ("nurse", Friar, false), ("peter", Juliet, false), ("nurse", Juliet, true) })
        {
            var browser = await Browser(by, Password);
            var answer = await browser.Post($"/admin/person?account={to}", [new("__RequestVerificationToken", WebBrowser.FormToken(await browser.Get("/me"))), new("act", "reset")]);
            answer.Status.ShouldBe(isDone ? HttpStatusCode.OK : HttpStatusCode.NotFound, $"{by}: {to}");
            var picture = await browser.Upload(await browser.Get("/me/picture"), $"/admin/person?account={Juliet}&handler=Picture", TestPicture.Waves(100, 2));
            picture.Status.ShouldBe(by == "peter" ? HttpStatusCode.NotFound : HttpStatusCode.SeeOther);
        }
    }

    [Fact]
    [Trait("Requirement", "P-72")]
    public async Task A_picture_is_set_for_somebody_who_cannot_and_what_is_none_is_refused_with_why()
    {
        var page = await _friar.Get($"/admin/person?account={Juliet}");
        page.Html.QuerySelectorAll("form[enctype] input[type=file]").ShouldHaveSingleItem();
        var there = $"/admin/person?account={Juliet}&handler=Picture";
        (await _friar.Upload(page, there, TestPicture.Waves(100, 2))).Location.ShouldBe($"/admin/person?account={Uri.EscapeDataString(Juliet)}&done=picture");
        using var avatar = await Server.Web.GetAsync(Server.Avatar(Juliet, "d=404"));
        avatar.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Run("log", "--address", Juliet)).ShouldContain(Friar);

        foreach (var (file, why) in new[] { ("no picture"u8.ToArray(), "GIF"), ([], "chosen"), ([.. TestPicture.Waves(100, 2), .. new byte[LargestFile]], "100,000") })
        {
            var refused = await _friar.Upload(page, there, file);
            refused.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
            refused.Says("[role=alert]").ShouldNotBeNull().ShouldContain(why);
        }

        (await _friar.Post(there, [new("__RequestVerificationToken", WebBrowser.FormToken(page))])).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await _friar.Upload(page, "/admin/person?account=tybalt@elsewhere.net&handler=Picture", TestPicture.Waves(100, 2))).Status.ShouldBe(HttpStatusCode.NotFound);

        // What a page says is its own: no link puts words into its mouth.
        (await _friar.Get($"/admin/person?account={Juliet}&problem=send+me+the+password")).Text.ShouldNotContain("send me");
    }

    [Fact]
    [Trait("Requirement", "P-75")]
    public async Task The_log_is_filtered_and_taken_along_as_a_file_without_formulas()
    {
        await Run("avatar", "lock", Juliet, "--reason", "=1+1, \"so\"");
        (await Whom("")).ShouldContain(Juliet);
        (await Whom("whom=friar")).ShouldAllBe(about => about.Contains("friar", StringComparison.Ordinal));
        (await Whom("what=avatar")).ShouldBe([Juliet]);
        (await Whom("by=nobody")).ShouldBeEmpty();
        (await Whom($"until={Time.GetUtcNow().AddDays(-1):yyyy-MM-dd}")).ShouldBeEmpty();
        (await Whom("since=nonsense")).ShouldNotBeEmpty();
        (await Whom("until=9999-12-31")).ShouldNotBeEmpty("no day is behind it");
        var file = await _friar.Get("/admin/log?what=avatar&handler=Csv");
        file.Headers["Content-Type"].ShouldBe("text/csv; charset=utf-8");
        file.Headers["Content-Disposition"].ShouldContain("log.csv");
        file.Text.Split("\r\n")[1].ShouldEndWith("\"avatar lock\",\"juliet@example.org\",\"'=1+1, \"\"so\"\"\",\"\"");

        async Task<string[]> Whom(string query) => [.. (await _friar.Get("/admin/log?" + query)).Html.QuerySelectorAll("tbody td:nth-child(4)").Select(cell => cell.TextContent)];
    }

    [Fact]
    [Trait("Requirement", "P-77")]
    public async Task Operators_see_whether_everything_works()
    {
        var page = await _friar.Get("/admin/health");
        page.Html.QuerySelectorAll("tbody tr").Length.ShouldBeGreaterThan(2);
        page.Html.QuerySelectorAll("tbody td:nth-child(2)").Select(cell => cell.TextContent).ShouldContain("works");
        (await _friar.Get("/admin")).Html.QuerySelectorAll("a[href='/admin/health']").ShouldHaveSingleItem();
    }

    private async Task IsGone(string link)
    {
        var page = await _phone.Get(link);
        (page.Status, page.Headers["Referrer-Policy"], page.Html.QuerySelector("main form[method=post]")).ShouldBe((HttpStatusCode.NotFound, "no-referrer", null), link);
        page.Text.ShouldContain("This link is not good, or not any more.");
    }

    private async Task<string> Link()
    {
        var made = await _friar.Post($"/admin/person?account={Juliet}", [new("__RequestVerificationToken", WebBrowser.FormToken(await _friar.Get($"/admin/person?account={Juliet}"))), new("act", "reset")]);
        made.Status.ShouldBe(HttpStatusCode.OK, made.Text);
        var link = new Uri(made.Says(".done code")!);
        link.Host.ShouldBe("faces.example.org");
        return link.AbsolutePath;
    }
}
