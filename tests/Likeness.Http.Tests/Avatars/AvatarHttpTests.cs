using System.Globalization;
using Likeness.Http.Tests.Hosting;
using static Likeness.Http.Tests.Hosting.AvatarServer;

namespace Likeness.Http.Tests.Avatars;

public sealed class AvatarHttpTests : IAsyncLifetime
{
    private readonly string _juliet = $"/avatar/{HashOf(Juliet)}";
    private AvatarServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await Start();
        await _server.Give(Juliet, "a rose");
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [Trait("Requirement", "L-51")]
    [Trait("Requirement", "L-53")]
    [InlineData("GET", "", 200)]
    [InlineData("GET", "?d=404&f=y", 404)]
    [InlineData("GET", "?f=y", 200)]
    [InlineData("HEAD", "", 200)]
    [InlineData("POST", "", 405)]
    [InlineData("OPTIONS", "", 204)]
    public async Task Every_answer_carries_caching_and_security_headers(string method, string query, int status)
    {
        // The third one comes from the table of prepared answers.
        for (var round = 0; round < 3; round++)
        {
            var answer = await _server.Ask(method, _juliet + query, method == "POST" ? "Content-Length: 0" : "Accept: */*");

            answer.Status.ShouldBe(status);
            answer["Cache-Control"].ShouldBe("public, max-age=300");
            answer["Access-Control-Allow-Origin"].ShouldBe("*");
            answer["X-Content-Type-Options"].ShouldBe("nosniff");
            answer["Cross-Origin-Resource-Policy"].ShouldBe("cross-origin");
            answer.Headers.ShouldNotContainKey("Set-Cookie");
            answer.Headers.ShouldNotContainKey("Vary");
            DateTimeOffset.TryParseExact(answer["Date"], "R", CultureInfo.InvariantCulture, DateTimeStyles.None, out _).ShouldBeTrue();
        }
    }

    [Fact]
    [Trait("Requirement", "L-20")]
    public async Task A_slash_behind_the_hash_does_not_change_who_is_shown() =>
        (await _server.Get($"{_juliet}/?s=48")).Body.ShouldBe(AvatarImageTests.Photo(48, Imaging.ImageFormat.Jpeg));

    [Theory]
    [Trait("Requirement", "L-20")]
    [InlineData("/avatar.php?gravatar_id={0}&size=48")]
    [InlineData("/avatar.php?size=48&default=404&gravatar_id={0}")]
    public async Task The_oldest_way_of_asking_is_understood(string target)
    {
        var hash = HashOf(Juliet);

        (await _server.Get(target.Replace("{0}", hash, StringComparison.Ordinal))).Body.ShouldBe(AvatarImageTests.Photo(48, Imaging.ImageFormat.Jpeg));
        (await _server.Get("/avatar.php?size=48")).Status.ShouldBe(400);
        (await _server.Ask("POST", "/avatar.php?gravatar_id=x", "Content-Length: 0")).Status.ShouldBe(405);
    }

    [Theory]
    [InlineData("/avatar/{0}?s=47")]
    [InlineData("/avatar.php?gravatar_id={0}&s=47")]
    [InlineData("/p/0123456789abcdef0123456789abcdef01234567/80.png")]
    public async Task While_the_database_is_away_clients_are_told_to_come_back_and_what_is_prepared_is_shown(string target)
    {
        for (var round = 0; round < 2; round++)
        {
            await _server.Get(_juliet);
        }

        _server.Store.Failure = new Stores.StoreUnavailableException("PostgreSQL cannot be reached: connection refused, /secret/path.");
        var answer = await _server.Get(target.Replace("{0}", HashOf("nobody@example.org"), StringComparison.Ordinal));

        answer.Status.ShouldBe(503);
        answer["Retry-After"].ShouldBe("5");
        answer.Body.ShouldBe("Try again later.\n");
        (await _server.Get(_juliet)).Status.ShouldBe(200);

        _server.Store.Failure = null;
        (await _server.Get(_juliet + "?s=47")).Status.ShouldBe(200, "nothing of it is remembered");
    }

    [Theory]
    [InlineData("/", "text/html; charset=utf-8", "avatar server")]
    [InlineData("/robots.txt", "text/plain; charset=utf-8", "Disallow: /")]
    [InlineData("/favicon.ico", "image/png", "Face 48 Png")]
    public async Task Whoever_looks_in_is_told_what_this_is(string target, string type, string text)
    {
        var answer = await _server.Get(target);

        answer.Status.ShouldBe(200);
        answer["Content-Type"].ShouldBe(type);
        answer.Body.ShouldContain(text);
        (await _server.Ask("HEAD", target))["Content-Length"].ShouldBe(answer["Content-Length"]);
    }

    [Fact]
    [Trait("Requirement", "L-52")]
    public async Task A_client_that_has_the_picture_is_told_so()
    {
        var first = await _server.Get(_juliet);
        var tag = first["ETag"];
        var date = first["Last-Modified"];
        tag.ShouldStartWith("\"");
        foreach (var headers in new string[][]
        {
            [$"If-None-Match: {tag}"],
            [$"if-none-match:{tag}  "],
            [$"If-None-Match: W/{tag}"],
            [$"If-None-Match: \"other\", W/\"more\" ,{tag}"],
            ["If-None-Match: *"],
            [$"If-Modified-Since: {date}"],
            [$"If-None-Match: {tag}", "If-Modified-Since: Thu, 01 Jan 1970 00:00:00 GMT"],
        })
        {
            var answer = await _server.Get(_juliet, headers);

            answer.Status.ShouldBe(304, string.Join(" + ", headers));
            answer.Body.ShouldBeEmpty();
            answer["ETag"].ShouldBe(tag);
            answer["Cache-Control"].ShouldBe(first["Cache-Control"]);
            answer["Last-Modified"].ShouldBe(date);
            answer.Headers.ShouldNotContainKey("Content-Length");
        }
    }

    [Fact]
    [Trait("Requirement", "L-52")]
    public async Task A_client_that_has_something_else_gets_the_picture()
    {
        var first = await _server.Get(_juliet);
        foreach (var headers in new string[][]
        {
            ["If-None-Match: \"other\""],
            ["If-None-Match: "],
            [$"If-None-Match: {first["ETag"].Trim('"')}"],
            [$"If-None-Match: \"{first["ETag"]}"],
            ["If-None-Match: \"unfinished"],
            ["If-Modified-Since: Thu, 01 Jan 1970 00:00:00 GMT"],
            ["If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT"],
            ["If-None-Match: \"other\"", $"If-Modified-Since: {first["Last-Modified"]}"],
        })
        {
            (await _server.Get(_juliet, headers)).Comparable().ShouldBe(first.Comparable(), string.Join(" + ", headers));
        }

        (await _server.Get(_juliet + "?f=y&d=404", "If-None-Match: *")).Status.ShouldBe(404);
    }

    [Fact]
    [Trait("Requirement", "L-54")]
    public async Task HEAD_is_GET_without_body()
    {
        foreach (var query in new[] { "", "?d=identicon&f=y", "?d=404&f=y" })
        {
            var get = await _server.Get(_juliet + query);
            var head = await _server.Ask("HEAD", _juliet + query);

            head.Comparable().ShouldBe((get with { Body = "" }).Comparable());
            get.Body.ShouldNotBeEmpty();
        }

        var tag = (await _server.Get(_juliet))["ETag"];
        (await _server.Ask("HEAD", _juliet, $"If-None-Match: {tag}")).Status.ShouldBe(304);
    }

    [Theory]
    [Trait("Requirement", "L-54")]
    [InlineData("POST")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    [InlineData("PROPFIND")]
    [InlineData("TRACE")]
    public async Task Other_methods_are_refused(string method)
    {
        var answer = await _server.Ask(method, _juliet, "Content-Length: 0");

        answer.Status.ShouldBe(405);
        answer["Allow"].ShouldBe("GET, HEAD, OPTIONS");
    }

    [Fact]
    [Trait("Requirement", "L-55")]
    public async Task OPTIONS_tells_methods_and_defaults_apart()
    {
        var answer = await _server.Ask("OPTIONS", _juliet, "Origin: https://x.example", "Access-Control-Request-Method: GET");

        answer.Status.ShouldBe(204);
        answer["Allow"].ShouldBe("GET, HEAD, OPTIONS");
        answer["Access-Control-Allow-Methods"].ShouldBe("GET, HEAD, OPTIONS");
        answer["X-Avatar-Defaults"].Split(", ").ShouldBe(
            ["404", "mp", "mm", "mmng", "identicon", "retro", "monsterid", "wavatar", "robohash", "pagan", "initials", "color", "blank"],
            ignoreOrder: true);
    }
}
