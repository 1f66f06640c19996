using System.Net;
using Likeness.Accounts;
using Likeness.Cli.Tests;
using Likeness.Server.Options;
using Likeness.Stores;
using Likeness.Web.Tests.Hosting;
using Likeness.Xmpp.Sasl;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Web.Tests.Visits;

/// <summary>What operators look up and decide on pages of their own: who is here, who administers, what is in force.</summary>
public sealed class ListsOfPeopleTests : PagesOfPeople
{
    private readonly string _settings = """
        {
            "domain": ["example.org", "club.net"],
            "database": "Host=db;Password=hunter2",
            "policies": {
                "club.net": { "md5": "no" }
            }
        }
        """;

    private protected override LikenessOptions Change(LikenessOptions options)
    {
        var file = OptionFile.Parse("likeness.json", System.Text.Encoding.UTF8.GetBytes(_settings));
        var read = OptionReader.Read(options with { Chat = options.Chat with { Admins = new HashSet<string> { RomeosAddress } } }, OptionSource.FromEnvironment(new Dictionary<string, string> { ["LIKENESS_LEAST_PASSWORD"] = "14" }), file);
        return read with { Database = null };
    }

    [Fact]
    [Trait("Requirement", "P-71")]
    public async Task People_are_listed_by_how_their_names_begin_and_by_what_they_have_in_common()
    {
        var (accounts, keys) = (Server.Host.Services.GetRequiredService<IAccountStore>(), new ScramCredentials([1], 4096, [2], [3]));
        for (var number = 0; number < 60; number++)
        {
            await accounts.Add(new AccountRecord(new Identity($"page{number:00}@example.org"), keys, keys));
        }

        await Run("user", "add", "benvolio@example.org", "--password", Password);
        await Run("avatar", "set", JulietsAddress, Data.Write("a.png", TestPicture.Waves(64, 1)));
        await Run("avatar", "lock", "benvolio@example.org", "--reason", "so");
        await Run("user", "disable", "benvolio@example.org");
        await Run("admin", "add", JulietsAddress, "--domain", "example.org", "--moderator");

        (await Listed("show=picture")).ShouldBe([JulietsAddress]);
        (await Listed("show=locked")).ShouldBe(["benvolio@example.org"]);
        (await Listed("show=disabled")).ShouldBe(["benvolio@example.org"]);
        (await Listed("show=role")).ShouldBe([JulietsAddress]);
        (await Listed("find=Ben")).ShouldBe(["benvolio@example.org"]);
        (await Listed("find=ben&show=picture")).ShouldBeEmpty();
        (await Listed("find=juliet&show=picture")).ShouldBe([JulietsAddress]);
        (await Listed("find=juliet&after=benvolio@example.org")).ShouldBe([JulietsAddress]);
        (await Listed("domain=club.net")).ShouldBeEmpty();
        (await Romeo.Get("/admin?find=tybalt")).Says("[role=alert]").ShouldNotBeNull().ShouldContain("tybalt");

        foreach (var path in new[] { "/admin?domain=club.net", "/admin?find=ben" })
        {
            (await Romeo.Get(path)).Says("[role=alert]").ShouldBeNull(path);
        }

        // Page by page, and what was looked for goes along.
        var first = await Romeo.Get("/admin?find=page&show=nopicture");
        var more = first.Html.QuerySelectorAll("a").Select(link => link.GetAttribute("href")!).Single(href => href.Contains("after=", StringComparison.Ordinal));
        var second = await Romeo.Get(more);
        first.Html.QuerySelectorAll(".people a").Concat(second.Html.QuerySelectorAll(".people a")).Select(link => link.TextContent)
            .ShouldBe(Enumerable.Range(0, 60).Select(number => $"page{number:00}@example.org"));
        second.Html.QuerySelector("option[selected][value=nopicture]").ShouldNotBeNull();
        second.Html.QuerySelectorAll("a").ShouldAllBe(link => !link.GetAttribute("href")!.Contains("after=", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Requirement", "P-70")]
    public async Task Roles_are_given_and_taken_back_as_by_the_command()
    {
        var page = await Romeo.Get("/admin/roles");
        page.Says(".sessions").ShouldNotBeNull().ShouldContain("named by the configuration");
        (await Give(JulietsAddress, "administrator", "club.net")).Location.ShouldBe("/admin/roles?done=yes");
        (await Run("admin", "list")).ShouldContain($"{JulietsAddress}  administrator of club.net  by {RomeosAddress}");
        (await Run("log", "--address", JulietsAddress)).ShouldContain("admin add");
        (await Juliet.Get("/admin?domain=club.net")).Status.ShouldBe(HttpStatusCode.OK);
        (await Juliet.Get("/admin/roles")).Status.ShouldBe(HttpStatusCode.NotFound);

        // Of several the one that is meant goes, and of the own ones those of a domain.
        await Run("admin", "add", RomeosAddress, "--domain", "club.net", "--moderator");
        await Run("admin", "add", JulietsAddress, "--domain", "example.org");
        (await Take(RomeosAddress, "club.net")).Location.ShouldBe("/admin/roles?done=yes");
        (await Take(JulietsAddress, "example.org")).Location.ShouldBe("/admin/roles?done=yes");
        var held = await Run("admin", "list");
        held.ShouldContain($"{JulietsAddress}  administrator of club.net");
        held.ShouldNotContain("moderator");
        held.ShouldNotContain("of example.org");

        (await Take(JulietsAddress, "club.net")).Location.ShouldBe("/admin/roles?done=yes");
        (await Juliet.Get("/admin")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await Take(JulietsAddress, "club.net")).Status.ShouldBe(HttpStatusCode.NotFound, "it is taken already");

        (await Give("nobody@example.org", "operator", "club.net")).Says("[role=alert]").ShouldNotBeNull().ShouldContain("no account");
        (await Give("https://example.org/juliet", "operator", "club.net")).Says("[role=alert]").ShouldBe("That is no account of this server.");
        (await Give(JulietsAddress, "king", "club.net")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Give(JulietsAddress, "moderator", "elsewhere.net")).Says("[role=alert]").ShouldNotBeNull().ShouldContain("not served");
        (await Give(JulietsAddress, "2", "club.net")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity, "a number is no role");

        // Whoever was made operator does the same, and does not take that from themselves.
        (await Give(JulietsAddress, "operator", "club.net")).Status.ShouldBe(HttpStatusCode.SeeOther);
        var hers = await Juliet.Get("/admin/roles");
        hers.Html.QuerySelectorAll("form[action*=Take]").ShouldBeEmpty();
        (await Juliet.Post("/admin/roles?handler=Take", [new("__RequestVerificationToken", WebBrowser.FormToken(hers)), new("account", JulietsAddress), new("domain", "")])).Status.ShouldBe(HttpStatusCode.NotFound);
        (await Take(JulietsAddress, "")).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await Juliet.Get("/admin/roles")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    [Trait("Requirement", "P-11")]
    public async Task Roles_want_the_password_of_a_moment_ago()
    {
        Time.Advance(WebSessions.Fresh);
        (await Romeo.Get("/admin")).Status.ShouldBe(HttpStatusCode.OK);
        (await Romeo.Get("/admin/roles")).Location.ShouldBe("/sign-in?return=%2Fadmin%2Froles&again=yes");
    }

    [Fact]
    [Trait("Requirement", "P-76")]
    public async Task Settings_are_shown_with_who_said_them_and_passwords_to_nobody()
    {
        var page = await Romeo.Get("/admin/settings");
        page.Status.ShouldBe(HttpStatusCode.OK);
        Row("domain").ShouldBe(("example.org, club.net", "likeness.json, line 2"));
        Row("least-password").ShouldBe(("14", "the environment"));
        Row("md5").ShouldBe(("yes", "default"));
        Row("policies.club.net.md5").ShouldBe(("no", "likeness.json, line 5"));
        Row("database").ShouldBe(("set, and not shown", "likeness.json, line 3"));
        page.Text.ShouldNotContain("hunter2");
        page.Html.QuerySelectorAll("tbody th").Select(name => name.TextContent).Where(name => !name.StartsWith("policies.", StringComparison.Ordinal))
            .ShouldBe(OptionCatalogue.Groups.SelectMany(group => group.Keys).Select(key => key.Name), "every setting there is");

        // The command says the same.
        var file = Data.Write("likeness.json", System.Text.Encoding.UTF8.GetBytes(_settings));
        var shown = await LikenessProgram.Run("config", "show", "--config", file, "--data", Data.Path);
        shown.Output.ShouldContain($"policies.club.net.md5 = no  ({file}, line 5)");
        shown.Output.ShouldContain($"database = (set, and not shown)  ({file}, line 3)");
        shown.Output.ShouldNotContain("hunter2");
        (await LikenessProgram.Run("config", "show", "--config", file, "--data", Data.Path, "--all", "--json")).Output.ShouldContain("least-password");

        (string, string) Row(string name)
        {
            var cells = page.Html.QuerySelectorAll("tbody tr").Single(row => row.QuerySelector("th")!.TextContent == name).QuerySelectorAll("td");
            return (cells[0].TextContent, cells[1].TextContent);
        }
    }

    /// <summary>What may hold a password says so.</summary>
    [Fact]
    [Trait("Requirement", "P-76")]
    public void Settings_that_may_hold_a_password_are_secret()
    {
        OptionCatalogue.Keys.Where(key => key.IsSecret).Select(key => key.Name).ShouldBe(["database"]);
        OptionCatalogue.Keys.Where(key => !key.IsSecret && (key.Name.Contains("secret", StringComparison.Ordinal) || key.Name.Contains("password-", StringComparison.Ordinal)))
            .ShouldAllBe(key => key.Example.StartsWith('/'), "all others are told the name of a file");
    }

    private async Task<IEnumerable<string>> Listed(string query) => (await Romeo.Get("/admin?" + query)).Html.QuerySelectorAll(".people a").Select(link => link.TextContent);

    private async Task<Answer> Give(string account, string role, string domain) => await Romeo.Post(
        "/admin/roles?handler=Give", [new("__RequestVerificationToken", WebBrowser.FormToken(await Romeo.Get("/admin/roles"))), new("account", account), new("role", role), new("domain", domain)]);

    private async Task<Answer> Take(string account, string domain) => await Romeo.Post(
        "/admin/roles?handler=Take", [new("__RequestVerificationToken", WebBrowser.FormToken(await Romeo.Get("/admin/roles"))), new("account", account), new("domain", domain)]);
}
