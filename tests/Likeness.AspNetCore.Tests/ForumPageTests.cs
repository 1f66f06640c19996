using AngleSharp.Html.Parser;
using Likeness.Libravatar;
using Likeness.Samples.Forum;

namespace Likeness.AspNetCore.Tests;

/// <summary>The tag helper in a real Razor page: the sample's.</summary>
public sealed class ForumPageTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("likeness-");

    public void Dispose() => _folder.Delete(recursive: true);

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
