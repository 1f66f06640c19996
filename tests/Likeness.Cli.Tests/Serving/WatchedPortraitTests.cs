using System.Net;
using Likeness.Server.Options;

namespace Likeness.Cli.Tests.Serving;

/// <summary>The files of a personal node are taken up by the act that every other picture goes through.</summary>
[Trait("Requirement", "L-133")]
public sealed class WatchedPortraitTests : IDisposable
{
    private readonly TemporaryDirectory _data = new();
    private readonly TemporaryDirectory _files = new();

    public void Dispose()
    {
        _data.Dispose();
        _files.Dispose();
    }

    [Fact]
    public async Task A_blocked_picture_among_them_is_refused_and_the_others_are_watched_on()
    {
        var blocked = TestPicture.Waves(96, 9);
        var juliets = _files.Write("juliet.png", TestPicture.Waves(96, 1));
        var romeos = _files.Write("romeo.png", TestPicture.Waves(96, 2));
        await using var server = await RunningServer.Start(
            _data.Path,
            options => options with { Portraits = [new PortraitFile("juliet@example.org", juliets), new PortraitFile("romeo@example.org", romeos)] });
        (await LikenessProgram.Run("avatar", "block", _data.Write("blocked.png", blocked), "--data", _data.Path)).Error.ShouldBeEmpty();
        var before = await Picture(server, "romeo@example.org");

        _files.Write("juliet.png", blocked);
        _files.Write("romeo.png", TestPicture.Waves(96, 3));

        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await Picture(server, "romeo@example.org") == before)
        {
            timeout.Token.ThrowIfCancellationRequested();
        }

        var log = (await LikenessProgram.Run("log", "--address", "romeo@example.org", "--data", _data.Path)).Output;
        log.ShouldContain("watched file");
        log.ShouldContain("avatar set");
    }

    private static async Task<string> Picture(RunningServer server, string address)
    {
        using var response = await server.Web.GetAsync(server.Avatar(address, "d=404"));
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return Convert.ToHexString(await response.Content.ReadAsByteArrayAsync());
    }
}
