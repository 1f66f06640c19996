using System.Net;
using Likeness.Cli.Tests;
using Likeness.Server.Options;
using Likeness.Web.Tests.Hosting;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Likeness.Web.Tests.Visits;

/// <summary>Every role before every page for administrators, about people of the own domain and of another one.</summary>
[Trait("Requirement", "P-70")]
public sealed class RolesTests : PagesOfServer
{
    private const string Password = "wherefore art thou";
    private const string Operator = "friar@example.org";
    private const string Administrator = "nurse@example.org";
    private const string Moderator = "peter@example.org";
    private const string OfClub = "escalus@club.net";
    private const string Nobody = "romeo@example.org";
    private static readonly string[] People = [Operator, Administrator, Moderator, OfClub, Nobody, "juliet@example.org", "anne@club.net"];
    private readonly Dictionary<string, WebBrowser> _browsers = [];

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        foreach (var person in People)
        {
            await Run("user", "add", person, "--password", Password);
            await Run("avatar", "set", person, Data.Write("a.png", TestPicture.Waves(64, person.Length)));
        }

        await Run("admin", "add", Operator);
        await Run("admin", "add", Administrator, "--domain", "example.org");
        await Run("admin", "add", Moderator, "--domain", "example.org", "--moderator");
        await Run("admin", "add", OfClub, "--domain", "club.net");
        foreach (var person in People.Take(5))
        {
            _browsers[person] = await Browser(person, Password);
        }
    }

    private protected override LikenessOptions Change(LikenessOptions options) => options with { Domains = ["example.org", "club.net"] };

    [Fact]
    public async Task A_page_is_there_for_whose_role_has_the_right_and_about_people_of_the_own_domain()
    {
        // Operator, administrator, moderator, administrator of the other domain, nobody.
        (string Path, string Seen)[] pages =
        [
            ("/admin", "yyyyn"),
            ("/admin?domain=example.org", "yyynn"),
            ("/admin?domain=club.net", "ynnyn"),
            ("/admin?domain=elsewhere.net", "nnnnn"),
            ("/admin/reports", "yyyyn"),
            ("/admin/pictures", "yyyyn"),
            ("/admin/pictures?domain=example.org", "yyynn"),
            ("/admin/pictures?domain=club.net", "ynnyn"),
            ("/admin/mail", "ynnnn"),
            ("/admin/health", "ynnnn"),
            ("/admin/roles", "ynnnn"),
            ("/admin/settings", "ynnnn"),
            ("/admin/log", "yyyyn"),
            ("/admin/log?handler=Csv", "yyyyn"),
            ("/admin/person?account=juliet@example.org", "yyynn"),
            ("/admin/person?account=anne@club.net", "ynnyn"),
            ("/admin/picture?account=juliet@example.org", "yyynn"),
            ("/admin/picture?account=anne@club.net", "ynnyn"),
        ];
        foreach (var (path, seen) in pages)
        {
            foreach (var (person, expected) in People.Zip(seen))
            {
                (await _browsers[person].Get(path)).Status.ShouldBe(expected == 'y' ? HttpStatusCode.OK : HttpStatusCode.NotFound, $"{person}: {path}");
            }
        }

        // A page that is new stands here, or this fails.
        Server.Host.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<PageActionDescriptor>() is not null)
            .Select(endpoint => "/" + endpoint.RoutePattern.RawText!.Trim('/'))
            .Where(route => route.StartsWith("/admin", StringComparison.Ordinal))
            .Distinct().Except(pages.Select(page => page.Path.Split('?')[0])).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_act_is_done_by_whose_role_has_the_right_to_people_of_the_own_domain_who_are_not_more_than_they()
    {
        // By whom, to whom, and the acts in turn: "y" is done, "n" is not there.
        (string By, string To, string Done)[] rows =
        [
            (Moderator, "anne@club.net", "nnnnnnn"),
            (Administrator, "anne@club.net", "nnnnnnn"),
            (OfClub, "juliet@example.org", "nnnnnnn"),
            (Nobody, "juliet@example.org", "nnnnnnn"),
            (Moderator, "juliet@example.org", "yynnnnn"),
            (Administrator, Operator, "yynnnnn"),
            (Administrator, Moderator, "yyyyyny"),
            (OfClub, "anne@club.net", "yyyyyny"),
            (Administrator, "juliet@example.org", "yyyyyny"),
            (Operator, Administrator, "yyyyyyy"),
        ];
        string[] acts = ["lock", "unlock", "end", "disable", "enable", "block", "remove"];
        foreach (var (by, to, done) in rows)
        {
            foreach (var (act, expected) in acts.Zip(done))
            {
                var answer = await Do(by, to, act);
                answer.Status.ShouldBe(expected == 'y' ? HttpStatusCode.SeeOther : HttpStatusCode.NotFound, $"{by}: {act} {to}");
            }
        }

        var left = await Run("user", "list");
        left.ShouldContain(Operator);
        left.ShouldNotContain("juliet@example.org");
    }

    [Fact]
    public async Task Who_wants_what_is_not_theirs_is_in_the_log_and_nothing_of_what_they_sent()
    {
        var lines = new WarningLines();
        Server.Host.Services.GetRequiredService<ILoggerFactory>().AddProvider(lines);
        await _browsers[Nobody].Get("/admin/log?find=%0Aforged");
        await Do(Moderator, "juliet@example.org", "remove");
        _browsers[Operator].Headers["Sec-Fetch-Site"] = "cross-site";
        await Do(Operator, "anne@club.net", "lock");
        lines.Said.ShouldBe(
        [
            $"{Nobody} wanted what is not theirs to do: GET /admin/log",
            $"{Moderator} wanted what is not theirs to do: POST /admin/person",
            "Another site sent what only our own pages send, to /admin/person: it was not done",
        ]);
    }

    [Fact]
    public async Task What_is_shown_and_offered_is_what_is_theirs()
    {
        var (moderators, administrators, clubs, operators) = (await _browsers[Moderator].Get("/admin"), await _browsers[Administrator].Get("/admin"), await _browsers[OfClub].Get("/admin"), await _browsers[Operator].Get("/admin"));
        (await _browsers[OfClub].Get("/admin/log?handler=Csv")).Text.ShouldNotContain("@example.org\"");
        moderators.Html.QuerySelectorAll(".people li, form[action*=Invite]").ShouldBeEmpty();
        administrators.Html.QuerySelectorAll(".people li").Length.ShouldBe(5);
        clubs.Html.QuerySelectorAll(".people a").Select(link => link.TextContent).ShouldBe(["anne@club.net", OfClub]);
        clubs.Text.ShouldNotContain("juliet@example.org");
        operators.Html.QuerySelectorAll("select[name=domain] option").Select(option => option.TextContent).ShouldBe(["example.org", "club.net"]);
        foreach (var (page, others) in new[] { (administrators, "@club.net"), (clubs, "@example.org") })
        {
            page.Html.QuerySelectorAll("tbody td:nth-child(4)").Select(cell => cell.TextContent).ShouldAllBe(about => !about.EndsWith(others, StringComparison.Ordinal));
        }

        (await _browsers[Administrator].Get("/admin?find=anne@club.net")).Says("[role=alert]").ShouldNotBeNullOrEmpty("nobody of theirs");
        (await _browsers[Moderator].Get("/admin/person?account=juliet@example.org")).Html.QuerySelectorAll("button[name=act]").Select(button => button.GetAttribute("value")).ShouldBe(["clear", "lock"]);

        // They invite to their own domain, and to no other.
        (await Invite(Administrator, "example.org")).Says(".done code").ShouldNotBeNullOrEmpty();
        (await Invite(Administrator, "club.net")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await Invite(Operator, "elsewhere.net")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await Invite(Moderator, "example.org")).Status.ShouldBe(HttpStatusCode.NotFound);
        await Run("admin", "add", Administrator, "--domain", "club.net", "--moderator");
        (await _browsers[Administrator].Get("/admin?domain=club.net")).Status.ShouldBe(HttpStatusCode.OK);
        (await Invite(Administrator, "club.net")).Status.ShouldBe(HttpStatusCode.NotFound, "its pictures are theirs to look after, and not its people");
        (await Do(Administrator, "anne@club.net", "end")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    [Trait("Requirement", "P-73")]
    public async Task Reports_are_read_and_decided_by_those_of_the_domain()
    {
        var stranger = Browser();
        foreach (var person in new[] { "juliet@example.org", "anne@club.net" })
        {
            await stranger.Post("/report", [new("__RequestVerificationToken", WebBrowser.FormToken(await stranger.Get("/report"))), new("url", person), new("reason", "not theirs")]);
        }

        var all = await _browsers[Operator].Get("/admin/reports");
        all.Html.QuerySelectorAll(".sessions > li").Length.ShouldBe(2);
        var own = await _browsers[Moderator].Get("/admin/reports");
        own.Html.QuerySelectorAll(".sessions strong").Select(name => name.TextContent).ShouldBe(["juliet@example.org"]);
        own.Html.QuerySelectorAll("button[value=block]").ShouldBeEmpty("it would be blocked in the other domain, too");
        var other = all.Html.QuerySelectorAll(".sessions > li").Single(item => item.TextContent.Contains("anne@club.net", StringComparison.Ordinal)).QuerySelector("input[name=id]")!.GetAttribute("value")!;
        var mine = own.Html.QuerySelector("input[name=id]")!.GetAttribute("value")!;

        (await Decide(other, "keep")).Status.ShouldBe(HttpStatusCode.Conflict);
        (await Decide(mine, "block")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await Decide(mine, "clear")).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await _browsers[Operator].Get("/admin/reports")).Html.QuerySelectorAll(".sessions > li").Length.ShouldBe(1);

        Task<Answer> Decide(string id, string decision) => _browsers[Moderator].Post(
            "/admin/reports",
            [new("__RequestVerificationToken", WebBrowser.FormToken(own)), new("id", id), new("decision", decision), new("reason", "so")]);
    }

    [Fact]
    public async Task A_role_counts_from_the_next_request_on_and_is_gone_with_the_next_one()
    {
        (await _browsers[Nobody].Get("/me")).Html.QuerySelectorAll("a[href='/admin']").ShouldBeEmpty();
        (await Run("admin", "add", Nobody)).ShouldContain("operator");
        (await _browsers[Nobody].Get("/me")).Html.QuerySelectorAll("a[href='/admin']").ShouldNotBeEmpty();
        (await _browsers[Nobody].Get("/admin/person?account=anne@club.net")).Status.ShouldBe(HttpStatusCode.OK);
        await Run("admin", "remove", Nobody);
        (await _browsers[Nobody].Get("/admin")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await Run("log", "--address", Nobody)).ShouldContain("admin remove");
        (await Run("admin", "list")).Split('\n')[0].ShouldStartWith($"{OfClub}  administrator of club.net  by ");
    }

    private async Task<Answer> Invite(string by, string domain) =>
        await _browsers[by].Post("/admin?handler=Invite", [new("__RequestVerificationToken", WebBrowser.FormToken(await _browsers[by].Get("/me"))), new("domain", domain)]);

    private async Task<Answer> Do(string by, string to, string act) =>
        await _browsers[by].Post($"/admin/person?account={to}", [new("__RequestVerificationToken", WebBrowser.FormToken(await _browsers[by].Get("/me"))), new("act", act), new("reason", "so")]);
}
