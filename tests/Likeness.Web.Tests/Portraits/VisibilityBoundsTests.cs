using System.Net;
using System.Net.Http.Headers;
using Likeness.Cli.Tests;
using Likeness.Cli.Tests.Serving;
using Likeness.Server.Options;
using Likeness.Web.Tests.Hosting;
using Likeness.Xmpp;
using Likeness.Xmpp.Client.Avatars;

namespace Likeness.Web.Tests.Portraits;

/// <summary>What an operator says of who sees portraits, across restarts with other settings.</summary>
[Trait("Requirement", "P-52")]
public sealed class VisibilityBoundsTests : PagesOfServer
{
    private const string Juliet = "juliet@example.org";
    private const string Nurse = "nurse@example.org";
    private const string Romeo = "romeo@example.org";
    private const string Password = "secret";
    private (Visibility Default, Visibility Widest) _said = (Visibility.Contacts, Visibility.Public);

    private protected override LikenessOptions Change(LikenessOptions options) =>
        options with { Policy = options.Policy with { DefaultVisibility = _said.Default, WidestVisibility = _said.Widest } };

    [Fact]
    public async Task A_default_that_becomes_wider_is_for_who_comes_afterwards()
    {
        await Add(Juliet, Nurse, "angelica@example.org");
        await SetPicture(Nurse);
        await Restart(Visibility.Public);
        (await IsOnTheWeb(Nurse)).ShouldBeFalse();

        // She was here, and saw that contacts would see it; that there was no picture yet makes no difference.
        var juliet = await Browser(Juliet, Password);
        (await juliet.Get("/me/visibility")).Html.QuerySelector("input[checked]")!.GetAttribute("value").ShouldBe("contacts");
        await juliet.Upload(await juliet.Get("/me/picture"), "/me/picture", TestPicture.Waves(100, 2));
        (await IsOnTheWeb(Juliet)).ShouldBeFalse();

        await Add(Romeo);
        await Restart(Visibility.Public);
        foreach (var newcomer in new[] { Romeo, "tybalt@example.org" })
        {
            await SetPicture(newcomer);
            (await IsOnTheWeb(newcomer)).ShouldBeTrue(newcomer);
        }

        await SetPicture("angelica@example.org");
        (await IsOnTheWeb("angelica@example.org")).ShouldBeFalse("it was an operator who set it, and she was here");
        juliet = await Browser(Juliet, Password);
        await juliet.Submit(await juliet.Get("/me/visibility"), "/me/visibility", ("visibility", "public"));
        (await IsOnTheWeb(Juliet)).ShouldBeTrue("she says so herself");
    }

    [Fact]
    public async Task A_default_that_becomes_narrower_and_wide_again_widens_nobody()
    {
        _said = (Visibility.Public, Visibility.Public);
        await Restart(Visibility.Public);
        await Add(Juliet);
        await Restart(Visibility.Nobody);
        await Restart(Visibility.Public);
        await SetPicture(Juliet);
        (await IsOnTheWeb(Juliet)).ShouldBeFalse();
    }

    [Fact]
    public async Task Nobody_is_shown_more_widely_than_the_domain_allows_whatever_was_chosen_before_or_is_chosen_where()
    {
        await Add(Juliet);
        await SetPicture(Juliet);
        var juliet = await Browser(Juliet, Password);
        await juliet.Submit(await juliet.Get("/me/visibility"), "/me/visibility", ("visibility", "public"));
        (await IsOnTheWeb(Juliet)).ShouldBeTrue();

        await Restart(Visibility.Contacts, Visibility.Contacts);
        (await IsOnTheWeb(Juliet)).ShouldBeFalse("she chose it before");
        juliet = await Browser(Juliet, Password);
        var page = await juliet.Get("/me/visibility");
        page.Html.QuerySelectorAll("input[name=visibility][disabled]").Select(input => input.GetAttribute("value")).ShouldBe(["public"]);
        page.Html.QuerySelector("input[checked]")!.GetAttribute("value").ShouldBe("contacts");
        page.Says("#widest")!.ShouldContain("example.org");
        var refused = await juliet.Submit(page, "/me/visibility", ("visibility", "public"));
        (refused.Status, refused.Says("[role=alert]")).ShouldBe((HttpStatusCode.UnprocessableEntity, page.Says("#widest")));

        // By a program.
        using var wish = new HttpRequestMessage(HttpMethod.Put, new Uri($"http://{Server.Host.Addresses.Http[0]}/api/v1/portraits/{Juliet}/visibility"));
        wish.Content = new StringContent("""{"visibility":"public"}""", new MediaTypeHeaderValue("application/json"));
        wish.Headers.Authorization = new AuthenticationHeaderValue("Bearer", (await Run("token", "add", "forge")).Trim());
        using var answer = await Server.Web.SendAsync(wish);
        answer.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity, await answer.Content.ReadAsStringAsync());

        // In chats: who publishes as always gets what there is, who asks for more is told.
        await using var chat = await ChatClient.LogIn(Server, Juliet);
        var avatar = new AvatarPublisher(chat);
        var id = await avatar.Publish(TestPicture.Waves(64, 5));
        (await avatar.Published()).ShouldHaveSingleItem().Id.ShouldBe(id);
        (await avatar.Access()).ShouldBe("presence");
        (await Should.ThrowAsync<StanzaErrorException>(() => avatar.SetAccess("open"))).Condition.ShouldBe(StanzaCondition.NotAcceptable);
        await avatar.SetAccess("whitelist");
        (await avatar.Access()).ShouldBe("whitelist");
        await avatar.SetAccess("presence");
        (await IsOnTheWeb(Juliet)).ShouldBeFalse();
        (await Run("avatar", "show", Juliet)).ShouldContain("contacts");
    }

    private async Task Restart(Visibility byDefault, Visibility widest = Visibility.Public)
    {
        _said = (byDefault, widest);
        await Server.DisposeAsync();
        Server = await RunningServer.Start(Data.Path, Change, Time);
    }

    private async Task Add(params string[] people)
    {
        foreach (var person in people)
        {
            await Run("user", "add", person, "--password", Password);
        }
    }

    private Task SetPicture(string person) => Run("avatar", "set", person, Data.Write("picture.png", TestPicture.Waves(80, 3)));

    private async Task<bool> IsOnTheWeb(string address)
    {
        using var response = await Server.Web.GetAsync(Server.Avatar(address, "d=404"));
        return response.StatusCode == HttpStatusCode.OK;
    }
}
