using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Likeness.AspNetCore.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Likeness.AspNetCore.Tests;

/// <summary>The component in a page that a server renders.</summary>
[Trait("Requirement", "L-74")]
public sealed class AvatarComponentTests
{
    [Fact]
    public async Task A_component_writes_what_the_tag_helper_writes()
    {
        await using var site = await Start();
        var context = new DefaultHttpContext { RequestServices = site.Services };
        context.Request.PathBase = "/app";
        var tag = Read(new AvatarMarkup("anne@club.example").Render(context));

        var image = Read(await Render(site, new() { [nameof(Avatar.For)] = "anne@club.example", [nameof(Avatar.Size)] = 48 }));

        image.Attributes.ToDictionary(attribute => attribute.Name, attribute => attribute.Value)
            .ShouldBe(tag.Attributes.ToDictionary(attribute => attribute.Name, attribute => attribute.Value), ignoreOrder: true);
        image.GetAttribute("src").ShouldStartWith("/app/avatars/");
    }

    [Fact]
    public async Task A_page_may_say_more_but_not_open_the_picture_to_others()
    {
        await using var site = await Start();

        var image = Read(await Render(site, new()
        {
            [nameof(Avatar.For)] = null,
            ["class"] = "round",
            ["alt"] = "Anne",
            ["loading"] = "eager",
            ["src"] = "https://elsewhere.example/x.png",
            ["referrerpolicy"] = "unsafe-url",
        }));

        (image.ClassName, image.GetAttribute("alt"), image.GetAttribute("loading")).ShouldBe(("round", "Anne", "eager"));
        (image.GetAttribute("src"), image.GetAttribute("referrerpolicy"), image.GetAttribute("width")).ShouldBe(("/app/avatars/nobody", "no-referrer", "80"));
    }

    private static async Task<WebApplication> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddRouting().AddAvatars(options =>
        {
            options.Keys.Add(TestSite.Key);
            options.Client = TestSite.ToLoopback(9);
        });
        builder.Services.AddSingleton<NavigationManager, AppNavigation>();
        var site = builder.Build();
        site.UseRouting();
        site.MapAvatars();
        await site.StartAsync();
        return site;
    }

    private static async Task<string> Render(WebApplication site, Dictionary<string, object?> parameters)
    {
        await using var renderer = new HtmlRenderer(site.Services, site.Services.GetRequiredService<ILoggerFactory>());
        return await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<Avatar>(ParameterView.FromDictionary(parameters))).ToHtmlString());
    }

    private static IHtmlImageElement Read(string html) => new HtmlParser().ParseDocument(html).QuerySelector("img").ShouldBeAssignableTo<IHtmlImageElement>()!;

    private sealed class AppNavigation : NavigationManager
    {
        public AppNavigation() => Initialize("https://site.example/app/", "https://site.example/app/");
    }
}
