using System.Net;
using Likeness.Cli.Tests;
using Likeness.Web.Tests.Hosting;

namespace Likeness.Web.Tests.Visits;

/// <summary>Pictures of a domain in a list, and several taken away at once.</summary>
[Trait("Requirement", "P-74")]
public sealed class AdminPicturesTests : PagesOfServer
{
    private const string Password = "wherefore art thou";
    private WebBrowser _friar = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Run("user", "add", "friar@example.org", "--password", Password);
        await Run("admin", "add", "friar@example.org", "--domain", "example.org", "--moderator");
        _friar = await Browser("friar@example.org", Password);
    }

    private protected override Server.Options.LikenessOptions Change(Server.Options.LikenessOptions options) => options with { Domains = ["example.org", "club.net"] };

    [Fact]
    public async Task Pictures_are_listed_by_age_by_size_and_by_who_shows_the_same()
    {
        await Shows("a", TestPicture.Waves(200, 1));
        await Shows("b", TestPicture.Plain(64));
        await Shows("c", TestPicture.Waves(100, 3));
        await Shows("d", TestPicture.Plain(64));
        (await Names("newest")).ShouldBe(["d", "c", "b", "a"]);
        (await Names("largest")).ShouldBe(["a", "c", "d", "b"]);
        (await Names("twins")).ShouldBe(["b", "d"]);
        (await Names("nonsense")).ShouldBe(["d", "c", "b", "a"]);

        var page = await _friar.Get("/admin/pictures");
        foreach (var source in page.Html.QuerySelectorAll(".tile img").Select(image => image.GetAttribute("src")!))
        {
            (await _friar.Get(source)).Headers["Content-Type"].ShouldStartWith("image/");
        }

        page.Html.QuerySelectorAll("nav a[href*='club.net']").ShouldBeEmpty("the other domain is not the moderator's");
    }

    [Fact]
    public async Task Pages_go_on_behind_the_last_one_and_show_everybody_once()
    {
        var people = Enumerable.Range(0, 30).Select(number => $"p{number:00}").ToArray();
        foreach (var (person, number) in people.Select((person, number) => (person, number)))
        {
            await Shows(person, TestPicture.Plain(16 + (number / 2)));
        }

        foreach (var order in new[] { "newest", "largest", "twins" })
        {
            var seen = new List<string>();
            for (var path = $"/admin/pictures?order={order}"; path is not null;)
            {
                var page = await _friar.Get(path);
                seen.AddRange(NamesOn(page));
                path = page.Html.QuerySelector("form a.button[href*=after]")?.GetAttribute("href");
            }

            seen.Order(StringComparer.Ordinal).ToArray().ShouldBe(people, customMessage: order);
        }

        foreach (var mark in new[] { "x", $"{long.MaxValue} 1 {new string('a', 40)} p00@example.org" })
        {
            (await _friar.Get("/admin/pictures?after=" + mark)).Status.ShouldBe(HttpStatusCode.OK, mark);
        }
    }

    [Fact]
    public async Task Those_that_are_chosen_go_with_a_reason_and_what_was_changed_meanwhile_stays()
    {
        foreach (var person in new[] { "a", "b", "c" })
        {
            await Shows(person, TestPicture.Plain(64));
        }

        await Run("avatar", "set", "anne@club.net", Data.Write("anne.png", TestPicture.Plain(64)));
        var page = await _friar.Get("/admin/pictures?order=twins");
        var choices = page.Html.QuerySelectorAll("input[name=picture]").Select(box => box.GetAttribute("value")!).ToArray();
        choices.Length.ShouldBe(3);
        (await Take(page, "", choices)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Take(page, "an advertisement")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);

        // Of the other domain nothing is touched, nor anything beside it.
        (await Take(page, "an advertisement", [.. choices, choices[0].Split(' ')[0] + " anne@club.net"])).Status.ShouldBe(HttpStatusCode.NotFound);
        (await _friar.Post("/admin/pictures", [new("__RequestVerificationToken", WebBrowser.FormToken(page)), new("domain", "club.net"), new("reason", "so"), new("picture", choices[0])])).Status.ShouldBe(HttpStatusCode.NotFound);
        (await Names("twins")).Count.ShouldBe(3);

        await Shows("b", TestPicture.Waves(64, 5));
        var done = await Take(page, "an advertisement", choices);
        done.Location.ShouldBe("/admin/pictures?domain=example.org&order=twins&taken=2");
        (await _friar.Follow(done)).Says("[role=status]")!.ShouldContain("2");
        (await Names("newest")).ShouldBe(["b"]);
        var log = await Run("log", "--address", "a@example.org");
        log.ShouldContain("avatar clear");
        log.ShouldContain("an advertisement");
        log.ShouldContain("friar@example.org");
        (await Run("avatar", "list")).ShouldContain("anne@club.net");
    }

    private async Task Shows(string person, byte[] picture)
    {
        Time.Advance(TimeSpan.FromSeconds(1));
        await Run("avatar", "set", $"{person}@example.org", Data.Write($"{person}.png", picture));
    }

    private async Task<List<string>> Names(string order) => NamesOn(await _friar.Get($"/admin/pictures?order={order}"));

    private static List<string> NamesOn(Answer page) => [.. page.Html.QuerySelectorAll(".tile bdi").Select(name => name.TextContent.Split('@')[0])];

    private async Task<Answer> Take(Answer page, string reason, params string[] choices) => await _friar.Post(
        "/admin/pictures",
        [
            new("__RequestVerificationToken", WebBrowser.FormToken(page)), new("domain", "example.org"), new("order", "twins"), new("reason", reason),
            .. choices.Select(choice => new KeyValuePair<string, string>("picture", choice)),
        ]);
}
