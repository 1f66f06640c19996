using System.Net;
using System.Text.Json;
using Likeness.Accounts;
using Likeness.Cli.Tests;
using Likeness.Cli.Tests.Serving;
using Likeness.Server.Options;
using Likeness.Web.Passkeys;
using Likeness.Web.Tests.Hosting;
using Microsoft.AspNetCore.WebUtilities;

namespace Likeness.Web.Tests.Visits;

/// <summary>Passkeys, and what only looks like one.</summary>
[Trait("Requirement", "P-4")]
public sealed class PasskeyTests : PagesOfServer
{
    private const string Host = "faces.example.org";
    private const string Origin = "https://faces.example.org";
    private const string Juliet = "juliet@example.org";
    private const string Password = "wherefore art thou";
    private readonly SoftKey _key = new(Origin, Host);
    private WebBrowser _juliet = null!;
    private WebBrowser _phone = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Run("user", "add", Juliet, "--password", Password);
        await Run("user", "add", "romeo@example.org", "--password", Password);
        (_juliet, _phone) = (await Browser(Juliet, Password), Browser());
    }

    public override async ValueTask DisposeAsync()
    {
        _key.Dispose();
        await base.DisposeAsync();
    }

    private protected override LikenessOptions Change(LikenessOptions options) => options with { PublicUrl = new Uri(Origin) };

    [Fact]
    [Trait("Requirement", "P-13")]
    public async Task It_is_made_named_used_without_a_name_and_removed()
    {
        (await Make(_key, "phone")).Location.ShouldBe("/me/passkeys?done=yes");
        (await _juliet.Get("/me/passkeys")).Says(".sessions strong").ShouldBe("phone");
        (await Show(_key)).Location.ShouldBe("/me");
        (await _phone.Get("/me")).Text.ShouldContain(Juliet);
        (await _juliet.Get("/me/sessions")).Html.QuerySelectorAll(".sessions li").Length.ShouldBe(2);

        var page = await _juliet.Get("/me/passkeys");
        (await _juliet.Submit(page, "/me/passkeys?handler=Rename", ("name", "old phone"))).Location.ShouldBe("/me/passkeys");
        page = await _juliet.Get("/me/passkeys");
        page.Says(".sessions strong").ShouldBe("old phone");
        page.Says(".sessions .aside")!.ShouldContain("last used");
        (await _juliet.Submit(page, "/me/passkeys?handler=Remove")).Location.ShouldBe("/me/passkeys");
        (await Show(_key)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        var log = await Run("log", "--address", Juliet);
        log.ShouldContain("passkey add");
        log.ShouldContain("passkey remove");
    }

    [Fact]
    public async Task What_another_site_made_what_nobody_checked_and_what_was_shown_before_do_not_count()
    {
        await Make(_key, "phone");
        _key.Origin = "https://faces.example.net";
        (await Show(_key)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity, "another site passed it on");
        (_key.Origin, _key.Host) = (Origin, "example.net");
        (await Show(_key)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity, "it was made for another site");
        (_key.Host, _key.Verifies) = (Host, false);
        (await Show(_key)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity, "nobody was checked");
        (_key.Verifies, _key.IsFramed) = (true, true);
        (await Show(_key)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity, "another site's page had ours in a frame");
        _key.IsFramed = false;

        var options = await Options(_phone, "/sign-in?handler=PasskeyOptions", "/sign-in");
        var shown = _key.Show(options);
        Time.Advance(PasskeyBook.Timeout);
        (await Send(shown)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity, "too late");
        shown = _key.Show(await Options(_phone, "/sign-in?handler=PasskeyOptions", "/sign-in"));
        var other = Browser();
        await Options(other, "/sign-in?handler=PasskeyOptions", "/sign-in");
        (await Send(shown, other)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity, "the challenge was another browser's");
        (await Send(shown)).Location.ShouldBe("/me");
        _phone.Token = null;
        await _phone.Get("/sign-in");
        (await Send(shown)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity, "it was shown before");
        (await Send("{}")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Send("")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task A_copy_of_one_that_counts_is_noticed()
    {
        _key.Counter = 7;
        await Make(_key, "key");
        _key.Counter = 8;
        (await Show(_key)).Location.ShouldBe("/me");
        _phone.Token = null;
        (await Show(_key)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    [Trait("Requirement", "P-88")]
    public async Task Nobody_names_or_removes_anothers_or_makes_one_that_somebody_has()
    {
        await Make(_key, "phone");
        var romeo = await Browser("romeo", Password);
        var id = WebEncoders.Base64UrlEncode(_key.Id);
        foreach (var act in new[] { "Rename", "Remove" })
        {
            foreach (var said in new KeyValuePair<string, string>[] { new("id", id), new("id", "?"), new("none", id) })
            {
                (await romeo.Post($"/me/passkeys?handler={act}", [new("__RequestVerificationToken", WebBrowser.FormToken(await romeo.Get("/me"))), said, new("name", "his")])).Status.ShouldBe(HttpStatusCode.NotFound);
            }
        }

        var made = _key.Make(await Options(romeo, "/me/passkeys?handler=Options", "/me"));
        (await romeo.Post("/me/passkeys?handler=Add", [new("__RequestVerificationToken", WebBrowser.FormToken(await romeo.Get("/me"))), new("credential", made), new("name", "his")])).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await _juliet.Get("/me/passkeys")).Says(".sessions strong").ShouldBe("phone");
    }

    [Fact]
    [Trait("Requirement", "P-88")]
    public async Task The_own_key_opens_no_account_of_somebody_else_although_it_says_so()
    {
        await Make(_key, "phone");
        using var his = new SoftKey(Origin, Host);
        var romeo = await Browser("romeo", Password);
        (await Add(romeo, his)).Location.ShouldBe("/me/passkeys?done=yes");
        his.Handle = _key.Handle;
        (await Show(his)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await _phone.Get("/me")).Status.ShouldBe(HttpStatusCode.SeeOther);
    }

    [Fact]
    public async Task No_more_are_made_than_may_be_and_no_more_challenges_given()
    {
        var keys = Enumerable.Range(0, PasskeyBook.MaxPasskeys + 1).Select(_ => new SoftKey(Origin, Host)).ToList();
        foreach (var key in keys.SkipLast(2))
        {
            (await Add(_juliet, key)).Location.ShouldBe("/me/passkeys?done=yes");
        }

        // Of two that are begun while there is room for one, one is kept.
        var second = await Browser(Juliet, Password);
        var begun = keys[^1].Make(await Options(second, "/me/passkeys?handler=Options", "/me"));
        (await Add(_juliet, keys[^2])).Location.ShouldBe("/me/passkeys?done=yes");
        (await Send(second, begun)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await Ask()).Status.ShouldBe(HttpStatusCode.ServiceUnavailable, "as many as may be");
        (await _juliet.Get("/me/passkeys")).Html.QuerySelectorAll(".sessions strong").Length.ShouldBe(PasskeyBook.MaxPasskeys);
        keys.ForEach(key => key.Dispose());

        var form = WebBrowser.FormToken(await _phone.Get("/sign-in"));
        var given = 0;
        while (given <= PasskeyBook.BegunPerClient.Permits && (await _phone.Post("/sign-in?handler=PasskeyOptions", [new("__RequestVerificationToken", form)])).Status == HttpStatusCode.OK)
        {
            given++;
        }

        given.ShouldBe(PasskeyBook.BegunPerClient.Permits - PasskeyBook.MaxPasskeys - 1);
        (await Ask(await Browser("romeo", Password))).Status.ShouldBe(HttpStatusCode.ServiceUnavailable, "he has none, and comes from the same place");

        async Task<Answer> Ask(WebBrowser? browser = null) => await (browser ?? _juliet).Post("/me/passkeys?handler=Options", [new("__RequestVerificationToken", WebBrowser.FormToken(await (browser ?? _juliet).Get("/me")))]);
    }

    [Fact]
    [Trait("Requirement", "P-11")]
    public async Task After_ten_minutes_the_page_asks_for_the_password_or_a_passkey_and_that_is_a_new_session()
    {
        await Make(_key, "phone");
        Time.Advance(WebSessions.Fresh);
        var asked = await _juliet.Get("/me/passkeys");
        asked.Location.ShouldBe("/sign-in?return=%2Fme%2Fpasskeys&again=yes");
        var form = WebBrowser.FormToken(await _juliet.Get("/me"));
        (await _juliet.Post("/me/passkeys?handler=Options", [new("__RequestVerificationToken", form)])).Location.ShouldBe("/sign-in?return=%2Fme%2Fpasskeys&again=yes");
        (await _juliet.Post("/me/passkeys?handler=Remove", [new("__RequestVerificationToken", form), new("id", WebEncoders.Base64UrlEncode(_key.Id))])).Status.ShouldBe(HttpStatusCode.SeeOther);

        var before = _juliet.Token;
        var page = await _juliet.Follow(asked);
        page.Html.QuerySelector("#name")!.GetAttribute("value").ShouldBe(Juliet);
        var options = await _juliet.Post("/sign-in?handler=PasskeyOptions", [new("__RequestVerificationToken", WebBrowser.FormToken(page))]);
        (await _juliet.Submit(page, "/sign-in?handler=Passkey", ("credential", _key.Show(options.Text)))).Location.ShouldBe("/me/passkeys");
        _juliet.Token.ShouldNotBe(before);
        (await _juliet.Get("/me/passkeys")).Says(".sessions strong").ShouldBe("phone");
        (await _juliet.Get("/me/sessions")).Html.QuerySelectorAll(".sessions li").ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Who_was_shut_out_does_not_get_in_by_it_and_the_next_of_the_name_does_not_have_it()
    {
        await Make(_key, "phone");
        await Run("user", "disable", Juliet);
        (await Show(_key)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        await Run("user", "enable", Juliet);
        await Run("user", "passwd", Juliet, "--password", "the orchard wall is high");
        (await Show(_key)).Location.ShouldBe("/me");
        await Run("user", "remove", Juliet);
        await Run("user", "add", Juliet, "--password", Password);
        _phone.Token = null;
        (await Show(_key)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task Without_a_public_host_name_there_are_none_and_all_else_is_as_before()
    {
        await Make(_key, "phone");
        var (made, shown) = (_key.Make(await Options(_juliet, "/me/passkeys?handler=Options", "/me")), _key.Show(await Options(_phone, "/sign-in?handler=PasskeyOptions", "/sign-in")));
        await Server.DisposeAsync();
        Server = await RunningServer.Start(Data.Path, time: Time);
        var (browser, juliet, phone) = (Browser(), Browser(), Browser());
        (juliet.Token, phone.Token) = (_juliet.Token, _phone.Token);
        (await Send(juliet, made)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity, "it was begun before");
        (await Send(shown, phone)).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await juliet.Post("/me/passkeys?handler=Options", [new("__RequestVerificationToken", WebBrowser.FormToken(await juliet.Get("/me")))])).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await browser.Get("/sign-in")).Html.QuerySelectorAll("#passkey, script").ShouldBeEmpty();
        (await browser.SignIn("juliet", Password)).Html.QuerySelectorAll("a[href='/me/passkeys']").ShouldBeEmpty();
        (await browser.Get("/me/passkeys")).Status.ShouldBe(HttpStatusCode.NotFound);
        (await browser.Post("/sign-in?handler=PasskeyOptions", [new("__RequestVerificationToken", WebBrowser.FormToken(await browser.Get("/me")))])).Status.ShouldBe(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task Options_ask_for_a_key_that_names_the_account_and_checks_the_person()
    {
        using var options = JsonDocument.Parse(await Options(_juliet, "/me/passkeys?handler=Options", "/me"));
        var root = options.RootElement;
        root.GetProperty("rp").GetProperty("id").GetString().ShouldBe(Host);
        root.GetProperty("authenticatorSelection").GetProperty("residentKey").GetString().ShouldBe("required");
        root.GetProperty("authenticatorSelection").GetProperty("userVerification").GetString().ShouldBe("required");
        root.GetProperty("user").GetProperty("id").GetString()!.ShouldNotContain("juliet");
        await Make(_key, "phone");
        using var next = JsonDocument.Parse(await Options(_juliet, "/me/passkeys?handler=Options", "/me"));
        next.RootElement.GetProperty("excludeCredentials").GetArrayLength().ShouldBe(1);
        next.RootElement.GetProperty("user").GetProperty("id").GetString().ShouldNotBe(root.GetProperty("user").GetProperty("id").GetString(), "the first was only begun");
    }

    private async Task<Answer> Make(SoftKey key, string name)
    {
        var made = key.Make(await Options(_juliet, "/me/passkeys?handler=Options", "/me"));
        return await _juliet.Submit(await _juliet.Get("/me/passkeys"), "/me/passkeys?handler=Add", ("credential", made), ("name", name));
    }

    private static async Task<Answer> Add(WebBrowser browser, SoftKey key) => await Send(browser, key.Make(await Options(browser, "/me/passkeys?handler=Options", "/me")));

    private static async Task<Answer> Send(WebBrowser browser, string made) => await browser.Post(
        "/me/passkeys?handler=Add",
        [new("__RequestVerificationToken", WebBrowser.FormToken(await browser.Get("/me"))), new("credential", made), new("name", "key")]);

    private async Task<Answer> Show(SoftKey key)
    {
        _phone.Token = null;
        return await Send(key.Show(await Options(_phone, "/sign-in?handler=PasskeyOptions", "/sign-in")));
    }

    private async Task<Answer> Send(string credential, WebBrowser? browser = null)
    {
        browser ??= _phone;
        return await browser.Post("/sign-in?handler=Passkey", [new("__RequestVerificationToken", WebBrowser.FormToken(await browser.Get("/report"))), new("credential", credential)]);
    }

    private static async Task<string> Options(WebBrowser browser, string path, string form)
    {
        // As the script does: without a form.
        using var request = new HttpRequestMessage(HttpMethod.Post, browser.Root + path);
        request.Headers.Add("RequestVerificationToken", WebBrowser.FormToken(await browser.Get(form)));
        var answer = await browser.Send(request);
        answer.Status.ShouldBe(HttpStatusCode.OK, answer.Text);
        return answer.Text;
    }
}
