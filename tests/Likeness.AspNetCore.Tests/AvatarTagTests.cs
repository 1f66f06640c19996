using AngleSharp.Dom;
using Likeness.AspNetCore.Tests.Support;
using Likeness.Libravatar;

namespace Likeness.AspNetCore.Tests;

public sealed class AvatarTagTests
{
    private const int NoServer = 9;

    [Fact]
    [Trait("Requirement", "L-74")]
    public async Task An_image_is_sharp_lazy_and_silent_about_its_page()
    {
        await using var site = await TestSite.Start(NoServer);
        var image = await site.Image(new AvatarMarkup("anne@club.example"));

        image.Attributes.Select(attribute => attribute.Name).Order(StringComparer.Ordinal)
            .ShouldBe(["alt", "decoding", "height", "loading", "referrerpolicy", "src", "srcset", "width"]);
        (image.GetAttribute("width"), image.GetAttribute("height")).ShouldBe(("48", "48"));
        (image.GetAttribute("loading"), image.GetAttribute("decoding"), image.GetAttribute("referrerpolicy")).ShouldBe(("lazy", "async", "no-referrer"));
        image.GetAttribute("alt").ShouldBe("");
        Candidates(image).Select(candidate => candidate[1]).ShouldBe(["1x", "2x", "3x"]);
        Candidates(image).Select(candidate => candidate[0]).Distinct().Count().ShouldBe(3);
        Candidates(image)[0][0].ShouldBe(image.GetAttribute("src"));
    }

    [Fact]
    public async Task What_the_page_says_itself_is_kept()
    {
        await using var site = await TestSite.Start(NoServer);
        var image = await site.Image(new AvatarMarkup("anne@club.example", 600, null, null, ("alt", "Anne, \"the boss\" <3"), ("class", "round"), ("loading", "eager"), ("width", "20"), ("srcset", "/old 2x")));

        image.GetAttribute("alt").ShouldBe("Anne, \"the boss\" <3");
        (image.GetAttribute("class"), image.GetAttribute("loading"), image.GetAttribute("width"), image.GetAttribute("height")).ShouldBe(("round", "eager", "20", "600"));
        image.HasAttribute("srcset").ShouldBeFalse("512 pixels is all there is");
    }

    [Theory]
    [Trait("Requirement", "L-6")]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("anne")]
    [InlineData("@")]
    [InlineData("anne@")]
    [InlineData("ftp://club.example/anne")]
    [InlineData("a\0@club.example")]
    public async Task What_is_no_address_has_the_default_picture(string? address)
    {
        await using var site = await TestSite.Start(NoServer);
        var image = await site.Image(new AvatarMarkup(address));
        var source = image.GetAttribute("src");

        source.ShouldBe("/avatars/nobody");
        image.HasAttribute("srcset").ShouldBeFalse("a drawing is sharp on every screen");
        using var answer = await site.Client.GetAsync(source);
        answer.EnsureSuccessStatusCode();
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("image/svg+xml");
    }

    [Fact]
    public async Task A_size_that_is_no_size_gives_the_usual_one()
    {
        await using var site = await TestSite.Start(NoServer);

        (await site.Image(new AvatarMarkup("anne@club.example", -3))).GetAttribute("width").ShouldBe("80");
    }

    [Fact]
    public async Task A_page_shows_no_address_and_no_hash()
    {
        await using var site = await TestSite.Start(NoServer);
        var anne = Address.Email("anne@club.example");
        var html = (await site.Image(new AvatarMarkup(anne.Text))).OuterHtml;

        string[] secrets = [anne.Text, "anne", "club", anne.Md5.Text, anne.Sha256.Text, "avatars.example"];
        secrets.ShouldAllBe(secret => !html.Contains(secret, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_site_below_a_path_writes_it()
    {
        await using var site = await TestSite.Start(NoServer, pathBase: "/forum");

        (await site.Source("anne@club.example")).ShouldStartWith("/forum/avatars/");
    }

    private static string[][] Candidates(IElement image) => [.. image.GetAttribute("srcset")!.Split(", ").Select(candidate => candidate.Split(' '))];
}
