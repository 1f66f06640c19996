using System.Net;
using Likeness.Accounts;
using Likeness.Cli.Tests;
using Likeness.Libravatar;
using Likeness.Server.Options;
using Likeness.Web.Tests.Hosting;

namespace Likeness.Web.Tests.Visits;

/// <summary>By what a picture is found, what there is to copy of it, and the way back to the app that sent somebody here.</summary>
public sealed class WaysToFindTests : MailedPages
{
    private const string Change_ = "/me/picture?return=";
    private static readonly string[] Forges = ["forge.example.org", "wiki.example.org:8443"];

    private protected override LikenessOptions Change(LikenessOptions options) => base.Change(options) with
    {
        AccountsAreMailboxes = true,
        ReturnHosts = Forges,
        Domains = ["example.org", "club.example"],
        Policy = options.Policy with { PlusTags = new PlusTags(["github", "lists"], Any: false), CatchAll = Address.Email("romeo@example.org") },
        Policies = options.Policies.Add("club.example", options.Policy with { PlusTags = new PlusTags([], Any: true), Md5 = false }),
    };

    [Fact]
    [Trait("Requirement", "P-24")]
    public async Task Each_address_says_what_else_it_answers_for_and_it_does()
    {
        await Run("address", "add", JulietsAddress, "capulet@club.example");
        string[] plain = [Mantua, "juliet+own@example.org", "https://example.org/juliet"];
        foreach (var address in plain)
        {
            await Run("address", "add", JulietsAddress, address, "--trust-addresses");
        }

        await Juliet.Upload(await Juliet.Get("/me/picture"), "/me/picture", TestPicture.Waves(100, 2));
        var page = await Juliet.Get("/me/addresses");
        page.Says($"[data-also='{JulietsAddress}']").ShouldBe("also answers for juliet+github@example.org, juliet+lists@example.org");
        page.Says("[data-also='capulet@club.example']")!.ShouldContain("capulet+…@club.example");
        foreach (var address in plain)
        {
            page.Html.QuerySelector($"[data-also='{address}']").ShouldBeNull(address);
        }

        foreach (var tagged in page.Says($"[data-also='{JulietsAddress}']")!["also answers for ".Length..].Split(", "))
        {
            (await Web(tagged)).ShouldNotBeNull(tagged);
        }

        page.Says("#catchall").ShouldBe("Whoever at example.org shows no picture is shown with that of romeo@example.org.");
        (await Romeo.Get("/me/addresses")).Says("#catchall").ShouldBe("Whoever at example.org shows no picture is shown with yours.");
    }

    [Fact]
    [Trait("Requirement", "P-24")]
    public async Task Nobody_is_told_of_a_catch_all_of_a_domain_that_is_served_no_more()
    {
        await Server.DisposeAsync();
        Server = await Cli.Tests.Serving.RunningServer.Start(Data.Path, options => Change(options) with { Domains = ["club.example"] }, Time);
        var juliet = await Browser(JulietsAddress, Password);
        (await juliet.Get("/me/addresses")).Html.QuerySelector("#catchall").ShouldBeNull();
    }

    [Fact]
    [Trait("Requirement", "P-22")]
    public async Task The_own_address_needs_no_mail_where_the_operator_says_that_it_is_a_mailbox()
    {
        await Juliet.Upload(await Juliet.Get("/me/picture"), "/me/picture", TestPicture.Waves(100, 2));
        (await Juliet.Get("/me/addresses")).Html.QuerySelector("form[action='/me/addresses?handler=Own']").ShouldBeNull("it is there");
        await Run("address", "remove", JulietsAddress, JulietsAddress);
        (await Web(JulietsAddress)).ShouldBeNull();
        Time.Advance(WebSessions.Fresh);
        var page = await Juliet.Get("/me/addresses");
        (await Juliet.Submit(page, "/me/addresses?handler=Own", ("password", "orchard"))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Web(JulietsAddress)).ShouldBeNull();
        (await Juliet.Submit(page, "/me/addresses?handler=Own", ("password", Password))).Location.ShouldBe("/me/addresses?done=confirmed");
        (await Web(JulietsAddress)).ShouldNotBeNull();
        (await Run("log", "--address", JulietsAddress)).ShouldContain("address add");

        // Somebody who has it meanwhile keeps it.
        await Run("address", "remove", JulietsAddress, JulietsAddress);
        await Run("address", "add", RomeosAddress, JulietsAddress);
        (await Juliet.Submit(await Juliet.Get("/me/addresses"), "/me/addresses?handler=Own", ("password", Password))).Status.ShouldBe(HttpStatusCode.Conflict);
    }

    [Fact]
    [Trait("Requirement", "P-22")]
    public async Task Administrators_confirm_by_hand_what_a_person_asked_for_and_moderators_do_not()
    {
        await Juliet.Submit(await Juliet.Get("/me/addresses"), "/me/addresses?handler=Add", ("address", Mantua));
        var mail = (await AllUntilNow()).Single(one => one.To.Contains(Mantua));
        await Run("user", "add", "peter@example.org", "--password", Password);
        await Run("admin", "add", "peter@example.org", "--domain", "example.org", "--moderator");
        var peter = await Browser("peter", Password);
        var there = $"/admin/person?account={Uri.EscapeDataString(JulietsAddress)}";
        (await peter.Get(there)).Text.ShouldNotContain(Mantua);
        (await Confirm(peter, Mantua)).Status.ShouldBe(HttpStatusCode.NotFound);
        (await Confirm(Romeo, "other@mantua.example")).Status.ShouldBe(HttpStatusCode.NotFound, "she did not ask for it");
        (await Web(Mantua)).ShouldBeNull();

        (await Romeo.Submit(await Romeo.Get(there), there + "&handler=Confirm")).Status.ShouldBe(HttpStatusCode.SeeOther);
        (await Run("address", "list", JulietsAddress)).ShouldContain(Mantua);
        (await Juliet.Get(mail.Link)).Status.ShouldBe(HttpStatusCode.NotFound, "the link is used up by it");
        var log = (await Run("log", "--address", JulietsAddress)).Split('\n').Single(line => line.Contains(Mantua, StringComparison.Ordinal));
        log.ShouldContain(RomeosAddress);
        log.ShouldContain("address add");

        async Task<Answer> Confirm(WebBrowser browser, string address) =>
            await browser.Post(there + "&handler=Confirm", [new("__RequestVerificationToken", WebBrowser.FormToken(await browser.Get("/me"))), new("address", address)]);
    }

    [Fact]
    [Trait("Requirement", "P-55")]
    public async Task Links_to_copy_lead_to_the_picture()
    {
        await Run("address", "add", JulietsAddress, "capulet@club.example");
        await Run("address", "add", JulietsAddress, "https://example.org/juliet", "--trust-addresses");
        (await Juliet.Get("/me/links")).Html.QuerySelector("#unseen").ShouldNotBeNull();
        await Juliet.Upload(await Juliet.Get("/me/picture"), "/me/picture", TestPicture.Waves(100, 2));
        var page = await Juliet.Get("/me/links");
        page.Html.QuerySelector("#unseen").ShouldBeNull();
        var links = page.Html.QuerySelectorAll("[data-link]").ToLookup(link => link.GetAttribute("data-link")!, link => link.TextContent);
        links["sha256"].ShouldBe([$"{Site}/avatar/{AddressHash.Sha256(JulietsAddress)}?s=128", $"{Site}/avatar/{AddressHash.Sha256("capulet@club.example")}?s=128", $"{Site}/avatar/{AddressHash.Sha256("https://example.org/juliet")}?s=128"]);
        links["md5"].ShouldBe([$"{Site}/avatar/{AddressHash.Md5(JulietsAddress)}?s=128"], "the other domain answers to none, and nobody asks for a web address by one");
        foreach (var link in links["sha256"].Concat(links["md5"]))
        {
            using var answer = await Server.Web.GetAsync(new Uri(Juliet.Root + new Uri(link).PathAndQuery + "&d=404"));
            answer.StatusCode.ShouldBe(HttpStatusCode.OK, link);
        }

        var image = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(links["html"].First()).QuerySelector("img")!;
        image.GetAttribute("src").ShouldBe(links["sha256"].First());
        links["markdown"].First().ShouldBe($"![juliet]({links["sha256"].First()})");
        links["mail"].First().ShouldContain(links["sha256"].First());
        links["change"].Single().ShouldBe($"{Site}/me/picture?return=https://{Forges[0]}/");
    }

    [Theory]
    [InlineData("https://forge.example.org/settings?tab=me", true)]
    [InlineData("https://FORGE.example.org", true)]
    [InlineData("https://wiki.example.org:8443/", true)]
    [InlineData("https://wiki.example.org/", false)]
    [InlineData("https://forge.example.org:444/", false)]
    [InlineData("http://forge.example.org/", false)]
    [InlineData("https://forge.example.org.evil.example/", false)]
    [InlineData("https://evil.example/forge.example.org", false)]
    [InlineData("https://forge.example.org@evil.example/", false)]
    [InlineData("https://user@forge.example.org/", false)]
    [InlineData("//forge.example.org/", false)]
    [InlineData("javascript:alert(1)//forge.example.org/", false)]
    [Trait("Requirement", "P-55")]
    [Trait("Requirement", "P-89")]
    public async Task The_way_back_to_an_app_is_a_link_and_leads_to_hosts_that_the_operator_named(string back, bool isNamed)
    {
        var nobody = Browser();
        var asked = await nobody.Get(Change_ + Uri.EscapeDataString(back));
        var signedIn = await nobody.Submit(await nobody.Follow(asked), "/sign-in", ("name", "juliet"), ("password", Password));
        var page = await nobody.Follow(signedIn);
        page.Path.ShouldBe("/me/picture");
        (page.Html.QuerySelector("#back") is not null).ShouldBe(isNamed);
        var done = await nobody.Upload(page, "/me/picture", TestPicture.Waves(100, 2), ("return", back));
        done.Location!.ShouldStartWith("/me/picture?done=set");
        var href = (await nobody.Follow(done)).Html.QuerySelector("#back")?.GetAttribute("href");
        href.ShouldBe(isNamed ? new Uri(back).AbsoluteUri : null);
    }
}
