using System.IO.Compression;
using System.Net;
using System.Text.Json;
using Likeness.Accounts;
using Likeness.Cli.Tests;
using Likeness.Cli.Tests.Serving;
using Likeness.Server.Options;
using Likeness.Web.Tests.Hosting;
using Likeness.Web.Visits;

namespace Likeness.Web.Tests.Visits;

/// <summary>What a person does with the own account, without script.</summary>
public sealed class AccountPagesTests : PagesOfPeople
{
    private const string Better = "the orchard wall is high";

    [Fact]
    [Trait("Requirement", "P-1")]
    [Trait("Requirement", "P-8")]
    [Trait("Requirement", "P-11")]
    public async Task Another_password_is_that_of_the_chats_too_and_ends_what_was_signed_in_elsewhere()
    {
        using var second = new WebBrowser(Server);
        await second.SignIn(JulietsAddress, Password);
        var page = await Juliet.Get("/me/password");
        foreach (var (old, chosen) in new[] { ("orchard", Better), (Password, "short"), (Password, "password2026"), (Password, "") })
        {
            (await Juliet.Submit(page, "/me/password", ("password", old), ("new", chosen))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity, chosen);
        }

        var before = Juliet.Token;
        (await Juliet.Submit(page, "/me/password", ("password", Password), ("new", Better))).Location.ShouldBe("/me?done=password");
        Juliet.Token.ShouldNotBe(before);
        (await Juliet.Get("/me?done=password")).Says("[role=status]").ShouldNotBeNullOrEmpty();
        (await second.Get("/me")).Status.ShouldBe(HttpStatusCode.SeeOther);
        using var third = new WebBrowser(Server);
        await third.SignIn(JulietsAddress, Better);
    }

    [Fact]
    [Trait("Requirement", "P-25")]
    public async Task An_address_is_removed_and_the_last_one_only_after_a_warning()
    {
        await Run("address", "add", JulietsAddress, "capulet@example.org");
        await Juliet.Upload(await Juliet.Get("/me/picture"), "/me/picture", TestPicture.Waves(100, 2));
        (await Web("capulet@example.org")).ShouldNotBeNull();

        var token = WebBrowser.FormToken(await Juliet.Get("/me/addresses"));
        await Post(("remove", "capulet@example.org"));
        (await Web("capulet@example.org")).ShouldBeNull();
        await Post(("remove", RomeosAddress));
        (await Run("address", "list", RomeosAddress)).ShouldContain(RomeosAddress);

        var warned = await Post(("remove", JulietsAddress));
        warned.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        warned.Says("[role=alert]")!.ShouldContain(JulietsAddress);
        (await Web(JulietsAddress)).ShouldNotBeNull();
        (await Juliet.Submit(warned, "/me/addresses")).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await Web(JulietsAddress)).ShouldBeNull();

        // Another picture brings no address back.
        await Juliet.Upload(await Juliet.Get("/me/picture"), "/me/picture", TestPicture.Waves(100, 4));
        (await Web(JulietsAddress)).ShouldBeNull();
        (await Juliet.Get("/me")).Html.QuerySelector("[data-place=web]")!.ClassName.ShouldBe("no");

        // Nor does its owner without a mail, where nobody said that the name of an account is a mailbox.
        (await Juliet.Get("/me/addresses")).Html.QuerySelector("form[action='/me/addresses?handler=Own']").ShouldBeNull();
        await Juliet.Post("/me/addresses?handler=Own", [new("__RequestVerificationToken", token), new("password", Password)]);
        (await Web(JulietsAddress)).ShouldBeNull();

        Task<Answer> Post(params (string Name, string Value)[] fields) =>
            Juliet.Post("/me/addresses", [new("__RequestVerificationToken", token), .. fields.Select(field => new KeyValuePair<string, string>(field.Name, field.Value))]);
    }

    [Fact]
    [Trait("Requirement", "P-61")]
    [Trait("Requirement", "P-11")]
    public async Task A_copy_of_everything_is_had_by_the_password_and_read_by_other_servers()
    {
        await Juliet.Upload(await Juliet.Get("/me/picture"), "/me/picture", TestPicture.Waves(100, 2));
        (await Juliet.Submit(await Juliet.Get("/me/export"), "/me/export", ("password", "orchard"))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity, "none was asked for, and this is not hers");
        Time.Advance(WebSessions.Fresh);
        var page = await Juliet.Get("/me/export");
        foreach (var wrong in new[] { "orchard", "" })
        {
            var refused = await Juliet.Submit(page, "/me/export", ("password", wrong));
            refused.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
            refused.Headers["Content-Type"].ShouldBe("text/html; charset=utf-8");
        }

        var copy = await Juliet.Submit(page, "/me/export", ("password", Password));
        (copy.Status, copy.Headers["Content-Type"]).ShouldBe((HttpStatusCode.OK, "application/zip"));

        using var zip = new ZipArchive(new MemoryStream(copy.Bytes));
        using var person = JsonDocument.Parse(await zip.GetEntry("person.json")!.OpenAsync());
        person.RootElement.GetProperty("account").GetString().ShouldBe(JulietsAddress);
        person.RootElement.GetProperty("sessions").GetArrayLength().ShouldBe(1);
        person.RootElement.GetRawText().ShouldNotContain(Juliet.Token!);
        var export = zip.Entries.Single(entry => entry.Name.EndsWith(".xml.gz", StringComparison.Ordinal));
        var file = Data.File(export.Name);
        await export.ExtractToFileAsync(file);
        await Run("user", "remove", JulietsAddress);
        (await Run("import", file, "--trust-addresses")).ShouldNotBeNull();
        (await Web(JulietsAddress)).ShouldNotBeNull();
    }

    [Fact]
    [Trait("Requirement", "P-3")]
    public async Task Anybody_opens_an_account_where_the_operator_said_so_and_three_an_hour()
    {
        (await Juliet.Get("/sign-up")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await Juliet.Post("/sign-up", [new("__RequestVerificationToken", WebBrowser.FormToken(await Juliet.Get("/me"))), new("name", "peter"), new("password", Better)])).Status.ShouldBe(HttpStatusCode.NotFound);

        using var data = new TemporaryDirectory();
        await using var server = await RunningServer.Start(data.Path, options => options with { Chat = options.Chat with { Registration = Registration.Open } });
        using var browser = new WebBrowser(server);
        (await browser.Get("/sign-in")).Text.ShouldContain("/sign-up");
        foreach (var name in new[] { "peter", "paul", "mary" })
        {
            browser.Token = null;
            var page = await browser.Get("/sign-up");
            (TaskOn(page) is not null).ShouldBe(name == "mary", "more than half of what may be opened is");
            if (name == "mary")
            {
                var other = SolutionOf(TaskOn(page)!, "tybalt");
                foreach (var work in new[] { "", "0x", SolutionOf(TaskOn(page)!, name, "D30"), SignUpWork.Solves(TaskOn(page)!, name, other) ? "-" : other })
                {
                    (await browser.Submit(page, "/sign-up", ("name", name), ("password", Better), ("work", work))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity, work);
                }
            }

            var done = await Open(browser, name);
            done.Location.ShouldBe("/me/picture", done.Text);
        }

        (await browser.Get("/me")).Text.ShouldContain("mary@example.org");
        browser.Token = null;
        var refused = await Open(browser, "nurse");
        refused.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.ShouldContainKey("Retry-After");
    }

    [Fact]
    [Trait("Requirement", "P-3")]
    public async Task Nobody_is_offered_an_account_of_a_domain_whose_accounts_are_on_another_chat_server()
    {
        using var data = new TemporaryDirectory();
        await using var server = await RunningServer.Start(data.Path, options => options with
        {
            Domains = ["example.org", "club.net"],
            Beside = new BesideSettings { Domains = ["example.org"] },
            S2s = [new IPEndPoint(IPAddress.Loopback, 0)],
            Chat = options.Chat with { Registration = Registration.Open },
        });
        using var browser = new WebBrowser(server);
        foreach (var (host, isOpen) in new[] { ("example.org", false), ("club.net", true) })
        {
            browser.Headers["Host"] = host;
            (await browser.Get("/sign-in")).Html.QuerySelectorAll("a[href='/sign-up']").Length.ShouldBe(isOpen ? 1 : 0, host);
            var privacy = (await browser.Get("/privacy")).Text;
            (privacy.Contains("For chats:", StringComparison.Ordinal), privacy.Contains("goes to those servers", StringComparison.Ordinal)).ShouldBe((isOpen, isOpen), host);
            (await browser.Get("/sign-up")).Status.ShouldBe(isOpen ? HttpStatusCode.OK : HttpStatusCode.NotFound, host);
            (await browser.Post("/sign-up", [new("__RequestVerificationToken", WebBrowser.FormToken(await browser.Get("/report"))), new("name", "peter"), new("password", Better)])).Status
                .ShouldBe(isOpen ? HttpStatusCode.SeeOther : HttpStatusCode.NotFound, host);
        }
    }

    [Fact]
    [Trait("Requirement", "P-3")]
    public async Task The_sum_for_an_account_is_for_the_browser_that_was_given_it_and_for_the_hour()
    {
        using var data = new TemporaryDirectory();
        await using var server = await RunningServer.Start(data.Path, options => options with { Chat = options.Chat with { Registration = Registration.Open } }, Time);
        using var browser = new WebBrowser(server);
        using var other = new WebBrowser(server);
        await MakeBusy("peter", "paul");
        var mary = Solved(await browser.Get("/sign-up"));
        (await other.Get("/sign-up")).Status.ShouldBe(HttpStatusCode.OK);
        (await Try(other, mary)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity, "it was another browser's");
        Time.Advance(TimeSpan.FromMinutes(235));
        await MakeBusy("friar", "escalus");
        (await Try(browser, mary)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity, "it was that of another hour");
        mary = Solved(await browser.Get("/sign-up"));
        Time.Advance(TimeSpan.FromMinutes(2));
        (await Try(browser, mary)).Location.ShouldBe("/me/picture", "the hour ended meanwhile");

        async Task MakeBusy(params string[] names)
        {
            foreach (var name in names)
            {
                using var once = new WebBrowser(server);
                (await Open(once, name)).Location.ShouldBe("/me/picture", name);
            }
        }

        static string Solved(Answer page) => SolutionOf(TaskOn(page)!, "mary");

        static async Task<Answer> Try(WebBrowser by, string work) => await by.Submit(await by.Get("/sign-up"), "/sign-up", ("name", "mary"), ("password", Better), ("work", work));
    }

    private static string? TaskOn(Answer page) => page.Html.QuerySelector("input[name=work]")?.GetAttribute("data-task");

    private static string SolutionOf(string task, string name, string format = "D") =>
        Enumerable.Range(0, int.MaxValue).Select(number => number.ToString(format, System.Globalization.CultureInfo.InvariantCulture)).First(answer => SignUpWork.Solves(task, name, answer));

    private static async Task<Answer> Open(WebBrowser browser, string name)
    {
        var page = await browser.Get("/sign-up");
        return await browser.Submit(page, "/sign-up", ("name", name), ("password", Better), ("work", TaskOn(page) is { } task ? SolutionOf(task, name) : ""));
    }
}
