using System.Net;
using System.Text.Json;
using Likeness.Cli.Tests;
using Likeness.Web.Tests.Hosting;

namespace Likeness.Web.Tests.Portraits;

/// <summary>What a person showed before, and what is kept beside the portrait.</summary>
public sealed class AlbumTests : PagesOfPeople
{
    [Fact]
    [Trait("Requirement", "P-60")]
    [Trait("Requirement", "P-31")]
    public async Task An_earlier_picture_is_shown_again_by_one_press()
    {
        await Upload(Juliet, 2);
        var first = await Web(JulietsAddress);
        await Run("avatar", "set", JulietsAddress, Data.Write("other.png", TestPicture.Waves(200, 7)));
        var page = await Juliet.Get("/me/pictures");
        Pictures(page).Length.ShouldBe(2);
        page.Text.ShouldContain("by whoever runs this server");
        page.Text.ShouldContain("from these pages");
        (await Juliet.Get(Image(page, 1))).Headers["Content-Type"].ShouldStartWith("image/");

        var done = await Juliet.Post("/me/pictures?handler=Show", [Token(page), new("of", Pictures(page)[1])]);
        done.Location.ShouldBe("/me/pictures?done=shown", done.Text);
        (await Web(JulietsAddress)).ShouldBe(first);
        (await Juliet.Follow(done)).Says("[role=status]").ShouldNotBeNullOrEmpty();
        (await Run("log", "--address", JulietsAddress)).Split('\n').Count(line => line.Contains("avatar set")).ShouldBe(3);
    }

    [Fact]
    [Trait("Requirement", "P-60")]
    public async Task What_the_person_took_away_is_there_and_what_others_took_away_or_blocked_is_not()
    {
        await Upload(Juliet, 2);
        await Juliet.Submit(await Juliet.Get("/me"), "/me?handler=Remove");
        var page = await Juliet.Get("/me/pictures");
        Pictures(page).Length.ShouldBe(1);
        await Juliet.Post("/me/pictures?handler=Show", [Token(page), new("of", Pictures(page)[0])]);
        (await Web(JulietsAddress)).ShouldNotBeNull();

        await Run("avatar", "clear", JulietsAddress);
        Pictures(await Juliet.Get("/me/pictures")).ShouldBeEmpty();

        // Blocked while it is an earlier one.
        await Upload(Juliet, 3);
        var bad = Pictures(await Juliet.Get("/me/pictures"))[0];
        await Upload(Juliet, 4);
        await Run("avatar", "block", bad);
        page = await Juliet.Get("/me/pictures");
        Pictures(page).ShouldNotContain(bad);
        (await Juliet.Post("/me/pictures?handler=Show", [Token(page), new("of", bad)])).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    [Trait("Requirement", "P-60")]
    public async Task Earlier_pictures_are_forgotten_at_once_and_from_then_on()
    {
        await Upload(Juliet, 2);
        await Upload(Juliet, 3);
        var page = await Juliet.Get("/me/pictures");
        var earlier = Pictures(page)[1];
        await Juliet.Submit(page, "/me/pictures?handler=Earlier");
        Pictures(await Juliet.Get("/me/pictures")).Length.ShouldBe(1);
        (await Juliet.Get($"/me/pictures?handler=Image&of={earlier}")).Status.ShouldBe(HttpStatusCode.NotFound);
        await Upload(Juliet, 4);
        page = await Juliet.Get("/me/pictures");
        Pictures(page).Length.ShouldBe(1);
        await Juliet.Submit(page, "/me/pictures?handler=Earlier");
        await Upload(Juliet, 5);
        Pictures(await Juliet.Get("/me/pictures")).Length.ShouldBe(2);
    }

    [Fact]
    [Trait("Requirement", "P-37")]
    public async Task A_picture_is_kept_by_its_name_without_being_shown()
    {
        await Upload(Juliet, 2);
        var shown = await Web(JulietsAddress);
        var done = await Juliet.Upload(await Juliet.Get("/me/picture"), "/me/picture", TestPicture.Waves(300, 5), ("how", "keep"), ("name", "  carnival\n night "));
        done.Location.ShouldBe("/me/pictures?done=kept", done.Text);
        (await Web(JulietsAddress)).ShouldBe(shown);
        var page = await Juliet.Follow(done);
        page.Text.ShouldContain("carnival night");

        var kept = Pictures(page)[1];
        for (var number = 0; number < Stores.IAlbumStore.MaxEarlier + 2; number++)
        {
            await Run("avatar", "set", JulietsAddress, Data.Write("next.png", TestPicture.Waves(64, 10 + number)));
        }

        Pictures(await Juliet.Get("/me/pictures")).ShouldContain(kept);
        for (var number = 1; number < Stores.IAlbumStore.MaxKept; number++)
        {
            await Juliet.Upload(await Juliet.Get("/me/picture"), "/me/picture", TestPicture.Waves(100, 30 + number), ("how", "keep"));
        }

        var refused = await Juliet.Upload(await Juliet.Get("/me/picture"), "/me/picture", TestPicture.Waves(100, 50), ("how", "keep"));
        refused.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        refused.Says("[role=alert]")!.ShouldContain("5");
        page = await Juliet.Get("/me/pictures");
        (await Juliet.Post("/me/pictures?handler=Describe", [Token(page), new("of", Pictures(page)[0]), new("name", "one more")])).Status.ShouldBe(HttpStatusCode.UnprocessableEntity, "a name keeps it, too");

        page = await Juliet.Get("/me/pictures");
        (await Juliet.Post("/me/pictures?handler=Remove", [Token(page), new("of", kept)])).Location.ShouldBe("/me/pictures?done=removed");
        Pictures(await Juliet.Get("/me/pictures")).ShouldNotContain(kept);
    }

    [Fact]
    [Trait("Requirement", "P-39")]
    public async Task What_it_shows_is_said_in_words_where_everybody_sees_it()
    {
        await Upload(Juliet, 2);
        var page = await Juliet.Get("/me/pictures");
        (await Juliet.Post("/me/pictures?handler=Describe", [Token(page), new("of", Pictures(page)[0]), new("name", ""), new("alt", new string('x', 300))])).Location.ShouldBe("/me/pictures?done=described");
        (await Juliet.Post("/me/pictures?handler=Describe", [Token(page), new("of", Pictures(page)[0]), new("name", ""), new("alt", " a <girl> on\r\na balcony ")])).Location.ShouldBe("/me/pictures?done=described");
        page = await Juliet.Get("/me/pictures");
        page.Html.QuerySelector("textarea")!.TextContent.ShouldBe("a <girl> on a balcony");
        page.Html.QuerySelector("input[name=name]")!.GetAttribute("value").ShouldBeNullOrEmpty("it was given no name");
        (await WebFinger()).GetProperty("links")[0].GetProperty("titles").GetProperty("und").GetString().ShouldBe("a <girl> on a balcony");
        (await Juliet.Get("/me")).Html.QuerySelector("#own")!.GetAttribute("alt").ShouldBe("a <girl> on a balcony");

        await Upload(Juliet, 3);
        (await WebFinger()).GetProperty("links")[0].TryGetProperty("titles", out _).ShouldBeFalse("another picture shows something else");
        page = await Juliet.Get("/me/pictures");
        await Juliet.Post("/me/pictures?handler=Show", [Token(page), new("of", Pictures(page)[1])]);
        (await WebFinger()).GetProperty("links")[0].GetProperty("titles").GetProperty("und").GetString().ShouldBe("a <girl> on a balcony");
    }

    [Fact]
    [Trait("Requirement", "P-35")]
    public async Task A_picture_is_cut_anew_from_what_was_uploaded()
    {
        await Juliet.Upload(await Juliet.Get("/me/picture"), "/me/picture", Pixels.Ramp(300, 100), ("part", "left"));
        Pixels.Of((await Web(JulietsAddress, 100))!).Red(50, 50).ShouldBe(50 * 255 / 300, 3.0);
        var id = Pictures(await Juliet.Get("/me/pictures"))[0];
        var page = await Juliet.Get($"/me/picture?of={id}");
        page.Html.QuerySelector("input[type=file]").ShouldBeNull();
        var original = Pixels.Of((await Juliet.Get(page.Html.QuerySelector("#crop")!.GetAttribute("data-original")!)).Bytes);
        (original.Width, original.Height).ShouldBe((300, 100));

        var done = await Juliet.Post("/me/picture", [Token(page), new("of", id), new("x", "210"), new("y", "10"), new("size", "60")]);
        done.Location.ShouldBe("/me/picture?done=set", done.Text);
        Pixels.Of((await Web(JulietsAddress, 60))!).Red(30, 30).ShouldBe(240 * 255 / 300, 3.0);

        // And again, from the same original.
        var next = Pictures(await Juliet.Get("/me/pictures"))[0];
        next.ShouldNotBe(id);
        await Juliet.Post("/me/picture", [Token(page), new("of", next), new("part", "centre")]);
        Pixels.Of((await Web(JulietsAddress, 100))!).Red(50, 50).ShouldBe(150 * 255 / 300, 3.0);
    }

    [Fact]
    [Trait("Requirement", "P-37")]
    [Trait("Requirement", "L-106")]
    public async Task An_address_shows_another_picture_to_sites_and_chats_show_the_portrait()
    {
        const string Work = "juliet@work.example";
        await Run("address", "add", JulietsAddress, Work, "--trust-addresses");
        await Upload(Juliet, 2);
        await Juliet.Upload(await Juliet.Get("/me/picture"), "/me/picture", TestPicture.Waves(300, 6), ("how", "keep"), ("name", "suit"));
        var (portrait, page) = (await Web(JulietsAddress), await Juliet.Get("/me/pictures"));
        (await Web(Work)).ShouldBe(portrait);
        var suit = page.Html.QuerySelectorAll("option").First(option => option.TextContent == "suit").GetAttribute("value")!;

        await Choose(page, Work, suit);
        var atWork = (await Web(Work)).ShouldNotBeNull();
        atWork.ShouldNotBe(portrait);
        (await Web(JulietsAddress)).ShouldBe(portrait);
        (await Juliet.Get("/me/pictures")).Html.QuerySelector("option[selected][value^='" + suit + "']").ShouldNotBeNull();

        await Choose(page, Work, "none");
        (await Web(Work)).ShouldBeNull();
        (await Web(JulietsAddress)).ShouldBe(portrait);
        await Choose(page, Work, "");
        (await Web(Work)).ShouldBe(portrait);

        // Nothing is shown anywhere while the portrait is not.
        await Choose(page, Work, suit);
        await Juliet.Submit(await Juliet.Get("/me/visibility"), "/me/visibility", ("visibility", "contacts"));
        (await Web(Work)).ShouldBeNull();
        await Juliet.Submit(await Juliet.Get("/me/visibility"), "/me/visibility", ("visibility", "public"));
        (await Web(Work)).ShouldBe(atWork);
        await Juliet.Submit(await Juliet.Get("/me"), "/me?handler=Remove");
        (await Web(Work)).ShouldBeNull();
        await Upload(Juliet, 2);
        (await Web(Work)).ShouldBe(atWork);

        // Blocked or forgotten, the portrait is in its place.
        await Run("avatar", "block", suit);
        (await Web(Work)).ShouldBe(portrait);
        foreach (var (address, of) in new[] { (Work, suit), (Work, "nonsense"), (RomeosAddress, "none"), ("", "none") })
        {
            (await Juliet.Post("/me/pictures?handler=Choose", [Token(page), new("address", address), new("of", of)])).Status.ShouldBe(HttpStatusCode.UnprocessableEntity, $"{address} {of}");
        }

        await Run("avatar", "lock", JulietsAddress);
        (await Juliet.Post("/me/pictures?handler=Choose", [Token(page), new("address", Work), new("of", "none")])).Status.ShouldBe(HttpStatusCode.Locked);
    }

    [Fact]
    [Trait("Requirement", "P-88")]
    [Trait("Requirement", "L-107")]
    public async Task Nobody_reaches_the_pictures_of_somebody_else()
    {
        await Juliet.Upload(await Juliet.Get("/me/picture"), "/me/picture", TestPicture.Waves(300, 2), ("how", "keep"));
        await Upload(Juliet, 4);
        var page = await Juliet.Get("/me/pictures");
        var his = await Romeo.Get("/me/pictures");
        Pictures(his).ShouldBeEmpty();
        foreach (var id in Pictures(page).Append("nothing").Append(""))
        {
            (await Romeo.Get($"/me/pictures?handler=Image&of={id}")).Status.ShouldBe(HttpStatusCode.NotFound);
            (await Romeo.Get($"/me/pictures?handler=Original&of={id}")).Status.ShouldBe(HttpStatusCode.NotFound);
            foreach (var handler in new[] { "Show", "Describe", "Remove" })
            {
                var refused = await Romeo.Post($"/me/pictures?handler={handler}", [Token(his), new("of", id), new("name", "mine"), new("alt", "mine")]);
                refused.Status.ShouldBe(HttpStatusCode.UnprocessableEntity, $"{handler} {id}");
                refused.Says("[role=alert]").ShouldBe("This picture is not there any more.", handler);
            }

            (await Romeo.Get($"/me/picture?of={id}")).Html.QuerySelector("input[type=file]").ShouldNotBeNull();
            (await Romeo.Post("/me/picture", [Token(his), new("of", id), new("part", "left")])).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        }

        (await Web(RomeosAddress)).ShouldBeNull();
        Pictures(await Juliet.Get("/me/pictures")).ShouldBe(Pictures(page));
    }

    private async Task Choose(Answer page, string address, string of) =>
        (await Juliet.Post("/me/pictures?handler=Choose", [Token(page), new("address", address), new("of", of)])).Location.ShouldBe("/me/pictures?done=chosen");

    private static async Task Upload(WebBrowser browser, int waves) =>
        (await browser.Upload(await browser.Get("/me/picture"), "/me/picture", TestPicture.Waves(300, waves))).Status.ShouldBe(HttpStatusCode.SeeOther);

    private async Task<JsonElement> WebFinger() =>
        JsonDocument.Parse(await Server.Web.GetStringAsync(new Uri($"{Juliet.Root}/.well-known/webfinger?resource=acct:{JulietsAddress}"))).RootElement;

    private static string[] Pictures(Answer page) => [.. page.Html.QuerySelectorAll("input[name=of]").Select(input => input.GetAttribute("value")!)];

    private static string Image(Answer page, int number) => page.Html.QuerySelectorAll(".album img")[number].GetAttribute("src")!;

    private static KeyValuePair<string, string> Token(Answer page) => new("__RequestVerificationToken", WebBrowser.FormToken(page));
}
