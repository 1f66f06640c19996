using System.Net;
using Likeness.Cli.Tests;
using Likeness.Cli.Tests.Serving;
using Likeness.Http.Tests.Hosting;
using Likeness.Web.Portraits;
using Likeness.Web.Tests.Hosting;

namespace Likeness.Web.Tests.Visits;

/// <summary>From what a stranger says of a picture to what an administrator decides.</summary>
public sealed class ReportTests : IAsyncLifetime
{
    private const string Juliet = "juliet@example.org";
    private readonly TemporaryDirectory _data = new();
    private readonly SettableTime _time = new();
    private RunningServer _server = null!;
    private WebBrowser _stranger = null!;
    private WebBrowser _friar = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await RunningServer.Start(_data.Path, options => options with { Chat = options.Chat with { Admins = new HashSet<string> { "friar@example.org" } } }, _time);
        (_stranger, _friar) = (new WebBrowser(_server), new WebBrowser(_server));
        await Run("user", "add", "friar@example.org", "--password", "verona");
        await Run("user", "add", Juliet, "--password", "verona");
        await _friar.SignIn("friar", "verona");
        await Show(2);
    }

    public async ValueTask DisposeAsync()
    {
        _stranger.Dispose();
        _friar.Dispose();
        await _server.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    [Trait("Requirement", "P-63")]
    public async Task A_picture_is_reported_by_its_address_in_any_form_and_the_answer_tells_nothing()
    {
        var hash = Libravatar.AddressHash.Sha256(Juliet).Text;
        var id = (await Run("avatar", "show", Juliet, "--json")).Split('"').First(word => word.Length == 40 && word.All(char.IsAsciiHexDigitLower));
        foreach (var where in new[] { $"https://faces.example.org/avatar/{hash}?s=80", $"/avatar/{hash.ToUpperInvariant()}.png", Juliet, $"http://x/p/{id}/512.png" })
        {
            (await Report(where, mail: "anne@club.net")).Location.ShouldBe("/report?done=yes");
        }

        var reports = await _friar.Get("/admin/reports");
        reports.Html.QuerySelectorAll(".sessions > li").ShouldHaveSingleItem().TextContent.ShouldContain("not hers");
        reports.Text.ShouldContain(Juliet);
        reports.Text.ShouldContain("anne@club.net");
        var shown = reports.Html.QuerySelectorAll("details img").ShouldHaveSingleItem().GetAttribute("src")!;
        (await _friar.Get(shown)).Headers["Content-Type"].ShouldStartWith("image/");
        reports.Html.QuerySelectorAll("details[open]").ShouldBeEmpty();

        // Of what nobody may know the answer is the same.
        _time.Advance(Reports.PerClient.Per);
        await Run("avatar", "clear", Juliet);
        (await Report(Juliet)).Location.ShouldBe("/report?done=yes");
        (await Report("tybalt@example.org")).Location.ShouldBe("/report?done=yes");
        (await Report("nonsense")).Location.ShouldBe("/report?done=yes");
        await Show(3);
        using (var juliet = new WebBrowser(_server))
        {
            await juliet.SignIn(Juliet, "verona");
            await juliet.Submit(await juliet.Get("/me/visibility"), "/me/visibility", ("visibility", "contacts"));
        }

        (await Report(Juliet)).Location.ShouldBe("/report?done=yes");
        _friar.Token = null;
        await _friar.SignIn("friar", "verona");
        (await _friar.Get("/admin/reports")).Html.QuerySelectorAll(".sessions > li").Length.ShouldBe(1);
        (await _stranger.Get("/report?done=yes")).Says("[role=status]").ShouldNotBeNullOrEmpty();
    }

    [Fact]
    [Trait("Requirement", "P-63")]
    public async Task A_picture_that_several_have_is_reported_of_who_shows_it_to_everybody()
    {
        const string Anne = "anne@example.org";
        await Run("user", "add", Anne, "--password", "verona");
        await Run("avatar", "set", Anne, _data.File("a.png"));
        using var anne = new WebBrowser(_server);
        await anne.SignIn(Anne, "verona");
        await anne.Submit(await anne.Get("/me/visibility"), "/me/visibility", ("visibility", "nobody"));
        var id = (await Run("avatar", "show", Juliet, "--json")).Split('"').First(word => word.Length == 40 && word.All(char.IsAsciiHexDigitLower));
        await Report($"http://x/p/{id}/512.png");
        (await _friar.Get("/admin/reports")).Html.QuerySelectorAll(".sessions > li").ShouldHaveSingleItem().TextContent.ShouldContain(Juliet);
    }

    [Fact]
    [Trait("Requirement", "P-63")]
    public async Task Without_a_reason_and_too_often_nothing_is_reported()
    {
        (await Report(" ")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Report(Juliet, reason: " ")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Report(Juliet, reason: new string('a', Reports.MaxReason + 1))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Report(Juliet, mail: "nobody")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        for (var i = 0; i < Reports.PerClient.Permits; i++)
        {
            (await Report("tybalt@example.org")).Status.ShouldBe(HttpStatusCode.SeeOther);
        }

        var refused = await Report(Juliet);
        refused.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.ShouldContainKey("Retry-After");
        (await _friar.Get("/admin/reports")).Html.QuerySelectorAll(".sessions > li").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("keep", true, false)]
    [InlineData("clear", false, false)]
    [InlineData("lock", false, true)]
    [InlineData("block", false, false)]
    [Trait("Requirement", "P-73")]
    public async Task A_report_is_decided_once_and_the_picture_goes_the_way_that_was_decided(string decision, bool isShown, bool isLocked)
    {
        await Report(Juliet);
        var page = await _friar.Get("/admin/reports");
        if (decision != "keep")
        {
            (await Decide(page, decision, "")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        }

        (await Decide(page, "forgive", "not hers")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await Decide(page, decision, "not hers")).Location.ShouldBe("/admin/reports?done=yes");
        (await Decide(page, "clear", "me too")).Status.ShouldBe(HttpStatusCode.Conflict);
        (await _friar.Get("/admin/reports")).Html.QuerySelectorAll(".sessions > li").ShouldBeEmpty();
        using var avatar = await _server.Web.GetAsync(_server.Avatar(Juliet, "d=404"));
        (avatar.StatusCode == HttpStatusCode.OK).ShouldBe(isShown);
        (await _friar.Get("/admin/person?account=" + Juliet)).Html.QuerySelectorAll("button[value=unlock]").Length.ShouldBe(isLocked ? 1 : 0);
    }

    [Fact]
    [Trait("Requirement", "P-73")]
    public async Task What_was_put_in_its_place_is_not_what_was_reported()
    {
        await Report(Juliet);
        var page = await _friar.Get("/admin/reports");
        await Show(7);
        (await Decide(page, "clear", "not hers")).Status.ShouldBe(HttpStatusCode.Conflict);
        using var avatar = await _server.Web.GetAsync(_server.Avatar(Juliet, "d=404"));
        avatar.StatusCode.ShouldBe(HttpStatusCode.OK);

        // Of those who decide at once one does.
        page = await _friar.Get("/admin/reports");
        (await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Decide(page, "keep", "")))).Count(answer => answer.Status == HttpStatusCode.SeeOther).ShouldBe(1);
    }

    [Fact]
    [Trait("Requirement", "P-73")]
    [Trait("Requirement", "P-37")]
    public async Task A_picture_that_one_address_shows_is_reported_shown_and_blocked_alone()
    {
        using var juliet = new WebBrowser(_server);
        await juliet.SignIn(Juliet, "verona");
        await juliet.Upload(await juliet.Get("/me/picture"), "/me/picture", TestPicture.Waves(200, 9), ("how", "keep"), ("name", "mask"));
        await juliet.Upload(await juliet.Get("/me/picture"), "/me/picture", TestPicture.Waves(200, 8), ("how", "keep"), ("name", "veil"));
        var page = await juliet.Get("/me/pictures");
        var (mask, veil) = (Of("mask"), Of("veil"));
        await juliet.Post("/me/pictures?handler=Choose", [new("__RequestVerificationToken", WebBrowser.FormToken(page)), new("address", Juliet), new("of", mask)]);

        await Report($"/avatar/{Libravatar.AddressHash.Sha256(Juliet).Text}");
        var reports = await _friar.Get("/admin/reports");
        (await _friar.Get(reports.Html.QuerySelector("details img")!.GetAttribute("src")!)).Headers["Content-Type"].ShouldStartWith("image/");
        (await _friar.Get($"/admin/picture?account={Juliet}&of={new string('a', 40)}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await _friar.Get($"/admin/picture?account={Juliet}&of={mask}")).Status.ShouldBe(HttpStatusCode.OK);
        (await _friar.Get($"/admin/picture?account={Juliet}&of={veil}")).Status.ShouldBe(HttpStatusCode.NotFound, "she shows it nowhere");
        (await Decide(reports, "block", "a mask")).Location.ShouldBe("/admin/reports?done=yes");
        (await juliet.Get("/me/pictures")).Text.ShouldNotContain("mask");
        using var avatar = await _server.Web.GetAsync(_server.Avatar(Juliet, "d=404"));
        avatar.StatusCode.ShouldBe(HttpStatusCode.OK, "the portrait is in its place");
        (await Run("avatar", "show", Juliet)).ShouldContain("public");

        string Of(string name) => page.Html.QuerySelectorAll("option").First(option => option.TextContent == name).GetAttribute("value")!;
    }

    private Task<Answer> Decide(Answer page, string decision, string reason) => _friar.Post(
        "/admin/reports",
        [new("__RequestVerificationToken", WebBrowser.FormToken(page)), new("id", page.Html.QuerySelector("input[name=id]")!.GetAttribute("value")!), new("decision", decision), new("reason", reason)]);

    private async Task<Answer> Report(string where, string reason = "not hers", string mail = "") => await _stranger.Post(
        "/report",
        [new("__RequestVerificationToken", WebBrowser.FormToken(await _stranger.Get("/report?url=" + Uri.EscapeDataString(where)))), new("url", where), new("reason", reason), new("mail", mail)]);

    private Task Show(int number) => Run("avatar", "set", Juliet, _data.Write("a.png", TestPicture.Waves(100, number)));

    private async Task<string> Run(params string[] command)
    {
        var ran = await LikenessProgram.Run([.. command, "--data", _data.Path]);
        ran.Error.ShouldBeEmpty();
        ran.Code.ShouldBe(0);
        return ran.Output;
    }
}
