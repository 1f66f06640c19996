using System.Net;
using Likeness.Imaging;
using Likeness.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Web.Tests.Portraits;

/// <summary>Pictures that move: kept moving or not, and still for whoever wants less motion.</summary>
[Trait("Requirement", "P-41")]
public sealed class MotionTests : PagesOfPeople
{
    [Fact]
    public async Task A_picture_that_moves_is_shown_moving_with_its_first_frame_beside_it()
    {
        (await Upload("keep")).Location.ShouldBe("/me/picture?done=set");
        Frames(await Web(JulietsAddress)).ShouldBe(2);

        var page = await Juliet.Get("/me/picture");
        var both = page.Html.QuerySelectorAll(".motions img").Select(image => image.GetAttribute("src")!).ToArray();
        Frames((await Juliet.Get(both[0])).Bytes).ShouldBe(2);
        Frames((await Juliet.Get(both[1])).Bytes).ShouldBe(1);

        // Every place on these pages where it is shown has a still of it for who wants less motion.
        foreach (var (path, selector) in new[] { ("/me", ".portrait picture"), ("/me/picture", ".previews picture"), ("/me/pictures", ".album picture"), ($"/?address={JulietsAddress}", ".previews picture") })
        {
            var pictures = (await Juliet.Get(path)).Html.QuerySelectorAll(selector);
            pictures.ShouldNotBeEmpty(path);
            foreach (var picture in pictures)
            {
                Frames((await Juliet.Get(picture.QuerySelector("img")!.GetAttribute("src")!)).Bytes).ShouldBe(2, path);
                var source = picture.QuerySelector("source").ShouldNotBeNull(path);
                source.GetAttribute("media").ShouldBe("(prefers-reduced-motion: reduce)");
                Frames((await Juliet.Get(source.GetAttribute("srcset")!)).Bytes).ShouldBe(1, path);
            }
        }

        // Administrators are people, too.
        await Cli.Tests.LikenessProgram.Run("admin", "add", RomeosAddress, "--data", Data.Path);
        var shown = (await Romeo.Get($"/admin/person?account={JulietsAddress}")).Html.QuerySelector(".portrait picture").ShouldNotBeNull();
        Frames((await Romeo.Get(shown.QuerySelector("img")!.GetAttribute("src")!)).Bytes).ShouldBe(2);
        Frames((await Romeo.Get(shown.QuerySelector("source[media='(prefers-reduced-motion: reduce)']")!.GetAttribute("srcset")!)).Bytes).ShouldBe(1);

        // Chats show it without motion: a PNG.
        (await Server.Host.Services.GetRequiredService<PortraitBook>().Find(new Identity(JulietsAddress))).Picture!.MediaType.ShouldBe("image/png");
    }

    [Fact]
    public async Task Of_a_picture_that_moves_the_first_frame_alone_is_taken_where_that_is_wished()
    {
        (await Upload("still")).Location.ShouldBe("/me/picture?done=set");
        Frames(await Web(JulietsAddress)).ShouldBe(1);
        (await Juliet.Get("/me/picture")).Html.QuerySelectorAll(".motions, picture source[media]").ShouldBeEmpty();

        // A picture that does not move is the same with either wish.
        var asked = new List<byte[]>();
        foreach (var motion in new[] { "keep", "still", "" })
        {
            await Juliet.Upload(await Juliet.Get("/me/picture"), "/me/picture", Cli.Tests.TestPicture.Waves(100, 2), ("motion", motion));
            asked.Add((await Web(JulietsAddress))!);
        }

        asked.ShouldAllBe(shown => shown.SequenceEqual(asked[0]));
    }

    [Fact]
    public async Task What_moves_is_made_still_later_by_one_press_and_moves_again_by_another()
    {
        await Upload("keep");
        var page = await Juliet.Get("/me/pictures");
        var moving = page.Html.QuerySelector(".album input[name=of]")!.GetAttribute("value")!;
        (await Romeo.Post("/me/pictures?handler=Still", [Token(await Romeo.Get("/me/pictures")), new("of", moving)])).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Juliet.Post("/me/pictures?handler=Still", [Token(page), new("of", moving)])).Location.ShouldBe("/me/pictures?done=shown");
        Frames(await Web(JulietsAddress)).ShouldBe(1);

        page = await Juliet.Get("/me/pictures");
        page.Html.QuerySelectorAll("button[formaction*=Still]").ShouldHaveSingleItem("the earlier one moves, the portrait does not");
        (await Juliet.Post("/me/pictures?handler=Show", [Token(page), new("of", moving)])).Location.ShouldBe("/me/pictures?done=shown");
        Frames(await Web(JulietsAddress)).ShouldBe(2);
    }

    private async Task<Answer> Upload(string motion) =>
        await Juliet.Upload(await Juliet.Get("/me/picture"), "/me/picture", MovingPicture.Gif(100), ("motion", motion));

    private static KeyValuePair<string, string> Token(Answer page) => new("__RequestVerificationToken", WebBrowser.FormToken(page));

    private static int Frames(byte[]? picture)
    {
        ImageGate.TryIdentify(picture, out var header).ShouldBeTrue();
        return header!.Frames;
    }
}
