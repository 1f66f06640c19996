using System.Net;
using Likeness.Libravatar;

namespace Likeness.Cli.Tests.Serving;

/// <summary>Plus tags and the catch-all, as web sites see them.</summary>
[Trait("Category", "Slow")]
public sealed class AddressPolicyTests : IDisposable
{
    private readonly TemporaryDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Changed_tags_hold_for_addresses_that_were_there_before()
    {
        await using (var server = await Start(new DomainPolicy { Domain = "example.org", PlusTags = new PlusTags(["github"], false) }))
        {
            (await LikenessProgram.Run("avatar", "set", "juliet@example.org", _data.Write("face.png", TestPicture.Png()), "--data", _data.Path)).Error.ShouldBeEmpty();
            (await Status(server, "juliet+github@example.org")).ShouldBe(HttpStatusCode.OK);
            (await Status(server, "juliet+lists@example.org")).ShouldBe(HttpStatusCode.NotFound);
        }

        await using (var server = await Start(new DomainPolicy { Domain = "example.org", PlusTags = new PlusTags(["lists"], false) }))
        {
            await Becomes(server, "juliet+lists@example.org", HttpStatusCode.OK);
            await Becomes(server, "juliet+github@example.org", HttpStatusCode.NotFound);
        }

        await using (var server = await Start(new DomainPolicy { Domain = "example.org" }))
        {
            await Becomes(server, "juliet+lists@example.org", HttpStatusCode.NotFound);
            (await Status(server, "juliet@example.org")).ShouldBe(HttpStatusCode.OK);
        }
    }

    [Fact]
    [Trait("Requirement", "C-223")]
    public async Task Who_shows_no_picture_shows_the_catch_all_known_or_not()
    {
        await using var server = await Start(new DomainPolicy { Domain = "example.org", CatchAll = Address.Email("club@example.org") });
        (await LikenessProgram.Run("user", "add", "romeo@example.org", "--password", "secret", "--data", _data.Path)).Error.ShouldBeEmpty();
        (await Status(server, "somebody@example.org")).ShouldBe(HttpStatusCode.NotFound);

        (await LikenessProgram.Run("avatar", "set", "club@example.org", _data.Write("club.png", TestPicture.Png()), "--data", _data.Path)).Error.ShouldBeEmpty();

        (await Status(server, "somebody@example.org")).ShouldBe(HttpStatusCode.OK);
        (await Status(server, "romeo@example.org")).ShouldBe(HttpStatusCode.OK, "whether there is such an account is nobody's business");
    }

    private static async Task<HttpStatusCode> Status(RunningServer server, string address)
    {
        using var response = await server.Web.GetAsync(server.Avatar(address, "d=404"));
        return response.StatusCode;
    }

    /// <summary>Asks until the server, which indexes in the background, answers so.</summary>
    private static async Task Becomes(RunningServer server, string address, HttpStatusCode status)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await Status(server, address) != status)
        {
            timeout.Token.ThrowIfCancellationRequested();
        }
    }

    private Task<RunningServer> Start(DomainPolicy policy) => RunningServer.Start(_data.Path, options => options with { Policy = policy });
}
