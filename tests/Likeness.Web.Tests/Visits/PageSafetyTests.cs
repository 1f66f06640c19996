using System.Net;
using System.Net.Sockets;
using Likeness.Accounts;
using Likeness.Cli.Tests;
using Likeness.Cli.Tests.Serving;
using Likeness.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Likeness.Web.Tests.Visits;

/// <summary>What stands before every page.</summary>
public sealed class PageSafetyTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _data = new();
    private RunningServer _server = null!;
    private WebBrowser _browser = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await RunningServer.Start(_data.Path);
        _browser = new WebBrowser(_server);
        (await LikenessProgram.Run("user", "add", "juliet@example.org", "--password", "verona", "--data", _data.Path)).Code.ShouldBe(0);
    }

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        await _server.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    [Trait("Requirement", "P-85")]
    public async Task Every_page_forbids_what_is_not_ours()
    {
        await _browser.SignIn("juliet", "verona");
        foreach (var path in new[] { "/", "/?address=anne", "/sign-out", "/me" })
        {
            var headers = (await _browser.Get(path)).Headers;
            headers["Content-Security-Policy"].ShouldStartWith("default-src 'none'; img-src 'self' blob: data:; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
            headers["Content-Security-Policy"].ShouldNotContain("unsafe");
            headers["X-Content-Type-Options"].ShouldBe("nosniff");
            headers["Referrer-Policy"].ShouldBe("same-origin");
            headers["Cross-Origin-Opener-Policy"].ShouldBe("same-origin");
            headers["Cross-Origin-Resource-Policy"].ShouldBe("same-origin");
            headers["Cache-Control"].ShouldContain("no-store");
        }
    }

    [Fact]
    [Trait("Requirement", "P-85")]
    public async Task No_page_has_script_or_style_in_itself_and_all_that_it_loads_is_here()
    {
        await _browser.SignIn("juliet", "verona");
        foreach (var path in new[] { "/?address=juliet@example.org", "/me" })
        {
            var html = (await _browser.Get(path)).Html;
            html.QuerySelectorAll("style, [style], script:not([src]), [onclick], [onload], base").ShouldBeEmpty();
            foreach (var place in html.QuerySelectorAll("[src], link[href]").Select(element => element.GetAttribute("src") ?? element.GetAttribute("href")!))
            {
                place.ShouldStartWith("/");
                place.ShouldNotStartWith("//");
                (await _browser.Get(place)).Status.ShouldBe(HttpStatusCode.OK, place);
            }
        }
    }

    [Fact]
    [Trait("Requirement", "P-86")]
    [Trait("Requirement", "L-108")]
    public async Task A_form_counts_only_from_the_browser_it_was_made_for()
    {
        var form = await _browser.Get("/sign-in");
        (string, string)[] good = [("name", "juliet"), ("password", "verona")];
        var (field, cookie) = (WebBrowser.FormToken(form), _browser.Token);
        WebBrowser.FormToken(await _browser.Get("/sign-in")).ShouldNotBe(field, "another text each time");

        foreach (var (sent, shown) in new[] { ("", cookie), (field[..^1], cookie), ("AAAA", cookie), (field, null), (field, new string('a', 32)) })
        {
            _browser.Token = shown;
            var refused = await _browser.Submit(form, "/sign-in", [.. good, ("__RequestVerificationToken", sent)]);
            refused.Status.ShouldBe(HttpStatusCode.BadRequest);
            refused.Says("[role=alert]").ShouldNotBeNullOrEmpty();
        }

        // What is no form counts even less.
        _browser.Token = cookie;
        (await _browser.Send(new HttpRequestMessage(HttpMethod.Post, _browser.Root + "/sign-in") { Content = new StringContent("{}") })).Status.ShouldBe(HttpStatusCode.BadRequest);
        (await _browser.Submit(form, "/sign-in", good)).Status.ShouldBe(HttpStatusCode.SeeOther);

        // What was good for a browser before somebody signed in there is not for the session.
        var old = await _browser.Post("/sign-out", [new("__RequestVerificationToken", field)]);
        old.Status.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    [Trait("Requirement", "P-85")]
    public async Task Pages_know_three_methods_and_draw_nothing_for_others()
    {
        await _browser.SignIn("juliet", "verona");
        _browser.Headers["Sec-Fetch-Site"] = "cross-site";
        (await _browser.Send(new HttpRequestMessage(HttpMethod.Head, _browser.Root + "/me"))).Status.ShouldBe(HttpStatusCode.OK, "links lead there from anywhere");
        foreach (var path in new[] { "/", "/me", "/sign-up/with", "/admin/person" })
        {
            foreach (var method in new[] { "TRACE", "PUT", "DELETE", "PATCH", "FOO", "OPTIONS" })
            {
                var answer = await _browser.Send(new HttpRequestMessage(new HttpMethod(method), _browser.Root + path));
                answer.Status.ShouldBe(method == "OPTIONS" ? HttpStatusCode.NoContent : HttpStatusCode.MethodNotAllowed, $"{method} {path}");
                answer.Headers["Allow"].ShouldBe("GET, HEAD, POST");
                answer.Bytes.ShouldBeEmpty();
            }
        }
    }

    [Fact]
    [Trait("Requirement", "P-90")]
    public async Task A_form_that_is_broken_off_is_a_bad_request_and_no_fault_of_this_server()
    {
        await _browser.SignIn("juliet", "verona");
        var form = new StringContent("--x\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"a\"\r\n\r\nabc");
        form.Headers.ContentType = System.Net.Http.Headers.MediaTypeHeaderValue.Parse("multipart/form-data; boundary=x");
        var answer = await _browser.Send(new HttpRequestMessage(HttpMethod.Post, _browser.Root + "/me/picture") { Content = form });
        answer.Status.ShouldBe(HttpStatusCode.BadRequest);
        answer.Says("main").ShouldNotBeNullOrEmpty();
    }

    [Fact]
    [Trait("Requirement", "P-90")]
    public async Task Who_goes_away_while_sending_a_form_leaves_no_error_in_the_log()
    {
        var lines = new WarningLines();
        _server.Host.Services.GetRequiredService<ILoggerFactory>().AddProvider(lines);
        await _browser.SignIn("juliet", "verona");
        using (var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { LingerState = new LingerOption(enable: true, seconds: 0) })
        {
            await socket.ConnectAsync(_server.Host.Addresses.Http[0]);
            await socket.SendAsync(System.Text.Encoding.ASCII.GetBytes(
                $"POST /me/picture HTTP/1.1\r\nHost: a\r\nCookie: {WebBrowser.Cookie}={_browser.Token}\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 1000\r\nExpect: 100-continue\r\n\r\n"));
            var said = new byte[100];
            System.Text.Encoding.ASCII.GetString(said, 0, await socket.ReceiveAsync(said)).ShouldStartWith("HTTP/1.1 100", customMessage: "the form is read");
            await socket.SendAsync("--x\r\n"u8.ToArray());
        }

        await _server.DisposeAsync();
        _server = await RunningServer.Start(_data.Path);
        lines.Said.ShouldBeEmpty();
    }

    [Fact]
    [Trait("Requirement", "P-91")]
    public async Task Forms_and_sessions_are_good_after_a_restart_although_no_server_keeps_keys_for_them()
    {
        var page = await _browser.SignIn("juliet", "verona");
        _server.Host.Services.GetServices<IHostedService>().Select(service => service.GetType().Name).ShouldNotContain(name => name.Contains("DataProtection"));
        var port = _server.Host.Addresses.Http[0];
        await _server.DisposeAsync();
        _server = await RunningServer.Start(_data.Path, options => options with { Http = [port] });
        (await _browser.Submit(page, "/sign-out")).Status.ShouldBe(HttpStatusCode.SeeOther);
        _browser.Token.ShouldBeNull();
    }

    [Theory]
    [InlineData("cross-site", false)]
    [InlineData("same-site", false)]
    [InlineData("same-origin", true)]
    [InlineData("none", true)]
    [Trait("Requirement", "P-86")]
    public async Task What_another_site_sends_is_not_done_whatever_it_knows(string from, bool isDone)
    {
        var form = await _browser.Get("/sign-in");
        _browser.Headers["Sec-Fetch-Site"] = from;
        (await _browser.Submit(form, "/sign-in", ("name", "juliet"), ("password", "verona"))).Status
            .ShouldBe(isDone ? HttpStatusCode.SeeOther : HttpStatusCode.Forbidden);
    }

    [Fact]
    [Trait("Requirement", "P-90")]
    public async Task A_form_that_is_too_large_is_refused_before_it_is_read()
    {
        var form = await _browser.Get("/sign-in");
        var refused = await _browser.Submit(form, "/sign-in", ("name", new string('a', 70_000)), ("password", "verona"));
        refused.Status.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        refused.Text.ShouldContain("too large");

        // Neither is one that does not say how long it is.
        using var unsaid = new HttpRequestMessage(HttpMethod.Post, _browser.Root + "/sign-in");
        unsaid.Content = new FormUrlEncodedContent([new("__RequestVerificationToken", WebBrowser.FormToken(form)), new("name", new string('a', 70_000))]);
        unsaid.Headers.Add("Cookie", $"{WebBrowser.Cookie}={_browser.Token}");
        unsaid.Headers.TransferEncodingChunked = true;
        using var answer = await _server.Web.SendAsync(unsaid);
        answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    [Trait("Requirement", "P-97")]
    public async Task The_first_view_is_small()
    {
        var page = await _browser.Get("/");
        var sizes = page.Bytes.Length;
        foreach (var place in page.Html.QuerySelectorAll("link[rel=stylesheet], script").Select(element => element.GetAttribute("href") ?? element.GetAttribute("src")!))
        {
            sizes += (await _browser.Get(place)).Bytes.Length;
        }

        sizes.ShouldBeLessThan(60 * 1024);
        page.Html.QuerySelectorAll("link[rel=stylesheet]").Length.ShouldBe(1);
    }

    [Fact]
    public async Task The_front_page_shows_a_picture_as_others_see_it()
    {
        var page = await _browser.Get("/?address=Juliet%40example.org");
        var hash = Libravatar.AddressHash.Sha256("juliet@example.org").Text;
        page.Html.QuerySelector("a[href='/sign-up']").ShouldBeNull("nobody opens an account without an invitation");
        page.Html.QuerySelectorAll(".previews img").Select(image => image.GetAttribute("src")).ShouldContain($"/avatar/{hash}?s=256");
        page.Says(".links code").ShouldBe($"{_browser.Root}/avatar/{hash}?s=128");
        (await _browser.Get("/?address=https://example.org/juliet")).Says(".links code").ShouldNotBeNull();
        (await _browser.Get("/?address=anne")).Status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await _browser.Get("/?address=anne@club.net")).Text.ShouldContain("knows nobody of club.net");
    }

    [Fact]
    public async Task Below_a_path_of_the_public_address_every_link_leads_below_it()
    {
        await _server.DisposeAsync();
        _server = await RunningServer.Start(_data.Path, options => options with { PublicUrl = new Uri("https://example.org/faces/"), Chat = options.Chat with { Registration = Registration.Open }, Avatars = options.Avatars with { Gateway = options.Avatars.Gateway with { IsOn = true } } });
        using var browser = new WebBrowser(_server);
        (await browser.Get("/?address=anne@club.net")).Says(".links code").ShouldNotBeNull("what another server shows is shown here").ShouldEndWith("&domain=club.net");
        (await browser.Get("/")).Html.QuerySelector("a[href='/faces/sign-up']").ShouldNotBeNull("anybody opens an account");
        foreach (var path in new[] { "/?address=juliet@example.org", "/sign-in" })
        {
            var html = (await browser.Get(path)).Html;
            html.QuerySelectorAll("[src], [href], [action]").Select(element => element.GetAttribute("src") ?? element.GetAttribute("href") ?? element.GetAttribute("action")!)
                .Where(place => !place.StartsWith('#')).ShouldAllBe(place => place.StartsWith("/faces/"));
        }

        (await browser.Get("/me")).Location.ShouldBe("/faces/sign-in?return=%2Fme");
    }

    [Fact]
    public async Task Without_pages_the_two_small_ones_are_there_and_no_other()
    {
        await _server.DisposeAsync();
        _server = await RunningServer.Start(_data.Path, options => options with { Pages = false });
        using var browser = new WebBrowser(_server);
        (await browser.Get("/")).Text.ShouldContain("This is an avatar server");
        foreach (var path in new[] { "/sign-in", "/me", "/admin", "/assets/0/site.css" })
        {
            (await browser.Get(path)).Status.ShouldBe(HttpStatusCode.NotFound);
        }
    }
}
