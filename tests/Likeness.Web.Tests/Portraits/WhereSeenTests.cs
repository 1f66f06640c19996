using System.Net;
using Likeness.Cli.Demo;
using Likeness.Cli.Tests;
using Likeness.Cli.Tests.Serving;
using Likeness.Libravatar;
using Likeness.Server.Options;
using Likeness.Stores;
using Likeness.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Web.Tests.Portraits;

/// <summary>What a person is told of where the portrait was seen.</summary>
[Trait("Requirement", "P-53")]
public sealed class WhereSeenTests : PagesOfServer
{
    private const string Address = $"juliet@{DemoStage.Domain}";
    private WebBrowser _juliet = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Run("user", "add", Address, "--password", DemoPerson.Password);
        await Run("user", "add", $"romeo@{DemoStage.Domain}", "--password", DemoPerson.Password);
        await Run("avatar", "set", Address, Data.Write("a.png", TestPicture.Waves(200, 3)));
        _juliet = await Browser(Address, DemoPerson.Password);
    }

    private protected override LikenessOptions Change(LikenessOptions options) => options with
    {
        Domains = [DemoStage.Domain],
        Policy = options.Policy with { Seen = SeenCounting.Sites },
        PublicUrl = new Uri("https://faces.example.org"),
    };

    [Fact]
    public async Task Every_surface_counts_what_it_showed_and_to_whom_is_nowhere()
    {
        (await _juliet.Get("/me/seen")).Text.ShouldContain("Nothing was counted yet");
        var (md5, sha256) = (AddressHash.Md5(Address).Text, AddressHash.Sha256(Address).Text);
        for (var time = 0; time < 4; time++)
        {
            await Ask($"/avatar/{sha256}?s=64", "https://blog.example.net/what-she-wrote?visitor=romeo");
        }

        await Ask($"/avatar/{md5}.webp?s=200", "http://192.0.2.7/");
        await Ask($"/avatar/{sha256}?s=64&f=y&d=mm", "https://elsewhere.example/");
        await Ask($"/avatar/{AddressHash.Sha256("nobody@localhost").Text}?s=64", "https://elsewhere.example/");
        await Ask($"/p/{(await Server.Host.Services.GetRequiredService<PortraitBook>().Find(new Identity(Address))).Master!.Id.Hex}/64.png", null);
        await Ask($"/.well-known/webfinger?resource=acct:{Address}", null);
        await Taken();

        var page = await _juliet.Get("/me/seen");
        Table(page, "seen.by").ShouldBe(["Sites that ask by MD5 1", "Sites that ask by SHA-256 4", "Pictures that chats link to 1", "WebFinger 1", "Chat programs that were told 0"]);
        Table(page, "seen.sizes").ShouldBe(["up to 64 px 5", "up to 256 px 1"]);
        Table(page, "seen.types").ShouldBe(["PNG 5", "WEBP 1"]);
        Table(page, "seen.sites").ShouldBe(["blog.example.net 4"]);
        foreach (var secret in new[] { "visitor", "what-she-wrote", "127.0.0.1", "192.0.2.7", "elsewhere" })
        {
            page.Html.QuerySelector("main")!.TextContent.ShouldNotContain(secret);
        }
    }

    [Fact]
    public async Task Chat_programs_that_were_told_are_counted_and_what_was_counted_outlives_the_server()
    {
        await using (var juliet = await DemoPerson.Arrive("juliet", Server.Host.Addresses.Xmpp[0], TestContext.Current.CancellationToken))
        await using (var romeo = await DemoPerson.Arrive("romeo", Server.Host.Addresses.Xmpp[0], TestContext.Current.CancellationToken))
        {
            await DemoPerson.Befriend(juliet, romeo, TestContext.Current.CancellationToken);
            await Run("avatar", "set", Address, Data.Write("b.png", TestPicture.Waves(200, 4)));
            await romeo.NextNotification(juliet, TestContext.Current.CancellationToken);
        }

        await Ask($"/avatar/{AddressHash.Sha256(Address).Text}?s=64", null);

        // Nothing was written down yet; a server that stops does it.
        var port = Server.Host.Addresses.Http[0];
        await Server.DisposeAsync();
        Server = await RunningServer.Start(Data.Path, options => Change(options) with { Http = [port] }, Time);
        var told = Table(await _juliet.Get("/me/seen"), "seen.by");
        told.ShouldContain("Sites that ask by SHA-256 1");

        // Romeo's: her own is no place where others see it.
        told.ShouldContain("Chat programs that were told 1");
        (await (await Browser($"romeo@{DemoStage.Domain}", DemoPerson.Password)).Get("/me/seen")).Text.ShouldContain("Nothing was counted yet");

        Time.Advance(ISeenStore.Kept + TimeSpan.FromDays(1));
        (await (await Browser(Address, DemoPerson.Password)).Get("/me/seen")).Text.ShouldContain("Nothing was counted yet");
    }

    private async Task Ask(string path, string? referrer)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _juliet.Root + path);
        if (referrer is not null)
        {
            request.Headers.TryAddWithoutValidation("Referer", referrer);
        }

        using var answer = await Server.Web.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, path);
    }

    // What is done once a minute.
    private async Task Taken() => await Server.Host.Services.GetRequiredService<IStores>().Seen.Add(Server.Host.Services.GetRequiredService<SeenTally>().Take());

    private static string[] Table(Answer page, string name) =>
        [.. page.Html.QuerySelectorAll($"[data-table='{name}'] tr").Select(row => $"{row.QuerySelector("th")!.TextContent} {row.QuerySelector("td")!.TextContent}")];
}
