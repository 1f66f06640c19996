using System.Net;
using Likeness.Cli.Tests;
using Likeness.Interop.Tests.Hosting;
using Likeness.Xmpp.Client.Avatars;

namespace Likeness.Interop.Tests;

/// <summary>What was acknowledged is there after the process was killed in the very next moment. The machine goes on: that it reached the disk is for the durability tests of the storage.</summary>
[Trait("Category", "Integration")]
public sealed class KilledServerTests
{
    [Fact]
    [Trait("Requirement", "X398-41")]
    public async Task An_acknowledged_avatar_outlives_a_killed_server_in_every_view()
    {
        await using var stage = await Stage.Open();
        await using (var juliet = await stage.LogIn(Stage.Juliet, "first"))
        await using (var romeo = await stage.LogIn(Stage.Romeo, "first"))
        {
            await Stage.Befriend(juliet, romeo);
        }

        for (var round = 1; round <= 3; round++)
        {
            var picture = TestPicture.Png(32 + round, 32);
            await using var publisher = await stage.LogIn(Stage.Juliet, "publisher");
            var id = await new AvatarPublisher(publisher).Publish(picture);
            await stage.Server.Kill();
            await publisher.Ended;

            await stage.StartServer();

            await ShouldBeEverywhere(stage, id, picture);
        }
    }

    private static async Task ShouldBeEverywhere(Stage stage, string id, byte[] picture)
    {
        await using var juliet = await stage.LogIn(Stage.Juliet, "balcony");
        await using var romeo = await stage.LogIn(Stage.Romeo, "orchard");
        await romeo.SeesHash(Stage.Juliet, id);
        (await romeo.MetadataOf(Stage.Juliet)).ShouldBe([id]);
        (await romeo.DataOf(Stage.Juliet)).ShouldBe(picture);
        (await romeo.PhotoOf(Stage.Juliet)).ShouldBe(picture);
        using var web = new HttpClient();
        (await web.Fetch(stage.Server.Http, Stage.Juliet, 20)).ShouldBe((HttpStatusCode.OK, "portrait"));
    }
}
