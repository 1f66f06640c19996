using Likeness.Http.Tests.Hosting;
using Likeness.Imaging;
using static Likeness.Http.Tests.Avatars.AvatarImageTests;
using static Likeness.Http.Tests.Hosting.AvatarServer;

namespace Likeness.Http.Tests.Avatars;

[Trait("Requirement", "L-132")]
public sealed class StaticDefaultTests : IAsyncLifetime
{
    private AvatarServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await Start();
        await _server.Images.Set("club", Pngs.Tiny(1), DateTimeOffset.UnixEpoch);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("nobody.80", "mm", 80)]
    [InlineData("identicon.64", "identicon", 64)]
    [InlineData("unicorn.1", "mm", 1)]
    [InlineData("404.512", "mm", 512)]
    public async Task A_default_has_a_plain_path(string name, string face, int size)
    {
        var answer = await _server.Get($"/static/defaults/{name}.jpg?d=blank");

        answer.Status.ShouldBe(200);
        answer["Content-Type"].ShouldBe("image/jpeg");
        answer["Cache-Control"].ShouldBe("public, max-age=300");
        answer.Body.ShouldBe(Face(face, "", size, ImageFormat.Jpeg));
        (await _server.Get($"/static/defaults/{name}.jpg", $"If-None-Match: {answer["ETag"]}")).Status.ShouldBe(304);
    }

    [Fact]
    public async Task The_operators_own_pictures_are_among_them() =>
        (await _server.Get("/static/defaults/club.80.jpg"))["Last-Modified"].ShouldBe("Thu, 01 Jan 1970 00:00:00 GMT");

    [Theory]
    [InlineData("nobody.0.jpg", 400)]
    [InlineData("nobody.-1.jpg", 400)]
    [InlineData("nobody.513.jpg", 400)]
    [InlineData("nobody.999999999.jpg", 400)]
    [InlineData("nobody.80.png", 404)]
    [InlineData("nobody.80", 404)]
    [InlineData("nobody", 404)]
    [InlineData("", 404)]
    [InlineData("a/b.80.jpg", 404)]
    [InlineData("..%2fx.80.jpg", 404)]
    [InlineData("x%0d%0a.80.jpg", 404)]
    [InlineData("nobody.80.jpg/x", 404)]
    public async Task Anything_else_is_a_short_text(string file, int status)
    {
        var answer = await _server.Get("/static/defaults/" + file);

        answer.Status.ShouldBe(status);
        answer["Content-Type"].ShouldBe("text/plain; charset=utf-8");
        _server.Renderer.Count.ShouldBe(1, "the operator's picture at the start");
    }

    [Fact]
    public async Task It_can_only_be_read() => (await _server.Ask("POST", "/static/defaults/nobody.80.jpg", "Content-Length: 0")).Status.ShouldBe(405);
}
