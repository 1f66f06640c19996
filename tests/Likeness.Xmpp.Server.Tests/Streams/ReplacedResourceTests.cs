using Likeness.Xmpp.Sasl;
using Likeness.Xmpp.Server.Tests.Hosting;
using Likeness.Xmpp.Server.Tests.Play;

namespace Likeness.Xmpp.Server.Tests.Streams;

public sealed class ReplacedResourceTests
{
    [Fact]
    [Trait("Requirement", "C-61")]
    public async Task Two_clients_that_kick_each_other_get_different_resources_until_a_minute_has_passed()
    {
        await using var scene = await LoginSteps.Scene(tlsRequired: false);
        var first = await LogIn(scene, "first");
        (await first.Bind("balcony")).ShouldBe("juliet@localhost/balcony");
        var second = await LogIn(scene, "second");
        (await second.Bind("balcony")).ShouldBe("juliet@localhost/balcony");
        (await first.StreamError()).ShouldBe("conflict");
        var third = await LogIn(scene, "third");
        (await third.Bind("balcony")).ShouldBe("juliet@localhost/balcony");
        (await second.StreamError()).ShouldBe("conflict");

        var fourth = await LogIn(scene, "fourth");
        (await fourth.Bind("balcony")).ShouldNotBe("juliet@localhost/balcony");
        await third.Fence();
        third.IsOver.ShouldBeFalse("the loop is broken: the third stays");

        (await scene.Server()).Clock.Advance(TimeSpan.FromSeconds(61));
        var fifth = await LogIn(scene, "fifth");
        (await fifth.Bind("balcony")).ShouldBe("juliet@localhost/balcony");
        (await third.StreamError()).ShouldBe("conflict");
        await fourth.Fence();
        fourth.IsOver.ShouldBeFalse();
    }

    private static async Task<Actor> LogIn(Scene scene, string name)
    {
        var actor = await scene.Open(name);
        (await actor.Authenticate(new PlainClient("juliet", TestCredentials.Password))).ShouldBe("success");
        return actor;
    }
}
