using System.Net;
using Likeness.Accounts;
using Likeness.Web.Tests.Hosting;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Web.Tests.Visits;

/// <summary>Every route there is, asked by nobody, by its owner and by somebody else. A page that is new is in it by itself.</summary>
public sealed class RightsTests : PagesOfPeople
{
    // What strangers may open; all else is for who is signed in.
    private static readonly string[] Open = ["/", "/sign-in", "/sign-up", "/sign-up/with", "/report", "/privacy", "/invite/{token}", "/mail/{token}", "/sign-in/mail", "/sign-in/chat", "/sign-in/code", "/sign-in/with/{provider}/{way?}", "/reset/{token}", "/{hash:avatarhash}"];

    [Fact]
    [Trait("Requirement", "P-88")]
    public async Task Nobody_opens_a_page_that_does_not_say_it_is_open()
    {
        var routes = Routes();
        routes.Length.ShouldBeGreaterThan(8);
        routes.Intersect(Open).Order().ShouldBe(Open.Order());
        using var nobody = new WebBrowser(Server);
        foreach (var route in routes)
        {
            var path = PathOf(route);
            var answer = await nobody.Get(path);
            (answer.Status == HttpStatusCode.SeeOther && answer.Location!.StartsWith("/sign-in?return=", StringComparison.Ordinal)).ShouldBe(!Open.Contains(route), route);

            // Neither does it do anything, and with a form of this browser.
            var form = WebBrowser.FormToken(await nobody.Get("/sign-in"));
            var posted = await nobody.Post(path, [new("__RequestVerificationToken", form), new("password", Password), new("visibility", "nobody")]);
            if (!Open.Contains(route))
            {
                (posted.Status, posted.Location).ShouldBe((HttpStatusCode.SeeOther, "/sign-in"), route);
            }
        }

        // A way in that the operator did not open is not there.
        foreach (var path in new[] { "/sign-in/chat", "/sign-in/chat?handler=Code", "/sign-in/mail", "/sign-up" })
        {
            (await nobody.Get(path)).Status.ShouldBe(HttpStatusCode.NotFound, path);
            (await nobody.Post(path, [new("__RequestVerificationToken", WebBrowser.FormToken(await nobody.Get("/sign-in"))), new("name", "juliet"), new("code", "aaaaa-aaaaa")])).Status.ShouldBe(HttpStatusCode.NotFound, path);
        }

        (await Run("user", "list")).ShouldContain(JulietsAddress);
    }

    [Fact]
    [Trait("Requirement", "P-11")]
    public async Task What_cannot_be_taken_back_asks_again_after_minutes_and_what_administrators_do_after_an_hour()
    {
        await Run("admin", "add", JulietsAddress);
        Time.Advance(WebSessions.Fresh);
        (await AskingAgain()).ShouldBe(["/admin/roles", "/me/move", "/me/passkeys", "/me/providers", "/me/second-factor"]);
        Time.Advance(WebSessions.AdministratorsFresh - WebSessions.Fresh);
        (await AskingAgain()).Where(IsForAdministrators).ShouldBe(Routes().Where(IsForAdministrators).Order());
        (await Juliet.Get("/admin/log?address=a&handler=Csv")).Location.ShouldBe($"/sign-in?return={Uri.EscapeDataString("/admin/log?address=a&handler=Csv")}&again=yes", "what was only asked for is asked for again");

        async Task<List<string>> AskingAgain()
        {
            var asking = new List<string>();
            foreach (var route in Routes().Order().Except(["/me/events"]))
            {
                if ((await Juliet.Get(PathOf(route))).Location?.EndsWith("&again=yes", StringComparison.Ordinal) is true)
                {
                    asking.Add(route);
                }
            }

            return asking;
        }

        static bool IsForAdministrators(string route) => route.StartsWith("/admin", StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Requirement", "P-88")]
    public async Task Whatever_somebody_sends_is_done_to_the_own_account_alone()
    {
        var his = await Romeo.Get("/me/sessions");
        var hers = (await Run("user", "list"), await Run("log"));
        using var second = new WebBrowser(Server);
        await second.SignIn(JulietsAddress, Password);
        var page = await Juliet.Get("/me/sessions");
        var other = page.Html.QuerySelector("input[name=id]")!.GetAttribute("value")!;

        // Romeo knows the id of Juliet's session.
        await Romeo.Post("/me/sessions?handler=End", [new("__RequestVerificationToken", WebBrowser.FormToken(his)), new("id", other)]);
        (await second.Get("/me")).Status.ShouldBe(HttpStatusCode.OK);
        await Romeo.Submit(his, "/me/sessions?handler=EndOthers");
        (await second.Get("/me")).Status.ShouldBe(HttpStatusCode.OK);

        // His form is not good in her browser.
        (await Juliet.Post("/me?handler=Remove", [new("__RequestVerificationToken", WebBrowser.FormToken(his))])).Status.ShouldBe(HttpStatusCode.BadRequest);

        await Juliet.Submit(page, "/me/sessions?handler=End", ("id", other));
        (await second.Get("/me")).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await Juliet.Get("/me")).Status.ShouldBe(HttpStatusCode.OK);
        hers.Item1.ShouldContain(RomeosAddress);
    }

    [Fact]
    [Trait("Requirement", "P-62")]
    [Trait("Requirement", "P-11")]
    public async Task An_account_is_deleted_by_its_owner_alone_and_with_everything()
    {
        await Juliet.Upload(await Juliet.Get("/me/picture"), "/me/picture", Cli.Tests.TestPicture.Waves(100, 2));
        (await Juliet.Get("/me/delete")).Html.QuerySelector("input[name=password]").ShouldBeNull("she showed it a moment ago");
        Time.Advance(WebSessions.Fresh);
        var page = await Juliet.Get("/me/delete");
        page.Html.QuerySelector("input[name=password]").ShouldNotBeNull();
        page.Html.QuerySelector("main a[href*=again]").ShouldBeNull("without passkeys there is no other way");
        foreach (var (password, sure) in new[] { ("orchard", "yes"), ("", "yes"), (Password, "") })
        {
            (await Juliet.Submit(page, "/me/delete", ("password", password), ("sure", sure))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        }

        (await Web(JulietsAddress)).ShouldNotBeNull();

        var done = await Juliet.Submit(page, "/me/delete", ("password", Password), ("sure", "yes"));
        done.Location.ShouldBe("/");
        Juliet.Token.ShouldBeNull();
        (await Web(JulietsAddress)).ShouldBeNull();
        (await Run("user", "list")).ShouldNotContain(JulietsAddress);
        (await Romeo.Get("/me")).Status.ShouldBe(HttpStatusCode.OK);
    }

    private static string PathOf(string route) =>
        route.Replace("{token}", new string('a', 24)).Replace("{hash:avatarhash}", new string('a', 64)).Replace("{provider}/{way?}", "club").Replace("{size:int:range(1,1024)}", "64");

    private string[] Routes() =>
        [.. ServicesOf(Server).GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<PageActionDescriptor>() is not null)
            .Select(endpoint => "/" + endpoint.RoutePattern.RawText!.Trim('/')).Distinct(StringComparer.Ordinal)];

    private static IServiceProvider ServicesOf(Cli.Tests.Serving.RunningServer server) => server.Host.Services;
}
