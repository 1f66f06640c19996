using System.Net;
using Likeness.Cli.Demo;
using Likeness.Cli.Tests.Federation;
using Likeness.Server.Options;
using Likeness.Web.Tests.Hosting;

namespace Likeness.Web.Tests.Portraits;

/// <summary>"Check my picture now" as it is without a word of the operator: nobody is asked who was not configured.</summary>
[Trait("Requirement", "P-54")]
public sealed class OwnCheckAtHomeTests : PagesOfServer
{
    private readonly TestDns _dns = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _dns.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected override LikenessOptions Change(LikenessOptions options) => options with { Domains = [DemoStage.Domain], Resolvers = [IPEndPoint.Parse(_dns.Address)] };

    [Fact]
    public async Task This_server_and_its_chats_alone_are_asked()
    {
        await Run("user", "add", $"juliet@{DemoStage.Domain}", "--password", DemoPerson.Password);
        var juliet = await Browser($"juliet@{DemoStage.Domain}", DemoPerson.Password);
        var page = await juliet.Submit(await juliet.Get("/me/check"), "/me/check");
        page.Html.QuerySelectorAll(".checked > li").Select(place => place.GetAttribute("data-place")).ShouldBe(["md5", "sha256", "pep", "vcard", "presence"]);
        page.Html.QuerySelector("main")!.TextContent.ShouldContain("Others are not");

        // There is no picture: that none is seen is right, and nobody is kept from seeing it.
        await juliet.Submit(await juliet.Get("/me/visibility"), "/me/visibility", ("visibility", "contacts"));
        page = await juliet.Submit(await juliet.Get("/me/check"), "/me/check");
        page.Html.QuerySelectorAll(".checked > li").Select(place => place.GetAttribute("data-mark")).Distinct().ShouldBe(["rightlynone", "notseen"], ignoreOrder: true);
        page.Html.QuerySelector("main")!.TextContent.ShouldNotContain("not for everybody");
        (await juliet.Get("/privacy")).Html.QuerySelector("main")!.TextContent.ShouldNotContain("ask DNS");
        _dns.Questions.ShouldBe(0);
    }
}
