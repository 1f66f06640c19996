using System.Net;
using System.Text.Json;
using Likeness.Cli.Tests;
using Likeness.Http.Tests.Hosting;
using Likeness.Libravatar;
using Likeness.Libravatar.Tests.Resolving;
using Likeness.Server.Options;
using Likeness.Web.Tests.Hosting;

namespace Likeness.Web.Tests.Visits;

/// <summary>What a person shows of themselves, to whom, and how it is taken back.</summary>
[Trait("Requirement", "L-10D")]
public sealed class ProfileTests : PagesOfPeople
{
    private static readonly string Hash = AddressHash.Sha256(JulietsAddress).Text;
    private static readonly string OldHash = AddressHash.Md5(JulietsAddress).Text;

    private protected override LikenessOptions Change(LikenessOptions options) => options with { Chat = options.Chat with { Admins = new HashSet<string> { RomeosAddress } }, PublicUrl = new Uri("https://faces.example.org/") };

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Run("avatar", "set", JulietsAddress, Data.Write("a.png", TestPicture.Waves(64, 1)));
    }

    [Fact]
    public async Task Nobody_has_one_who_did_not_switch_it_on_and_the_answer_is_that_for_nobody()
    {
        var unknown = AddressHash.Sha256("nobody@example.org").Text;
        foreach (var (hers, nobodys) in new[] { ($"/{Hash}.json", $"/{unknown}.json"), ($"/{Hash}", $"/{unknown}"), ($"/{OldHash}.json", $"/{unknown}.json") })
        {
            await ShouldBeNobody(hers, nobodys);
        }

        // What was written without switching it on is nobody's business either.
        await Save(shown: false, "Juliet", ("https://example.org/me", ""));
        await ShouldBeNobody($"/{Hash}.json", $"/{unknown}.json");
        await ShouldBeNobody($"/{Hash}", $"/{unknown}");

        async Task ShouldBeNobody(string hers, string nobodys)
        {
            var (one, other) = (await Romeo.Get(hers), await Romeo.Get(nobodys));
            one.Status.ShouldBe(HttpStatusCode.NotFound);
            other.Status.ShouldBe(HttpStatusCode.NotFound);
            Plain(one).ShouldBe(Plain(other));
            one.Headers.Where(header => header.Key is not "Date").OrderBy(header => header.Key).ShouldBe(other.Headers.Where(header => header.Key is not "Date").OrderBy(header => header.Key));
        }
    }

    [Fact]
    public async Task Whoever_switched_it_on_is_found_by_old_programs_and_by_people()
    {
        (await Save(shown: true, "  Juliet \n Capulet\u202E ", ("https://example.org/j?a=1&b=2", "Home"), ("http://balcony.example/", ""))).Location.ShouldBe("/me/profile?done=saved");
        using var site = new WebBrowser(Server);
        foreach (var hash in new[] { Hash, OldHash, Hash.ToUpperInvariant() })
        {
            var answer = await site.Get($"/{hash}.json");
            answer.Status.ShouldBe(HttpStatusCode.OK);
            answer.Headers["Content-Type"].ShouldBe("application/json; charset=utf-8");
            answer.Headers["Access-Control-Allow-Origin"].ShouldBe("*");
            answer.Headers["Cache-Control"].ShouldBe("public, no-cache", "what is taken back is gone at once");
            answer.Cookies.ShouldBeEmpty();
            using var document = JsonDocument.Parse(answer.Bytes);
            var entry = document.RootElement.GetProperty("entry").EnumerateArray().Single();
            entry.GetProperty("hash").GetString().ShouldBe(hash.ToLowerInvariant());
            entry.GetProperty("displayName").GetString().ShouldBe("Juliet Capulet");
            entry.GetProperty("thumbnailUrl").GetString().ShouldBe($"https://faces.example.org/avatar/{hash.ToLowerInvariant()}");
            entry.GetProperty("profileUrl").GetString().ShouldBe($"https://faces.example.org/{hash.ToLowerInvariant()}");
            entry.GetProperty("urls").EnumerateArray().Select(url => (url.GetProperty("value").GetString(), url.GetProperty("title").GetString()))
                .ShouldBe([("https://example.org/j?a=1&b=2", "Home"), ("http://balcony.example/", "balcony.example")]);
            answer.Text.ShouldNotContain("juliet@", Case.Insensitive, "nobody chose to publish it");
        }

        var page = await site.Get($"/{Hash}");
        page.Status.ShouldBe(HttpStatusCode.OK);
        page.Says("h1").ShouldBe("Juliet Capulet");
        page.Html.QuerySelectorAll("a.u-url").Select(link => (link.GetAttribute("href"), link.GetAttribute("rel"), link.TextContent))
            .ShouldBe([("https://example.org/j?a=1&b=2", "nofollow me noopener", "Home"), ("http://balcony.example/", "nofollow me noopener", "balcony.example")]);
        page.Html.QuerySelector("link[rel=canonical]")!.GetAttribute("href").ShouldBe($"https://faces.example.org/{Hash}");
        page.Html.QuerySelectorAll("style, [style], script").ShouldBeEmpty();
        page.Headers["Content-Security-Policy"].ShouldStartWith("default-src 'none'");
        page.Text.ShouldNotContain("juliet@", Case.Insensitive);
        (await site.Get((await Juliet.Get("/me/profile")).Html.QuerySelector("main a[href*='faces.example.org']")!.GetAttribute("href")!["https://faces.example.org".Length..])).Says("h1").ShouldBe("Juliet Capulet");
    }

    [Fact]
    public async Task Other_sites_find_it_by_the_client_library_and_lose_it_when_it_is_taken_back()
    {
        await using var dns = new StandInResolver(asked => [DnsBytes.Reply(asked, 3, [])]);
        var time = new SettableTime();
        var options = new AvatarClientOptions { Scheme = SchemePolicy.Http, FallbackServers = [new Uri(Juliet.Root)] };
        options.Discovery.Resolver.Servers.Add(dns.EndPoint.ToString());
        options.Fetch.MayConnect = IPAddress.IsLoopback;
        using var client = new AvatarClient(options, time);
        var juliet = Address.Email(JulietsAddress);
        (await client.FetchProfileAsync(juliet)).Status.ShouldBe(AvatarStatus.None);

        await Save(shown: true, "Juliet & \"Capulet\"", ("https://example.org/j?a=1&b=2", "Home"), ("http://balcony.example/", ""));
        time.Advance(TimeSpan.FromMinutes(5));
        foreach (var useSha256 in (bool[])[false, true])
        {
            var found = await client.FetchProfileAsync(juliet, useSha256);
            found.Profile!.Name.ShouldBe("Juliet & \"Capulet\"");
            found.Profile.Links.Select(link => (link.Url.AbsoluteUri, link.Title)).ShouldBe([("https://example.org/j?a=1&b=2", "Home"), ("http://balcony.example/", "balcony.example")]);
        }

        var before = client.RecallProfile(juliet);
        time.Advance(TimeSpan.FromMinutes(5));
        (await client.FetchProfileAsync(juliet)).Profile.ShouldBeSameAs(before, "it did not change, and was not sent again");

        await Save(shown: false, "Juliet");
        time.Advance(TimeSpan.FromMinutes(5));
        (await client.FetchProfileAsync(juliet)).Status.ShouldBe(AvatarStatus.None);
        client.RecallProfile(juliet).ShouldBeNull();
    }

    [Fact]
    public async Task What_did_not_change_is_not_sent_again()
    {
        await Save(shown: true, "Juliet");
        using var site = new WebBrowser(Server);
        var tag = (await site.Get($"/{Hash}.json")).Headers["ETag"];
        site.Headers["If-None-Match"] = tag;
        (await site.Get($"/{Hash}.json")).Status.ShouldBe(HttpStatusCode.NotModified);
        await Save(shown: true, "Juliet Montague");
        (await site.Get($"/{Hash}.json")).Status.ShouldBe(HttpStatusCode.OK);
        site.Headers["If-None-Match"] = "*";
        (await site.Get($"/{Hash}.json")).Status.ShouldBe(HttpStatusCode.NotModified);
    }

    [Theory]
    [InlineData("visibility", false)]
    [InlineData("switch", false)]
    [InlineData("clear", true)]
    [InlineData("lock", true)]
    [InlineData("disable", true)]
    [InlineData("profile", true)]
    [InlineData("remove", true)]
    public async Task It_is_gone_at_once(string how, bool byAdministrator)
    {
        await Save(shown: true, "Juliet", ("https://example.org/", ""));
        (await Statuses()).ShouldBe((HttpStatusCode.OK, HttpStatusCode.OK));
        var done = byAdministrator
            ? await Romeo.Post($"/admin/person?account={JulietsAddress}", [new("__RequestVerificationToken", WebBrowser.FormToken(await Romeo.Get("/me"))), new("act", how), new("reason", "so")])
            : how == "visibility" ? await Juliet.Submit(await Juliet.Get("/me/visibility"), "/me/visibility", ("visibility", "contacts")) : await Save(shown: false, "Juliet");
        done.Status.ShouldBe(HttpStatusCode.SeeOther, done.Text);
        (await Statuses()).ShouldBe((HttpStatusCode.NotFound, HttpStatusCode.NotFound));

        async Task<(HttpStatusCode, HttpStatusCode)> Statuses() => ((await Romeo.Get($"/{Hash}.json")).Status, (await Romeo.Get($"/{Hash}")).Status);
    }

    [Fact]
    public async Task What_an_operator_takes_away_is_in_the_log_and_told()
    {
        await Save(shown: true, "Buy pills");
        (await Romeo.Get($"/admin/person?account={JulietsAddress}")).Says(".facts").ShouldNotBeNull().ShouldContain("Buy pills");
        (await Run("profile", "clear", JulietsAddress, "--reason", "advertises")).ShouldContain("no profile page");
        (await Romeo.Get($"/{Hash}")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await Run("log", "--address", JulietsAddress)).ShouldContain("advertises");
        (await LikenessProgram.Run("profile", "clear", JulietsAddress, "--data", Data.Path)).Error.ShouldContain("no profile page");
    }

    [Theory]
    [InlineData("", "https://example.org/", "", "Say a name")]
    [InlineData("Juliet", "javascript:alert(1)", "", "no web address")]
    [InlineData("Juliet", "//example.org", "", "no web address")]
    [InlineData("Juliet", "ftp://example.org/", "", "no web address")]
    [InlineData("Juliet", "https://juliet:secret@example.org/", "", "no web address")]
    [InlineData("Juliet", "data:text/html,x", "", "no web address")]
    [InlineData("Juliet", "https://example.org/", "0123456789012345678901234567890123456789012345678901234567890", "at most 60")]
    public async Task What_cannot_be_shown_is_not_kept_and_stays_in_the_form(string name, string url, string title, string said)
    {
        var refused = await Save(shown: true, name, (url, title));
        refused.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        refused.Says("[role=alert]").ShouldNotBeNull().ShouldContain(said);
        refused.Html.QuerySelector("#url0")!.GetAttribute("value").ShouldBe(url);
        (await Romeo.Get($"/{Hash}")).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Links_are_counted_and_measured()
    {
        var ten = Enumerable.Range(0, 10).Select(number => ($"https://example.org/{number}", "")).ToArray();
        (await Save(shown: true, "Juliet", ten)).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await Save(shown: true, "Juliet", [.. ten, ("https://example.org/10", "")])).Says("[role=alert]").ShouldNotBeNull().ShouldContain("at most 10");
        (await Save(shown: true, "Juliet", ("https://example.org/" + new string('a', 492), ""))).Status.ShouldBe(HttpStatusCode.SeeOther, "512 bytes");
        (await Save(shown: true, "Juliet", ("https://example.org/" + new string('a', 493), ""))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);

        // Bytes as they are sent: three of each of these letters' two.
        (await Save(shown: true, "Juliet", ("https://example.org/" + new string('ä', 100), ""))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Save(shown: true, new string('J', 61))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    [Trait("Requirement", "P-61")]
    public async Task It_is_taken_along()
    {
        await Save(shown: true, "Juliet", ("https://example.org/", "Home"));
        var file = await Juliet.Submit(await Juliet.Get("/me/export"), "/me/export", ("password", Password));
        using var zip = new System.IO.Compression.ZipArchive(new MemoryStream(file.Bytes));
        using var person = await JsonDocument.ParseAsync(await zip.GetEntry("person.json")!.OpenAsync());
        var profile = person.RootElement.GetProperty("profile");
        (profile.GetProperty("name").GetString(), profile.GetProperty("isShown").GetBoolean()).ShouldBe(("Juliet", true));
        profile.GetProperty("links")[0].GetProperty("url").GetString().ShouldBe("https://example.org/");
    }

    [Fact]
    public async Task An_address_that_shows_no_picture_leads_to_no_profile()
    {
        await Run("address", "add", JulietsAddress, "capulet@example.org");
        await Save(shown: true, "Juliet");
        var other = AddressHash.Sha256("capulet@example.org").Text;
        (await Romeo.Get($"/{other}")).Status.ShouldBe(HttpStatusCode.OK);
        var token = WebBrowser.FormToken(await Juliet.Get("/me/pictures"));
        (await Juliet.Post("/me/pictures?handler=Choose", [new("__RequestVerificationToken", token), new("address", "capulet@example.org"), new("of", "none")])).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await Romeo.Get($"/{other}.json")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await Romeo.Get($"/{Hash}.json")).Status.ShouldBe(HttpStatusCode.OK);
        (await Juliet.Get("/me/profile")).Html.QuerySelectorAll("ul.people code").Select(place => place.TextContent[^64..]).ShouldBe([Hash], "her own page leads to no other");
    }

    private async Task<Answer> Save(bool shown, string name, params (string Url, string Title)[] links)
    {
        List<KeyValuePair<string, string>> fields = [new("__RequestVerificationToken", WebBrowser.FormToken(await Juliet.Get("/me/profile"))), new("name", name)];
        if (shown)
        {
            fields.Add(new("shown", "yes"));
        }

        foreach (var (url, title) in links)
        {
            fields.AddRange([new("url", url), new("title", title)]);
        }

        return await Juliet.Post("/me/profile", fields);
    }

    // The form's token is another one each time.
    private static string Plain(Answer answer)
    {
        if (!answer.Headers["Content-Type"].StartsWith("text/html", StringComparison.Ordinal))
        {
            return answer.Text;
        }

        foreach (var field in answer.Html.QuerySelectorAll("input[type=hidden]"))
        {
            field.Remove();
        }

        return answer.Html.DocumentElement.OuterHtml;
    }
}
