using System.Net;
using Likeness.Cli.Demo;
using Likeness.Cli.Tests;
using Likeness.Cli.Tests.Federation;
using Likeness.Libravatar.Resolving;
using Likeness.Libravatar.Tests.Resolving;
using Likeness.Server.Options;
using Likeness.Web.Portraits;
using Likeness.Web.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Likeness.Web.Tests.Portraits;

/// <summary>"Check my picture now": place by place, as sites and chat programs look, through real DNS, web and chats.</summary>
[Trait("Requirement", "P-54")]
public sealed class OwnCheckTests : PagesOfServer
{
    private const string Address = $"juliet@{DemoStage.Domain}";
    private const string Mailbox = "juliet@mantua.example";
    private readonly TestDns _dns = new();
    private WebBrowser _juliet = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Run("user", "add", Address, "--password", DemoPerson.Password);
        _juliet = await Browser(Address, DemoPerson.Password);
        _dns.AddHost("avatars.mantua.example", IPAddress.Loopback);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _dns.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected override LikenessOptions Change(LikenessOptions options) => options with { Domains = [DemoStage.Domain], Resolvers = [IPEndPoint.Parse(_dns.Address)], OutsideCheck = true };

    [Fact]
    public async Task Each_place_where_a_picture_is_seen_shows_it()
    {
        await Show();
        await using var chat = await DemoPerson.Arrive("juliet", Server.Host.Addresses.Xmpp[0], TestContext.Current.CancellationToken);
        await chat.Client.Request(new Xmpp.Xml.Element("iq", Xmpp.Ns.Client).Set("type", "get").Set("to", DemoStage.Domain).Add(new Xmpp.Xml.Element("ping", Xmpp.Ns.Ping)), TestContext.Current.CancellationToken);
        Lead("mantua.example", Server.Host.Addresses.Http[0].Port);
        await Run("address", "add", Address, Mailbox, "--trust-addresses");

        var page = await Check();
        Marks(page).ShouldBe(
        [
            ("md5", Address, "shown"), ("sha256", Address, "shown"), ("srv", Address, "missing"), ("webfinger", Address, "shown"),
            ("md5", Mailbox, "shown"), ("sha256", Mailbox, "shown"), ("srv", Mailbox, "shown"), ("webfinger", Mailbox, "missing"),
            ("pep", Address, "shown"), ("vcard", Address, "shown"), ("presence", Address, "shown"),
        ]);
        foreach (var place in page.Html.QuerySelectorAll(".checked > li[data-mark=shown]"))
        {
            place.QuerySelector("img")!.GetAttribute("src")!.ShouldStartWith("data:image/png;base64,");
            place.QuerySelector(".mark")!.TextContent.ShouldBe("✓");
            place.QuerySelectorAll("details li").ShouldNotBeEmpty();
        }

        page.Html.QuerySelectorAll(".checked > li[data-mark=missing] .mark").ShouldAllBe(mark => mark.TextContent == "✗");
    }

    [Fact]
    public async Task Where_nothing_is_to_be_seen_nothing_being_seen_is_right_and_who_is_away_says_nothing()
    {
        await Show();
        await _juliet.Submit(await _juliet.Get("/me/visibility"), "/me/visibility", ("visibility", "contacts"));
        Marks(await Check()).ShouldBe(
        [
            ("md5", Address, "rightlynone"), ("sha256", Address, "rightlynone"), ("srv", Address, "rightlynone"), ("webfinger", Address, "rightlynone"),
            ("pep", Address, "shown"), ("vcard", Address, "shown"), ("presence", Address, "notseen"),
        ]);
    }

    /// <summary>The server that DNS leads to shows something else than this one, or nothing: that is what sites see.</summary>
    [Fact]
    public async Task A_way_that_leads_elsewhere_is_told()
    {
        await Show();
        await Run("address", "add", Address, Mailbox, "--trust-addresses");
        _dns.Add("_avatars._tcp.mantua.example", DnsType.Srv, DnsBytes.Srv(0, 5, 9, "avatars.mantua.example."));
        var srv = (await Check()).Html.QuerySelectorAll(".checked > li[data-place=srv]").Single(place => place.QuerySelector("code")!.TextContent == Mailbox);
        srv.GetAttribute("data-mark").ShouldBe("wrong");
        srv.TextContent.ShouldContain("avatars.mantua.example");
    }

    /// <summary>Who answers there is a stranger: what is large, or is no picture, is no part of the page.</summary>
    [Fact]
    public async Task A_strangers_answer_is_shown_when_it_is_a_small_picture()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using var site = builder.Build();
        byte[] answer = [];
        site.Run(context =>
        {
            context.Response.ContentType = "image/png";
            return context.Response.Body.WriteAsync(answer).AsTask();
        });
        await site.StartAsync(TestContext.Current.CancellationToken);
        Lead("mantua.example", new Uri(site.Urls.Single()).Port);
        await Run("address", "add", Address, Mailbox, "--trust-addresses");
        foreach (var (edge, isShown) in new[] { (100, true), (300, false) })
        {
            var rows = new byte[edge * ((3 * edge) + 1)];
            new Random(edge).NextBytes(rows);
            for (var row = 0; row < edge; row++)
            {
                rows[row * ((3 * edge) + 1)] = 0;
            }

            answer = TestPicture.Png(edge, edge, 2, rows);
            var place = (await Check()).Html.QuerySelectorAll(".checked > li[data-place=srv]").Single(place => place.QuerySelector("code")!.TextContent == Mailbox);
            (place.QuerySelector("img") is not null).ShouldBe(isShown, place.TextContent);
        }
    }

    [Fact]
    public async Task It_is_asked_for_a_few_times_and_about_the_own_addresses_alone()
    {
        await Run("user", "add", $"romeo@{DemoStage.Domain}", "--password", "verona");
        var page = await _juliet.Get("/me/check");
        for (var time = 0; time < OwnCheck.PerPerson.Permits; time++)
        {
            page = await _juliet.Submit(page, "/me/check", ("address", $"romeo@{DemoStage.Domain}"));
            page.Status.ShouldBe(HttpStatusCode.OK);
            page.Html.QuerySelectorAll(".checked code").ShouldAllBe(subject => subject.TextContent == Address);
        }

        var refused = await _juliet.Submit(page, "/me/check");
        refused.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.ShouldContainKey("Retry-After");
        refused.Says("[role=alert]").ShouldNotBeNullOrEmpty();
        Time.Advance(OwnCheck.PerPerson.Per);
        (await _juliet.Submit(await _juliet.Get("/me/check"), "/me/check")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    [Trait("Requirement", "P-92")]
    public async Task The_privacy_page_says_that_others_are_asked() =>
        (await _juliet.Get("/privacy")).Html.QuerySelector("main")!.TextContent.ShouldContain("has this server ask DNS");

    private async Task<Answer> Check() => await _juliet.Submit(await _juliet.Get("/me/check"), "/me/check");

    private Task<Answer> Show() => Upload(TestPicture.Waves(200, 3));

    private async Task<Answer> Upload(byte[] picture) => await _juliet.Upload(await _juliet.Get("/me/picture"), "/me/picture", picture);

    private void Lead(string domain, int port) => _dns.Add($"_avatars._tcp.{domain}", DnsType.Srv, DnsBytes.Srv(0, 5, (ushort)port, "avatars.mantua.example."));

    private static List<(string Place, string Subject, string Mark)> Marks(Answer page) =>
        [.. page.Html.QuerySelectorAll(".checked > li").Select(place => (place.GetAttribute("data-place")!, place.QuerySelector("code")!.TextContent, place.GetAttribute("data-mark")!))];
}
