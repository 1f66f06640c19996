using AngleSharp.Html.Parser;
using Likeness.AspNetCore.Tests.Support;
using Likeness.Libravatar;
using Likeness.Libravatar.Tests.Fetching;
using Likeness.Samples.Forum;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Likeness.AspNetCore.Tests;

/// <summary>The tag helper in a real Razor page: the sample's.</summary>
public sealed class ForumPageTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("likeness-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task The_first_visitor_sees_the_pictures_of_slow_servers()
    {
        var late = new TaskCompletionSource();
        var isOpen = false;
        await using var avatars = new StandInServer(async connection =>
        {
            while (await connection.ReadRequest() is not null)
            {
                await (isOpen ? late.Task.WaitAsync(connection.End) : Task.CompletedTask);
                await connection.Send(Answers.Picture(TestPicture.Png(48)));
            }
        });
        await using var forum = ForumSite.Build(
        [
            "--urls", "http://127.0.0.1:0", "--environment", "Development", "--Logging:LogLevel:Default", "None",
            "--Avatars:KeyFile", Path.Combine(_folder.FullName, "key"), "--AvatarServer", $"http://127.0.0.1:{avatars.Port}",
        ]);
        forum.Services.GetRequiredService<IOptions<AvatarSiteOptions>>().Value.Client.Fetch.MayUsePort = _ => true;
        await forum.StartAsync();
        isOpen = true;
        using var client = new HttpClient { BaseAddress = new Uri(forum.Urls.Single()) };

        var images = new HtmlParser().ParseDocument(await client.GetStringAsync("/")).QuerySelectorAll("img");
        var kinds = await Task.WhenAll(images.Select(async image =>
        {
            using var answer = await client.GetAsync(image.GetAttribute("src"));
            return answer.Content.Headers.ContentType!.MediaType;
        }));

        kinds.Count(kind => kind == "image/png").ShouldBe(Post.All.Count - 2, "all but the guest and the one with the typing error");
    }

    [Fact]
    [Trait("Requirement", "L-74")]
    public async Task Everybody_has_a_picture_and_nobody_an_address_on_the_page()
    {
        await using var forum = ForumSite.Build(["--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default", "None", "--Avatars:KeyFile", Path.Combine(_folder.FullName, "key"), "--Avatars:Client:Fallback", "None"]);
        await forum.StartAsync();
        using var client = new HttpClient();
        var html = await client.GetStringAsync(forum.Urls.Single());
        var images = new HtmlParser().ParseDocument(html).QuerySelectorAll("img");

        images.Length.ShouldBe(Post.All.Count);
        images.ShouldAllBe(image => image.GetAttribute("src")!.StartsWith("/avatars/", StringComparison.Ordinal) && image.GetAttribute("alt") == "" && image.GetAttribute("width") == "48");
        images.Count(image => image.GetAttribute("src") == "/avatars/nobody").ShouldBe(2, "the guest and the one with the typing error");
        html.ShouldNotContain("avatar-for");
        html.ShouldNotContain(".example");
        foreach (var hash in Post.All.Where(post => post.Address?.Contains('.') == true).SelectMany(post => Address.Parse(post.Address!).Hashes))
        {
            html.ShouldNotContain(hash.Text);
        }
    }
}
