using Likeness.Http.Tests.Hosting;
using Likeness.Imaging;
using static Likeness.Http.Tests.Avatars.AvatarImageTests;
using static Likeness.Http.Tests.Hosting.AvatarServer;

namespace Likeness.Http.Tests.Resolving;

[Trait("Requirement", "L-42")]
[Trait("Requirement", "L-130")]
public sealed class SiteImageTests : IAsyncLifetime
{
    private const string Nobody = "/avatar/0123456789abcdef0123456789abcdef";
    private static readonly DateTimeOffset Written = new(2026, 2, 3, 4, 5, 6, TimeSpan.Zero);
    private AvatarServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await Start(policy: new DomainPolicy { Domain = "example.org", DefaultFace = "club" });
        await _server.Images.Set("club", Pngs.Tiny(1), Written);
        await _server.Images.Set("guest", Pngs.Tiny(2), Written);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData("", 1)]
    [InlineData("?d=club", 1)]
    [InlineData("?d=guest", 2)]
    [InlineData("?d=nobody", 1)]
    [InlineData("?d=unicorn", 1)]
    [InlineData("?d=../guest", 1)]
    public async Task The_operators_own_pictures_go_by_their_names(string query, byte picture)
    {
        var answer = await _server.Get(Nobody + query);

        answer.Body.ShouldBe(Shown(picture));
        answer["X-Avatar-Source"].ShouldBe("default");
        answer["Last-Modified"].ShouldBe("Tue, 03 Feb 2026 04:05:06 GMT");
    }

    [Fact]
    [Trait("Requirement", "L-133")]
    public async Task A_new_file_is_shown_at_once_and_a_removed_one_gives_way()
    {
        for (var round = 0; round < 3; round++)
        {
            (await _server.Get(Nobody)).Body.ShouldBe(Shown(1));
        }

        await _server.Images.Set("club", Pngs.Tiny(3), Written.AddDays(1));
        (await _server.Get(Nobody)).Body.ShouldBe(Shown(3));

        await Should.ThrowAsync<ImageRefusedException>(_server.Images.Set("club", "no picture"u8.ToArray(), Written));
        (await _server.Get(Nobody)).Body.ShouldBe(Shown(3));

        _server.Images.Remove("club");
        (await _server.Get(Nobody)).Body.ShouldBe(Face("mm", "", 80));
    }

    [Fact]
    public async Task One_that_cannot_be_drawn_gives_way_to_the_face_of_its_name()
    {
        await _server.Images.Set("mm", Pngs.Tiny(4), Written);
        _server.Renderer.Failure = new ImageRefusedException(RefusalReason.TooCostly, "It takes too long.");

        (await _server.Get(Nobody)).Body.ShouldBe(Face("mm", "", 80));
        (await _server.Get(Nobody + "?d=mm")).Body.ShouldBe(Face("mm", "", 80));
    }

    [Fact]
    [Trait("Requirement", "L-55")]
    public async Task OPTIONS_names_them() =>
        (await _server.Ask("OPTIONS", Nobody))["X-Avatar-Defaults"].Split(", ").ShouldBeSubsetOf([.. Painter.Faces, "club", "guest"]);

    // The renderer of these tests names what it was given: first the file, then the square that was made of it.
    private static string Shown(byte picture) =>
        EchoRenderer.Text(RenderJob.Photo, EchoRenderer.Text(RenderJob.Master, Pngs.Tiny(picture), 1024, ImageFormat.Png), 80, ImageFormat.Png);
}
