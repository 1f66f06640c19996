using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Likeness.AspNetCore.Tests.Support;
using Likeness.Libravatar;
using Likeness.Libravatar.Tests.Fetching;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Likeness.AspNetCore.Tests;

/// <summary>The card beside a picture: what a page says of people who say something of themselves.</summary>
[Trait("Requirement", "L-10D")]
public sealed class AvatarCardTests
{
    private const string Anne = "anne@club.example";
    private static readonly byte[] Profile = """{"entry":[{"displayName":"Anne","profileUrl":"https://avatars.example/HASH","urls":[{"value":"https://anne.example/?a=1&b=2","title":"Home"},{"value":"https://club.example/"}]}]}"""u8.ToArray();
    private static readonly byte[] HostileProfile = """{"entry":[{"displayName":"\"><script>alert(1)</script>","urls":[{"value":"https://a.example/\"onfocus=alert(1)","title":"</a><img src=x onerror=alert(1)>"},{"value":"javascript:alert(1)","title":"Click"}]}]}"""u8.ToArray();

    private static readonly AvatarMarkup WithCard = new(Anne, 48) { Card = true };

    [Fact]
    public async Task A_card_is_a_picture_a_name_and_links()
    {
        await using var avatars = Serving(Profile);
        await using var site = await TestSite.Start(avatars);
        await site.Links.PrefetchProfilesAsync([Anne, null, "typo"]);

        var page = await site.Page(WithCard);

        var sources = page.QuerySelectorAll("img").Select(image => image.GetAttribute("src")!).ToList();
        Snapshot(page, sources).ShouldBe("""
            <span class="avatar-card" tabindex="0" role="group" aria-label="Anne"><img src="SMALL" SET referrerpolicy="no-referrer" width="48" height="48" loading="lazy" decoding="async" alt=""><span class="avatar-card-panel"><img class="avatar-card-picture" src="LARGE" width="96" height="96" alt="" loading="lazy" decoding="async" referrerpolicy="no-referrer"><bdi class="avatar-card-name">Anne</bdi><span class="avatar-card-links" role="list"><span class="avatar-card-link" role="listitem"><a href="https://anne.example/?a=1&amp;b=2" rel="nofollow noopener" referrerpolicy="no-referrer"><bdi>Home</bdi></a></span><span class="avatar-card-link" role="listitem"><a href="https://club.example/" rel="nofollow noopener" referrerpolicy="no-referrer"><bdi>club.example</bdi></a></span></span></span></span>
            """);
        sources.ShouldAllBe(source => source.StartsWith("/avatars/", StringComparison.Ordinal));
        sources.Distinct().Count().ShouldBe(2);
        foreach (var hash in Address.Email(Anne).Hashes)
        {
            page.DocumentElement.OuterHtml.ShouldNotContain(hash.Text);
        }
    }

    [Fact]
    public async Task A_component_writes_the_same()
    {
        await using var avatars = Serving(Profile);
        await using var site = await TestSite.Start(avatars);
        await site.Links.PrefetchProfilesAsync([Anne]);
        var tag = await site.Page(WithCard);

        await using var renderer = new HtmlRenderer(new Services(site.Services), site.Services.GetRequiredService<ILoggerFactory>());
        var parameters = ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(Avatar.For)] = Anne, [nameof(Avatar.Size)] = 48, [nameof(Avatar.Card)] = true });
        var component = new HtmlParser().ParseDocument(await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<Avatar>(parameters)).ToHtmlString()));

        Elements(component).ShouldBe(Elements(tag));
    }

    [Fact]
    public async Task A_page_does_not_wait_for_it_and_has_the_card_the_next_time()
    {
        await using var avatars = Serving(Profile);
        await using var site = await TestSite.Start(avatars);

        var first = await site.Page(WithCard);
        await site.Links.PrefetchProfilesAsync([Anne]);
        var second = await site.Page(WithCard);

        first.QuerySelector(".avatar-card").ShouldBeNull();
        first.QuerySelectorAll("img").Length.ShouldBe(1);
        second.QuerySelector(".avatar-card").ShouldNotBeNull();
        avatars.Requests.ShouldHaveSingleItem("the first page had begun to ask").ShouldContain(".json ");
    }

    [Theory]
    [InlineData(404)]
    [InlineData(500)]
    public async Task Who_says_nothing_has_a_picture_alone(int status)
    {
        await using var avatars = StandInServer.Answering(_ => Answers.Status(status));
        await using var site = await TestSite.Start(avatars);
        await site.Links.PrefetchProfilesAsync([Anne]);

        var page = await site.Page(WithCard);
        var plain = await site.Page(WithCard with { Card = false });

        page.Body!.InnerHtml.ShouldBe(plain.Body!.InnerHtml);
    }

    [Fact]
    public async Task Nobody_is_asked_where_no_card_is_wanted()
    {
        await using var avatars = Serving(Profile);
        await using var site = await TestSite.Start(avatars, options => options.Client.Fetch.MaxConnectionsPerServer = 1);

        (await site.Page(WithCard with { Card = false })).QuerySelectorAll("span").ShouldBeEmpty();
        (await site.Page(new AvatarMarkup("typo") { Card = true })).QuerySelectorAll("span").ShouldBeEmpty();

        // Whatever had begun would have come before this.
        await site.Links.PrefetchProfilesAsync(["fence@club.example"]);
        avatars.Requests.ShouldHaveSingleItem().ShouldContain(Address.Email("fence@club.example").Md5.Text);
    }

    [Fact]
    public async Task Nothing_a_stranger_says_gets_out_of_its_place()
    {
        await using var avatars = Serving(HostileProfile);
        await using var site = await TestSite.Start(avatars);
        await site.Links.PrefetchProfilesAsync([Anne]);

        var page = await site.Page(WithCard);

        page.QuerySelectorAll("script").ShouldBeEmpty();
        page.QuerySelectorAll("img").Length.ShouldBe(2);
        page.All.SelectMany(element => element.Attributes).ShouldAllBe(attribute => !attribute.Name.StartsWith("on"));
        page.QuerySelector(".avatar-card")!.GetAttribute("aria-label").ShouldBe("\"><script>alert(1)</script>");
        var link = page.QuerySelectorAll("a").ShouldHaveSingleItem();
        link.GetAttribute("href").ShouldBe("https://a.example/%22onfocus=alert(1)");
        link.TextContent.ShouldBe("</a><img src=x onerror=alert(1)>");
    }

    [Fact]
    public async Task The_style_sheet_comes_from_the_site()
    {
        await using var avatars = Serving(Profile);
        await using var site = await TestSite.Start(avatars);

        using var answer = await site.Client.GetAsync("/avatars/card.css");

        answer.EnsureSuccessStatusCode();
        answer.Content.Headers.ContentType!.ToString().ShouldBe("text/css; charset=utf-8");
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        answer.Headers.ETag.ShouldNotBeNull();
        var styles = await answer.Content.ReadAsStringAsync();
        await site.Links.PrefetchProfilesAsync([Anne]);
        (await site.Page(WithCard)).QuerySelectorAll("[class]").Select(element => element.ClassName!).ShouldAllBe(name => styles.Contains("." + name, StringComparison.Ordinal));
    }

    private static StandInServer Serving(byte[] profile) =>
        StandInServer.Answering(request => request.Contains(".json ", StringComparison.Ordinal) ? Answers.Picture(profile, "Content-Type: application/json\r\n") : Answers.Picture(TestPicture.Png(48)));

    private static string Snapshot(IDocument page, List<string> sources)
    {
        var set = page.QuerySelector("img")!.GetAttribute("srcset")!;
        return page.Body!.InnerHtml.Replace($"srcset=\"{set}\"", "SET").Replace($"\"{sources[0]}\"", "\"SMALL\"").Replace($"\"{sources[1]}\"", "\"LARGE\"");
    }

    private static List<string> Elements(IDocument page) =>
        [.. page.Body!.QuerySelectorAll("*").Select(element => element.LocalName + " " + string.Join(' ', element.Attributes.OrderBy(attribute => attribute.Name, StringComparer.Ordinal).Select(attribute => $"{attribute.Name}={attribute.Value}")))];

    /// <summary>The site's, and where a Blazor application is.</summary>
    private sealed class Services(IServiceProvider site) : IServiceProvider
    {
        private readonly Navigation _navigation = new();

        public object? GetService(Type serviceType) => serviceType == typeof(NavigationManager) ? _navigation : site.GetService(serviceType);
    }

    private sealed class Navigation : NavigationManager
    {
        public Navigation() => Initialize("https://site.example/", "https://site.example/");
    }
}
