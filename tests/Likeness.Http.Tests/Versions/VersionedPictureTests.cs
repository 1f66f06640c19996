using Likeness.Http.Tests.Hosting;
using Likeness.Imaging;
using static Likeness.Http.Tests.Avatars.AvatarImageTests;
using static Likeness.Http.Tests.Hosting.AvatarServer;

namespace Likeness.Http.Tests.Versions;

[Trait("Requirement", "X84-5")]
public sealed class VersionedPictureTests : IAsyncLifetime
{
    private static readonly Identity Owner = new(Juliet);
    private static readonly Picture Small = Picture.Of("the small one"u8.ToArray(), "image/png", 192, 192);
    private static readonly Picture Master = Picture.Of("the large one"u8.ToArray(), "image/jpeg", 1024, 1024);
    private readonly string _master = $"/p/{Master.Id}/1024.jpg";
    private AvatarServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await Start();
        await Set(Small, Master);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task The_master_is_given_byte_for_byte_and_for_good()
    {
        for (var round = 0; round < 4; round++)
        {
            var answer = await _server.Get(_master);

            answer.Status.ShouldBe(200);
            answer.Body.ShouldBe("the large one");
            answer["Content-Type"].ShouldBe("image/jpeg");
            answer["Cache-Control"].ShouldBe("public, max-age=31536000, immutable");
            answer["Access-Control-Allow-Origin"].ShouldBe("*");
            answer["X-Content-Type-Options"].ShouldBe("nosniff");
            answer["Cross-Origin-Resource-Policy"].ShouldBe("cross-origin");
            (await _server.Get(_master, $"If-None-Match: {answer["ETag"]}")).Status.ShouldBe(304);
            (await _server.Ask("HEAD", _master)).Comparable().ShouldBe((answer with { Body = "" }).Comparable());
        }

        _server.Renderer.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Other_sizes_and_types_are_rendered_once()
    {
        for (var round = 0; round < 3; round++)
        {
            (await _server.Get($"/p/{Master.Id}/80.webp?round={round}")).Body.ShouldBe(Photo(80, ImageFormat.WebP, "the large one"));
            (await _server.Get($"/p/{Small.Id}/192.png")).Body.ShouldBe(Photo(192, ImageFormat.Png, "the small one"));
        }

        _server.Renderer.Count.ShouldBe(2);
    }

    [Fact]
    public async Task What_a_chat_client_published_is_never_given_as_it_is()
    {
        var published = Picture.Of("with a position in it"u8.ToArray(), "image/jpeg", 96, 96);
        await Set(published, null);

        (await _server.Get($"/p/{published.Id}/96.jpg")).Body.ShouldBe(Photo(96, ImageFormat.Jpeg, "with a position in it"));
    }

    [Fact]
    public async Task A_picture_that_no_public_portrait_shows_is_not_there()
    {
        await Shown(200);
        await _server.Book.SetVisibility(Owner, Visibility.Contacts, new(Origin.Api));
        await Shown(404);
        await _server.Book.SetVisibility(Owner, Visibility.Public, new(Origin.Api));
        await Shown(200);

        // Somebody else shows the same bytes.
        await _server.Book.Set(new Identity("romeo@example.org"), new NewPortrait { Picture = Small, Master = Master }, new(Origin.Api));
        await _server.Book.Clear(Owner, new(Origin.Api));
        await Shown(200);
        await _server.Book.Clear(new Identity("romeo@example.org"), new(Origin.Api));
        await Shown(404);

        async Task Shown(int status)
        {
            for (var round = 0; round < 3; round++)
            {
                (await _server.Get(_master)).Status.ShouldBe(status);
            }
        }
    }

    [Theory]
    [InlineData("/p")]
    [InlineData("/p/")]
    [InlineData("/p/{0}")]
    [InlineData("/p/{0}/")]
    [InlineData("/p/{0}/80")]
    [InlineData("/p/{0}/0.jpg")]
    [InlineData("/p/{0}/080.jpg")]
    [InlineData("/p/{0}/-1.jpg")]
    [InlineData("/p/{0}/513.jpg")]
    [InlineData("/p/{0}/99999.jpg")]
    [InlineData("/p/{0}/80.jpeg")]
    [InlineData("/p/{0}/80.JPG")]
    [InlineData("/p/{0}/80.svg")]
    [InlineData("/p/{0}/80.jpg/x")]
    [InlineData("/p/{0}/../80.jpg")]
    [InlineData("/p/../{0}/80.jpg")]
    [InlineData("/p/..%2f..%2fetc%2fpasswd/80.jpg")]
    [InlineData("/p/ffffffffffffffffffffffffffffffffffffffff/80.jpg")]
    [InlineData("/p/{0}/80.jpg%0d%0aX:y")]
    public async Task Anything_else_is_a_short_text(string path)
    {
        var answer = await _server.Get(string.Format(System.Globalization.CultureInfo.InvariantCulture, path, Master.Id));

        answer.Status.ShouldBe(404);
        if (path.Contains("..", StringComparison.Ordinal) && !path.Contains("%2f", StringComparison.Ordinal))
        {
            return; // The web server has taken the dots out: the path may lead elsewhere.
        }

        answer["Content-Type"].ShouldBe("text/plain; charset=utf-8");
        answer["Cache-Control"].ShouldBe("public, max-age=60");
        answer.Body.Length.ShouldBeInRange(1, 100);
        _server.Renderer.Count.ShouldBe(0);
    }

    [Theory]
    [InlineData("POST", 405)]
    [InlineData("OPTIONS", 204)]
    public async Task It_can_only_be_read(string method, int status)
    {
        var answer = await _server.Ask(method, _master, "Content-Length: 0");

        answer.Status.ShouldBe(status);
        answer["Allow"].ShouldBe("GET, HEAD, OPTIONS");
    }

    private async Task Set(Picture picture, Picture? master) =>
        await _server.Book.Set(Owner, new NewPortrait { Picture = picture, Master = master }, new(Origin.Api));
}
