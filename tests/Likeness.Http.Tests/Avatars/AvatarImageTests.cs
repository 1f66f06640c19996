using Likeness.Http.Tests.Hosting;
using Likeness.Imaging;
using Likeness.Imaging.Faces;
using Likeness.Libravatar;
using static Likeness.Http.Tests.Hosting.AvatarServer;

namespace Likeness.Http.Tests.Avatars;

public sealed class AvatarImageTests : IAsyncLifetime
{
    private readonly string _juliet = $"/avatar/{HashOf(Juliet)}";
    private AvatarServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await Start();
        await _server.Give(Juliet, "a rose");
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    [Trait("Requirement", "L-2")]
    [Trait("Requirement", "L-4")]
    [Trait("Requirement", "L-50")]
    [Trait("Requirement", "L-11")]
    public async Task Both_hashes_in_any_case_give_the_same_photo()
    {
        foreach (var hash in Address.Email(Juliet).Hashes.SelectMany(hash => new[] { hash.Text, hash.Text.ToUpperInvariant() }))
        {
            var answer = await _server.Get($"/avatar/{hash}");

            answer.Status.ShouldBe(200);
            answer["Content-Type"].ShouldBe("image/jpeg");
            answer["X-Avatar-Source"].ShouldBe("portrait");
            answer.Body.ShouldBe(Photo(80, ImageFormat.Jpeg));
            answer["Content-Length"].ShouldBe($"{answer.Body.Length}");
        }
    }

    [Theory]
    [Trait("Requirement", "L-21")]
    [InlineData(".png", "image/png", ImageFormat.Png)]
    [InlineData(".jpeg", "image/jpeg", ImageFormat.Jpeg)]
    [InlineData(".webp", "image/webp", ImageFormat.WebP)]
    [InlineData(".avif", "image/avif", ImageFormat.Avif)]
    [InlineData(".gif", "image/gif", ImageFormat.Gif)]
    [InlineData(".svg", "image/jpeg", ImageFormat.Jpeg)]
    [InlineData("", "image/jpeg", ImageFormat.Jpeg)]
    public async Task The_extension_selects_the_type(string extension, string mediaType, ImageFormat format)
    {
        var answer = await _server.Get($"{_juliet}{extension}?s=40");

        answer["Content-Type"].ShouldBe(mediaType);
        answer.Body.ShouldBe(Photo(40, format));
    }

    [Theory]
    [Trait("Requirement", "L-30")]
    [Trait("Requirement", "L-31")]
    [Trait("Requirement", "L-24")]
    [Trait("Requirement", "L-25")]
    [Trait("Requirement", "L-26")]
    [InlineData("", 80)]
    [InlineData("?s=", 80)]
    [InlineData("?s=1", 1)]
    [InlineData("?s=512", 512)]
    [InlineData("?s=513", 512)]
    [InlineData("?s=99999999999999999999", 512)]
    [InlineData("?s=0", 80)]
    [InlineData("?s=-3", 80)]
    [InlineData("?s=mille", 80)]
    [InlineData("?s=8.5", 80)]
    [InlineData("?size=30&s=40", 30)]
    [InlineData("?s=40&s=50", 50)]
    [InlineData("?S=40", 80)]
    [InlineData("?s=40&r=x&rating=g&gravatarproxy=n&gravatarredirect=y&robohash=any&unknown=1&&=", 40)]
    [Trait("Requirement", "L-63")]
    [Trait("Requirement", "L-64")]
    public async Task Sizes_and_parameters_follow_the_tables(string query, int size)
    {
        (await _server.Get(_juliet + query)).Body.ShouldBe(Photo(size, ImageFormat.Jpeg));
    }

    [Theory]
    [Trait("Requirement", "L-22")]
    [InlineData("/avatar/nobody")]
    [InlineData("/avatar/0123456789abcdef0123456789abcde")]
    [InlineData("/avatar/0123456789abcdef0123456789abcdef0")]
    [InlineData("/avatar/..%2f..%2f..%2fetc%2fpasswd")]
    [InlineData("/avatar/%2e%2e%5c%2e%2e%5cwindows")]
    [InlineData("/avatar/a/b/c")]
    [InlineData("/avatar//")]
    [InlineData("/avatar/0123456789abcdef0123456789abcdef%20")]
    [InlineData("/avatar/%00")]
    [InlineData("/avatar/.png")]
    [InlineData("/avatar/%3Cscript%3E.png")]
    [InlineData("/avatar/x/../0123456789abcdef0123456789abcdex")]
    public async Task A_path_that_is_no_hash_is_an_unknown_user(string path)
    {
        var answer = await _server.Get(path);
        var missing = await _server.Get(path + "?d=404");

        // The web server itself refuses a zero byte in a path.
        answer.Status.ShouldBe(path.EndsWith("%00", StringComparison.Ordinal) ? 400 : 200);
        missing.Status.ShouldBe(path.EndsWith("%00", StringComparison.Ordinal) ? 400 : 404);
        answer.Headers.ShouldNotContainKey("Location");
        if (answer.Status == 200)
        {
            answer.Body.ShouldBe(Face("mm", "", 80));
            answer["X-Avatar-Source"].ShouldBe("default");
        }
    }

    [Fact]
    [Trait("Requirement", "L-22")]
    public async Task A_long_path_is_an_unknown_user() =>
        (await _server.Get($"/avatar/{new string('a', 7000)}.png")).Body.ShouldBe(Face("mm", "", 80));

    [Theory]
    [Trait("Requirement", "L-23")]
    [InlineData("/avatar")]
    [InlineData("/avatar/")]
    [InlineData("/avatar?s=80")]
    [InlineData("/avatar/?s=80")]
    public async Task A_missing_hash_is_a_bad_request(string path)
    {
        var answer = await _server.Get(path);

        answer.Status.ShouldBe(400);
        answer["Content-Type"].ShouldStartWith("text/plain");
        answer["Cache-Control"].ShouldBe("public, max-age=300");
    }

    internal static string Photo(int size, ImageFormat format, string picture = "a rose") =>
        EchoRenderer.Text(RenderJob.Photo, picture, size, format);

    internal static string Face(string name, string hash, int size, ImageFormat format = ImageFormat.Png) =>
        EchoRenderer.Text(RenderJob.Face, FaceCatalogue.Find(name)!.Draw(new FaceSubject(hash.Length == 0 ? new string('0', 32) : hash)), size, format);
}
