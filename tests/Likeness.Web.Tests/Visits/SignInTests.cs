using System.Net;
using Likeness.Accounts;
using Likeness.Cli.Tests;
using Likeness.Cli.Tests.Serving;
using Likeness.Http.Tests.Hosting;
using Likeness.Web.Tests.Hosting;

namespace Likeness.Web.Tests.Visits;

/// <summary>Sign-in by the password of the chats, over real sockets and a real database.</summary>
public sealed class SignInTests : IAsyncLifetime
{
    private const string Juliet = "juliet@example.org";
    private const string Password = "wherefore art thou";
    private readonly TemporaryDirectory _data = new();
    private readonly SettableTime _time = new();
    private RunningServer _server = null!;
    private WebBrowser _browser = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await RunningServer.Start(_data.Path, time: _time);
        _browser = new WebBrowser(_server);
        await Run("user", "add", Juliet, "--password", Password);
    }

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        await _server.DisposeAsync();
        _data.Dispose();
    }

    [Theory]
    [InlineData("juliet")]
    [InlineData("Juliet@Example.ORG")]
    [InlineData(" juliet@example.org ")]
    [InlineData("capulet@example.org")]
    [Trait("Requirement", "P-1")]
    public async Task The_name_of_the_chats_its_local_part_or_an_address_of_the_person_and_the_password_open_the_page(string name)
    {
        await Run("address", "add", Juliet, "capulet@example.org");
        var page = await _browser.SignIn(name, Password);
        page.Status.ShouldBe(HttpStatusCode.OK);
        page.Path.ShouldBe("/me");
        page.Text.ShouldContain(Juliet);
    }

    [Fact]
    [Trait("Requirement", "P-7")]
    public async Task A_wrong_password_and_an_unknown_name_are_answered_alike()
    {
        var wrong = await _browser.Submit(await _browser.Get("/sign-in"), "/sign-in", ("name", "juliet"), ("password", "orchard"));
        var unknown = await _browser.Submit(await _browser.Get("/sign-in"), "/sign-in", ("name", "tybalt"), ("password", "orchard"));
        var none = await _browser.Submit(await _browser.Get("/sign-in"), "/sign-in", ("name", "@"), ("password", "orchard"));
        foreach (var (name, password) in new[] { ("juliet", ""), (" ", "orchard") })
        {
            (await _browser.Submit(await _browser.Get("/sign-in"), "/sign-in", ("name", name), ("password", password))).Says("[role=alert]").ShouldBe(wrong.Says("[role=alert]"), name);
        }

        wrong.Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        unknown.Status.ShouldBe(wrong.Status);
        none.Status.ShouldBe(wrong.Status);
        unknown.Says("[role=alert]").ShouldBe(wrong.Says("[role=alert]"));
        none.Says("[role=alert]").ShouldBe(wrong.Says("[role=alert]"));
        wrong.Says("[role=alert]").ShouldNotBeNullOrEmpty();
    }

    [Fact]
    [Trait("Requirement", "P-9")]
    public async Task After_ten_wrong_passwords_the_right_one_has_to_wait_and_the_time_is_said()
    {
        for (var i = 0; i < LoginLimits.PerAccount.Permits; i++)
        {
            await _browser.Submit(await _browser.Get("/sign-in"), "/sign-in", ("name", "juliet"), ("password", "orchard"));
        }

        var refused = await _browser.Submit(await _browser.Get("/sign-in"), "/sign-in", ("name", "juliet"), ("password", Password));
        refused.Status.ShouldBe(HttpStatusCode.TooManyRequests);
        refused.Headers.ShouldContainKey("Retry-After");
        _time.Advance(LoginLimits.PerAccount.Per);
        (await _browser.SignIn("juliet", Password)).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    [Trait("Requirement", "P-10")]
    public async Task The_cookie_is_for_this_host_alone_and_another_one_after_each_sign_in()
    {
        _browser.Token = "somebody-knows-it";
        await _browser.Get("/sign-in");
        _browser.Token.ShouldNotBe("somebody-knows-it");
        var before = _browser.Token;
        var done = await _browser.Submit(await _browser.Get("/sign-in"), "/sign-in", ("name", "juliet"), ("password", Password));

        var cookie = done.Cookies.ShouldHaveSingleItem();
        foreach (var word in new[] { "__Host-likeness=", "path=/", "secure", "httponly", "samesite=lax", "max-age=7776000" })
        {
            cookie.ShouldContain(word, Case.Insensitive);
        }

        cookie.ShouldNotContain("domain", Case.Insensitive);
        _browser.Token.ShouldNotBe(before);
        _browser.Token!.Length.ShouldBe(32);
        File.ReadAllBytes(Path.Combine(_data.Path, "likeness.db")).AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(_browser.Token)).ShouldBe(-1);
    }

    [Fact]
    [Trait("Requirement", "P-10")]
    public async Task A_session_ends_by_signing_out_by_another_password_without_use_and_in_the_end_anyway()
    {
        var page = await _browser.SignIn("juliet", Password);
        var token = _browser.Token;
        (await _browser.Get("/sign-in")).Location.ShouldBe("/me");
        (await _browser.Submit(page, "/sign-out")).Location.ShouldBe("/");
        _browser.Token.ShouldBeNull();
        await IsOver(token);

        await _browser.SignIn("juliet", Password);
        await Run("user", "passwd", Juliet, "--password", "the orchard wall is high");
        await IsOver(_browser.Token);

        await _browser.SignIn("juliet", "the orchard wall is high");
        _time.Advance(WebSessions.Idle - TimeSpan.FromMinutes(1));
        (await _browser.Get("/me")).Status.ShouldBe(HttpStatusCode.OK);
        _time.Advance(WebSessions.Idle);
        await IsOver(_browser.Token);

        await _browser.SignIn("juliet", "the orchard wall is high");
        for (var passed = TimeSpan.Zero; passed < WebSessions.Lifetime - WebSessions.Idle; passed += WebSessions.Idle / 2)
        {
            (await _browser.Get("/me")).Status.ShouldBe(HttpStatusCode.OK);
            _time.Advance(WebSessions.Idle / 2);
        }

        _time.Advance(WebSessions.Idle / 2);
        await _browser.Get("/me");
        _time.Advance(WebSessions.Idle - TimeSpan.FromDays(1));
        await IsOver(_browser.Token);
    }

    [Theory]
    [InlineData("/me/picture", "/me/picture")]
    [InlineData("/me?a=b", "/me?a=b")]
    [InlineData("//evil.example", "/me")]
    [InlineData("/\\evil.example", "/me")]
    [InlineData("https://evil.example/", "/me")]
    [InlineData("javascript:alert(1)", "/me")]
    [InlineData("/\t/evil.example", "/me")]
    [InlineData("~/me/picture", "/me")]
    [InlineData("/sign-out", "/me")]
    [Trait("Requirement", "P-89")]
    public async Task After_sign_in_one_goes_on_to_a_page_of_ours_and_to_no_other(string back, string place)
    {
        var form = await _browser.Get("/sign-in?return=" + Uri.EscapeDataString(back));
        (await _browser.Submit(form, "/sign-in", ("name", "juliet"), ("password", Password))).Location.ShouldBe(place);
        _browser.Token = null;
        var plain = await _browser.Get("/sign-in");
        (await _browser.Submit(plain, "/sign-in", ("name", "juliet"), ("password", Password), ("return", back))).Location.ShouldBe(place);
    }

    private async Task IsOver(string? token)
    {
        _browser.Token = token;
        var answer = await _browser.Get("/me");
        answer.Status.ShouldBe(HttpStatusCode.SeeOther);
        answer.Location.ShouldBe("/sign-in?return=%2Fme");
        _browser.Token = null;
    }

    private async Task Run(params string[] command)
    {
        var ran = await LikenessProgram.Run([.. command, "--data", _data.Path]);
        ran.Error.ShouldBeEmpty();
        ran.Code.ShouldBe(0);
    }
}
