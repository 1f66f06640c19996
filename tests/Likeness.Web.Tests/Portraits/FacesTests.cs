using System.Net;
using Likeness.Imaging;
using Likeness.Imaging.Faces;
using Likeness.Web.Tests.Hosting;

namespace Likeness.Web.Tests.Portraits;

/// <summary>Somebody without a picture of themselves chooses a face that is drawn for them.</summary>
[Trait("Requirement", "P-40")]
public sealed class FacesTests : PagesOfPeople
{
    [Fact]
    [Trait("Requirement", "P-31")]
    public async Task The_face_that_was_shown_becomes_the_picture()
    {
        var page = await Juliet.Get("/me/faces");
        var kinds = page.Html.QuerySelectorAll("input[name=kind]").Select(input => input.GetAttribute("value")!).ToArray();
        kinds.ShouldBe(FaceCatalogue.All.Select(face => face.Name).Where(name => name != "blank"));
        var shown = await Juliet.Get(Drawn(page, "monsterid"));
        ImageGate.TryIdentify(shown.Bytes, out var header).ShouldBeTrue();
        header.Width.ShouldBe(224);

        var done = await Juliet.Submit(page, "/me/faces", ("kind", "monsterid"));
        (done.Status, done.Location).ShouldBe((HttpStatusCode.SeeOther, "/me/picture?done=set"), done.Text);
        Alike(Pixels.Of(shown.Bytes), Pixels.Of((await Web(JulietsAddress, 224))!)).ShouldBeLessThan(1.5);
        (await Web(RomeosAddress)).ShouldBeNull();
    }

    [Fact]
    public async Task Each_person_has_others_and_more_are_drawn_when_asked_for()
    {
        var (hers, his) = (await Juliet.Get("/me/faces"), await Romeo.Get("/me/faces"));
        var first = (await Juliet.Get(Drawn(hers, "robohash"))).Bytes;
        (await Romeo.Get(Drawn(his, "robohash"))).Bytes.ShouldNotBe(first);

        var more = await Juliet.Get(hers.Html.QuerySelector("main a.button")!.GetAttribute("href")!);
        var second = await Juliet.Get(Drawn(more, "robohash"));
        second.Bytes.ShouldNotBe(first);
        (await Juliet.Get(Drawn(more, "initials"))).Bytes.ShouldNotBe((await Juliet.Get(Drawn(hers, "initials"))).Bytes, "letters have other colours, too");
        await Juliet.Submit(more, "/me/faces", ("kind", "robohash"));
        Alike(Pixels.Of(second.Bytes), Pixels.Of((await Web(JulietsAddress, 224))!)).ShouldBeLessThan(1.5);
    }

    [Fact]
    public async Task Letters_are_those_that_were_said_two_at_most()
    {
        var page = await Juliet.Get("/me/faces");
        page.Html.QuerySelector("#letters")!.GetAttribute("value").ShouldBe("J");
        var one = (await Juliet.Get(Drawn(page, "initials"))).Bytes;
        var none = await Juliet.Get("/me/faces?letters=%21%21");
        none.Html.QuerySelector("#letters")!.GetAttribute("value").ShouldBeNullOrEmpty();
        (await Juliet.Get(Drawn(none, "initials"))).Bytes.ShouldBe(one);
        page = await Juliet.Get("/me/faces?letters=j%C3%A9rome!");
        page.Html.QuerySelector("#letters")!.GetAttribute("value").ShouldBe("JÉ");
        var shown = (await Juliet.Get(Drawn(page, "initials"))).Bytes;
        shown.ShouldNotBe(one);
        await Juliet.Submit(page, "/me/faces", ("kind", "initials"));
        Alike(Pixels.Of(shown), Pixels.Of((await Web(JulietsAddress, 224))!)).ShouldBeLessThan(1.5);
    }

    [Fact]
    public async Task What_is_no_face_is_refused()
    {
        var page = await Juliet.Get("/me/faces");
        foreach (var nonsense in new[] { "", "blank", "../me", "MonsterId" })
        {
            (await Juliet.Submit(page, "/me/faces", ("kind", nonsense))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
            (await Juliet.Get($"/me/faces?handler=Drawn&kind={Uri.EscapeDataString(nonsense)}")).Status.ShouldBe(HttpStatusCode.NotFound);
        }

        (await Juliet.Get("/me/faces?again=-5")).Html.QuerySelector("input[name=again]")!.GetAttribute("value").ShouldBe("0");
        (await Web(JulietsAddress)).ShouldBeNull();
    }

    private static string Drawn(Answer page, string kind) => page.Html.QuerySelector($"input[value={kind}]")!.Closest("label")!.QuerySelector("img")!.GetAttribute("src")!;

    /// <summary>How far colours are from each other on average.</summary>
    private static double Alike(Pixels one, Pixels other)
    {
        (one.Width, one.Height, one.Bands).ShouldBe((other.Width, other.Height, other.Bands));
        return one.Bytes.Zip(other.Bytes, (a, b) => Math.Abs(a - b)).Average();
    }
}
