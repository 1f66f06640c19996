using System.Net;
using System.Text.Json;
using Likeness.Cli.Tests;
using Likeness.Imaging;
using Likeness.Web.Portraits;
using Likeness.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Likeness.Web.Tests.Portraits;

/// <summary>A person without script gives themselves a face, decides who sees it, and takes it away.</summary>
public sealed class OwnPortraitTests : PagesOfPeople
{
    [Fact]
    [Trait("Requirement", "P-30")]
    [Trait("Requirement", "P-94")]
    public async Task A_picture_is_shown_everywhere_when_the_next_page_says_so()
    {
        (await Web(JulietsAddress)).ShouldBeNull();
        var page = await Juliet.Get("/me/picture?done=set");
        page.Says("[role=status]").ShouldBeNullOrEmpty("nothing is shown yet, whatever a link says");
        var done = await Juliet.Upload(page, "/me/picture", TestPicture.Waves(300, 2));
        (done.Status, done.Location).ShouldBe((HttpStatusCode.SeeOther, "/me/picture?done=set"), done.Text);
        (await Juliet.Follow(done)).Says("[role=status]").ShouldNotBeNullOrEmpty();
        (await Juliet.Get("/me/picture")).Says("[role=status]").ShouldBeNullOrEmpty("nothing was done just now");

        (await Web(JulietsAddress)).ShouldNotBeNull();
        (await Run("log", "--address", JulietsAddress)).ShouldContain("avatar set");
        var me = await Juliet.Get("/me");
        me.Html.QuerySelectorAll("[data-place].yes").Length.ShouldBe(3);
        (await Juliet.Get(me.Html.QuerySelector("#own")!.GetAttribute("src")!)).Headers["Content-Type"].ShouldStartWith("image/");
    }

    [Fact]
    [Trait("Requirement", "P-36")]
    public async Task The_picture_is_shown_in_sizes_shapes_and_on_grounds_from_the_servers_own_renderer()
    {
        await Juliet.Upload(await Juliet.Get("/me/picture"), "/me/picture", TestPicture.Waves(300, 2));
        var images = (await Juliet.Get("/me/picture")).Html.QuerySelectorAll(".previews img");
        images.Length.ShouldBe(5 * 3 * 2);
        images.Select(image => $"{image.GetAttribute("width")} {image.ClassName} {image.Closest(".ground")!.ClassName}").Distinct().Count().ShouldBe(30);
        foreach (var source in images.Select(image => image.GetAttribute("src")!).Distinct())
        {
            var picture = await Juliet.Get(source);
            ImageGate.TryIdentify(picture.Bytes, out var header).ShouldBeTrue();
            header.Width.ShouldBe(int.Parse(picture.Path.Split('/')[^1], System.Globalization.CultureInfo.InvariantCulture));
            picture.Headers["Content-Security-Policy"].ShouldContain("sandbox");
        }
    }

    [Theory]
    [InlineData("left", 0)]
    [InlineData("centre", 100)]
    [InlineData("right", 200)]
    [InlineData("", 100)]
    [InlineData("7", 100)]
    [Trait("Requirement", "P-34")]
    public async Task The_part_that_was_chosen_is_shown(string part, int left)
    {
        // The red of a column tells where it was.
        var done = await Juliet.Upload(await Juliet.Get("/me/picture"), "/me/picture", Ramp(300, 100), ("part", part));
        done.Status.ShouldBe(HttpStatusCode.SeeOther, done.Text);
        var shown = await Shown(100);
        shown.Red(50, 50).ShouldBe((left + 50) * 255 / 300, 3.0);
        shown.Red(5, 50).ShouldBe((left + 5) * 255 / 300, 3.0);
    }

    [Fact]
    [Trait("Requirement", "P-34")]
    public async Task All_of_the_picture_is_shown_on_white()
    {
        await Juliet.Upload(await Juliet.Get("/me/picture"), "/me/picture", Ramp(300, 100), ("part", "whole"));
        var shown = await Shown(300);
        shown.Red(150, 20).ShouldBe(255, 1.0);
        shown.Red(150, 150).ShouldBe(127, 3.0);
        shown.Red(2, 150).ShouldBeLessThan(10);
    }

    [Fact]
    [Trait("Requirement", "P-35")]
    public async Task The_square_that_was_said_is_shown_and_nonsense_is_put_right()
    {
        await Juliet.Upload(await Juliet.Get("/me/picture"), "/me/picture", Ramp(300, 100), ("x", "120"), ("y", "10"), ("size", "60"), ("angle", "0"));
        var shown = await Shown(60);
        shown.Red(30, 30).ShouldBe(150 * 255 / 300, 3.0);

        await Juliet.Upload(await Juliet.Get("/me/picture"), "/me/picture", Ramp(300, 100), ("x", "20"), ("y", "10"), ("size", "60"), ("mirror", "true"));
        (await Shown(60)).Red(30, 30).ShouldBe((300 - 50) * 255 / 300, 3.0);

        // A quarter turn: what was left is on top.
        await Juliet.Upload(await Juliet.Get("/me/picture"), "/me/picture", Ramp(300, 100), ("x", "100"), ("y", "0"), ("size", "100"), ("angle", "90"));
        shown = await Shown(100);
        shown.Red(50, 5).ShouldBe(105 * 255 / 300, 4.0);
        shown.Red(50, 95).ShouldBe(195 * 255 / 300, 4.0);

        foreach (var (x, size) in new[] { ("NaN", "60"), ("1e30", "60"), ("-1e30", "1e30"), ("Infinity", "Infinity") })
        {
            var done = await Juliet.Upload(await Juliet.Get("/me/picture"), "/me/picture", Ramp(300, 100), ("x", x), ("size", size));
            done.Status.ShouldBe(HttpStatusCode.SeeOther, done.Text);
        }
    }

    [Fact]
    [Trait("Requirement", "P-32")]
    [Trait("Requirement", "P-90")]
    public async Task What_is_no_picture_is_refused_with_what_would_be_one()
    {
        var page = await Juliet.Get("/me/picture");
        foreach (var (file, status) in new[] { ("<svg xmlns='http://www.w3.org/2000/svg'/>"u8.ToArray(), HttpStatusCode.UnprocessableEntity), ([], HttpStatusCode.UnprocessableEntity), (TestPicture.Png()[..120], HttpStatusCode.UnprocessableEntity), (new byte[(10 * 1024 * 1024) + 1], HttpStatusCode.RequestEntityTooLarge), (new byte[11 * 1024 * 1024], HttpStatusCode.RequestEntityTooLarge) })
        {
            var refused = await Juliet.Upload(page, "/me/picture", file);
            refused.Status.ShouldBe(status);
            refused.Says("[role=alert]").ShouldNotBeNullOrEmpty();
        }

        (await Juliet.Upload(page, "/me/picture", "GIF"u8.ToArray())).Says("[role=alert]")!.ShouldContain("JPEG, PNG");
        (await Web(JulietsAddress)).ShouldBeNull();
    }

    [Fact]
    [Trait("Requirement", "P-38")]
    public async Task A_picture_that_was_taken_away_is_gone_at_once_and_comes_back_within_thirty_seconds()
    {
        await Juliet.Upload(await Juliet.Get("/me/picture"), "/me/picture", TestPicture.Waves(300, 2));
        var before = await Web(JulietsAddress);

        var gone = await Juliet.Follow(await Juliet.Submit(await Juliet.Get("/me"), "/me?handler=Remove"));
        (await Web(JulietsAddress)).ShouldBeNull();
        gone.Says("[role=status]").ShouldNotBeNullOrEmpty();
        await Romeo.Post("/me?handler=Restore", [new("__RequestVerificationToken", WebBrowser.FormToken(await Romeo.Get("/me")))]);
        (await Web(RomeosAddress)).ShouldBeNull("it is had back by whose it was");
        Time.Advance(TimeSpan.FromSeconds(29));
        var back = await Juliet.Follow(await Juliet.Submit(gone, "/me?handler=Restore"));
        (await Web(JulietsAddress)).ShouldBe(before);
        back.Html.QuerySelector(".undo").ShouldBeNull();

        gone = await Juliet.Follow(await Juliet.Submit(back, "/me?handler=Remove"));
        Time.Advance(TimeSpan.FromSeconds(30));
        (await Juliet.Get("/me")).Html.QuerySelector(".undo").ShouldBeNull();
        (await Juliet.Submit(gone, "/me?handler=Restore")).Location.ShouldBe("/me?done=restored");
        (await Web(JulietsAddress)).ShouldBeNull();

        // Where none was shown none comes back, and what is shown by then stays.
        (await Juliet.Follow(await Juliet.Submit(gone, "/me?handler=Remove"))).Html.QuerySelector(".undo").ShouldBeNull();
        await Juliet.Upload(await Juliet.Get("/me/picture"), "/me/picture", TestPicture.Waves(300, 2));
        await Juliet.Submit(gone, "/me?handler=Remove");
        await Juliet.Upload(await Juliet.Get("/me/picture"), "/me/picture", TestPicture.Waves(300, 5));
        before = await Web(JulietsAddress);
        (await Juliet.Get("/me")).Html.QuerySelector(".undo").ShouldBeNull("another one is shown");
        await Juliet.Submit(gone, "/me?handler=Restore");
        (await Web(JulietsAddress)).ShouldBe(before);
    }

    [Fact]
    [Trait("Requirement", "P-51")]
    public async Task It_is_seen_where_it_is_shown_and_in_chats_where_there_are_any()
    {
        await Juliet.Upload(await Juliet.Get("/me/picture"), "/me/picture", TestPicture.Waves(300, 2));
        (await Seen(JulietsAddress, hasChats: true)).ShouldBe((true, true, true));
        (await Seen(JulietsAddress, hasChats: false)).ShouldBe((true, false, false));
        (await Seen(RomeosAddress, hasChats: true)).ShouldBe((false, false, false), "he has none");
        await Juliet.Submit(await Juliet.Get("/me/visibility"), "/me/visibility", ("visibility", "contacts"));
        (await Seen(JulietsAddress, hasChats: true)).ShouldBe((false, true, false));
        await Juliet.Submit(await Juliet.Get("/me/visibility"), "/me/visibility", ("visibility", "nobody"));
        (await Seen(JulietsAddress, hasChats: true)).ShouldBe((false, false, false));

        async Task<(bool OnTheWeb, bool ByContacts, bool ByStrangers)> Seen(string person, bool hasChats)
        {
            var seen = await Server.Host.Services.GetRequiredService<OwnPortrait>().Look(new Identity(person), hasChats, TestContext.Current.CancellationToken);
            return (seen.OnTheWeb, seen.ByContacts, seen.ByStrangers);
        }
    }

    [Fact]
    public void No_more_pages_are_told_of_changes_than_may_be_and_one_that_is_closed_makes_room()
    {
        var streams = new PortraitStreams();
        var pages = Enumerable.Range(0, PortraitStreams.MaxAllPages).Select(number => (Person: new Identity($"a{number}@example.org"), Page: streams.Open(new Identity($"a{number}@example.org"))!)).ToList();
        pages.ShouldAllBe(page => page.Page != null);
        streams.Open(new Identity(JulietsAddress)).ShouldBeNull();
        streams.Open(new Identity(JulietsAddress)).ShouldBeNull("who was refused is not counted");
        streams.Close(pages[0].Person, pages[0].Page);
        streams.Open(new Identity(JulietsAddress)).ShouldNotBeNull();
    }

    [Fact]
    [Trait("Requirement", "P-50")]
    [Trait("Requirement", "P-51")]
    public async Task Who_sees_it_is_decided_once_and_the_table_says_what_the_surfaces_do()
    {
        await Juliet.Upload(await Juliet.Get("/me/picture"), "/me/picture", TestPicture.Waves(300, 2));
        foreach (var choice in new[] { "contacts", "nobody", "public" })
        {
            var page = await Juliet.Get("/me/visibility");
            (await Juliet.Submit(page, "/me/visibility", ("visibility", choice))).Location.ShouldBe("/me?done=visibility");
            page = await Juliet.Get("/me/visibility");
            page.Html.QuerySelector("input[checked]")!.GetAttribute("value").ShouldBe(choice);
            page.Html.QuerySelectorAll($"td[data-choice={choice}]").Select(place => place.GetAttribute("data-place")).ShouldBe(Likeness.Web.Pages.VisibilityModel.Places.Select(place => place.Place), "in chats, too");
            var isOnTheWeb = page.Html.QuerySelector($"td[data-place=web][data-choice={choice}]")!.ClassList.Contains("yes");
            (await Web(JulietsAddress) is not null).ShouldBe(isOnTheWeb);
            (await Server.Web.GetAsync(new Uri($"{Juliet.Root}/.well-known/webfinger?resource=acct:{JulietsAddress}"))).IsSuccessStatusCode
                .ShouldBe(page.Html.QuerySelector($"td[data-place=webfinger][data-choice={choice}]")!.ClassList.Contains("yes"));
            (await Run("avatar", "show", JulietsAddress)).ShouldContain(choice);
        }

        foreach (var nonsense in new[] { "", "1", "everybody" })
        {
            (await Juliet.Submit(await Juliet.Get("/me/visibility"), "/me/visibility", ("visibility", nonsense))).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        }

        (await Juliet.Get("/me/visibility")).Text.ShouldContain("5 min");
    }

    [Fact]
    [Trait("Requirement", "P-43")]
    public async Task A_locked_picture_stays_and_its_owner_is_told_why()
    {
        await Juliet.Upload(await Juliet.Get("/me/picture"), "/me/picture", TestPicture.Waves(300, 2));
        var before = await Web(JulietsAddress);
        await Run("avatar", "lock", JulietsAddress, "--reason", "a bet");
        await Juliet.Upload(await Juliet.Get("/me/picture"), "/me/picture", TestPicture.Waves(100, 7), ("how", "keep"), ("name", "another"));
        foreach (var (path, held) in new[] { ("/me", "#remove button"), ("/me/picture", "#crop > button.main"), ("/me/faces", "button.main"), ("/me/pictures", "form[action='/me/pictures?handler=Choose'] button, [formaction$=Show]") })
        {
            var page = await Juliet.Get(path);
            page.Says("#held")!.ShouldContain("a bet", customMessage: path);
            page.Html.QuerySelectorAll(held).ShouldNotBeEmpty(path);
            page.Html.QuerySelectorAll(held).ShouldAllBe(button => button.HasAttribute("disabled"), path);
        }

        (await Juliet.Upload(await Juliet.Get("/me/picture"), "/me/picture", TestPicture.Waves(300, 4))).Status.ShouldBe(HttpStatusCode.Locked);
        (await Juliet.Submit(await Juliet.Get("/me"), "/me?handler=Remove")).Status.ShouldBe(HttpStatusCode.Locked);
        (await Web(JulietsAddress)).ShouldBe(before);
        await Run("avatar", "unlock", JulietsAddress);
        (await Juliet.Get("/me/picture")).Html.QuerySelector("#crop > button.main")!.HasAttribute("disabled").ShouldBeFalse();
    }

    [Fact]
    [Trait("Requirement", "P-71")]
    public async Task Who_lost_a_picture_is_told_why_and_who_took_away_the_own_one_knows()
    {
        await Run("admin", "add", RomeosAddress);
        foreach (var (browser, account) in new[] { (Juliet, JulietsAddress), (Romeo, RomeosAddress) })
        {
            await browser.Upload(await browser.Get("/me/picture"), "/me/picture", TestPicture.Waves(100, 2));
            await Romeo.Post($"/admin/person?account={account}", [new("__RequestVerificationToken", WebBrowser.FormToken(await Romeo.Get("/me"))), new("act", "clear"), new("reason", "a stranger's face")]);
            (await Web(account)).ShouldBeNull();
        }

        (await Juliet.Get("/me")).Says(".problem").ShouldNotBeNull().ShouldContain("a stranger's face");
        (await Romeo.Get("/me")).Says(".problem").ShouldBeNull();
    }

    [Fact]
    public async Task An_open_page_is_told_of_every_change_until_its_session_ends()
    {
        using var web = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        web.DefaultRequestHeaders.TryAddWithoutValidation("Cookie", $"{WebBrowser.Cookie}={Juliet.Token}");
        using var events = new StreamReader(await web.GetStreamAsync(new Uri($"{Juliet.Root}/me/events")));
        (await Next(events)).GetProperty("shown").GetBoolean().ShouldBeFalse();

        await Run("avatar", "set", JulietsAddress, Data.Write("a.png", TestPicture.Waves(64, 3)));
        var now = await Next(events);
        (now.GetProperty("shown").GetBoolean(), now.GetProperty("web").GetBoolean()).ShouldBe((true, true));
        await Run("avatar", "set", RomeosAddress, Data.Write("b.png", TestPicture.Waves(64, 5)));
        await Juliet.Submit(await Juliet.Get("/me/visibility"), "/me/visibility", ("visibility", "nobody"));
        (await Next(events)).GetProperty("contacts").GetBoolean().ShouldBeFalse("what Romeo did is not told");

        await Run("user", "passwd", JulietsAddress, "--password", "the orchard wall is high");
        await Run("avatar", "clear", JulietsAddress);
        (await events.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(30))).ShouldNotContain("data:");
    }

    [Fact]
    public async Task The_oldest_of_too_many_open_pages_gives_way()
    {
        using var web = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        web.DefaultRequestHeaders.TryAddWithoutValidation("Cookie", $"{WebBrowser.Cookie}={Juliet.Token}");
        var open = new List<StreamReader>();
        for (var page = 0; page <= PortraitStreams.MaxPages; page++)
        {
            open.Add(new StreamReader(await web.GetStreamAsync(new Uri($"{Juliet.Root}/me/events"))));
            await Next(open[^1]);
        }

        (await open[0].ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(30))).ShouldNotContain("data:");
        await Run("avatar", "set", JulietsAddress, Data.Write("a.png", TestPicture.Waves(64, 3)));
        (await Next(open[1])).GetProperty("shown").GetBoolean().ShouldBeTrue();
        open.ForEach(page => page.Dispose());
    }

    [Fact]
    public async Task A_server_that_stops_waits_for_no_open_page()
    {
        using var web = new HttpClient { Timeout = TimeSpan.FromSeconds(30) };
        web.DefaultRequestHeaders.TryAddWithoutValidation("Cookie", $"{WebBrowser.Cookie}={Juliet.Token}");
        using var events = new StreamReader(await web.GetStreamAsync(new Uri($"{Juliet.Root}/me/events")));
        await Next(events);
        Server.Host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        (await events.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(30))).ShouldNotContain("data:");
    }

    private static async Task<JsonElement> Next(StreamReader events)
    {
        while (await events.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                return JsonDocument.Parse(line["data: ".Length..]).RootElement;
            }
        }

        throw new InvalidOperationException("The stream ended.");
    }

    private async Task<Pixels> Shown(int size) => Pixels.Of((await Web(JulietsAddress, size))!);

    private static byte[] Ramp(int width, int height) => Pixels.Ramp(width, height);
}
