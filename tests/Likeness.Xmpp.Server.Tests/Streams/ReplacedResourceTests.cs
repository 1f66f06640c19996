using Likeness.Xmpp.Sasl;
using Likeness.Xmpp.Server.Tests.Hosting;
using Likeness.Xmpp.Server.Tests.Play;
using Likeness.Xmpp.Xml;

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

    [Fact]
    [Trait("Requirement", "R-17")]
    public async Task What_the_replaced_one_may_not_have_read_is_sent_to_the_one_that_comes()
    {
        await using var scene = await LoginSteps.Scene(tlsRequired: false);
        var first = await LogIn(scene, "first");
        await first.Bind("balcony");
        await first.Send("<presence/>");
        await first.Fence();
        var writer = await LogIn(scene, "writer");
        await writer.Bind("writer");
        await writer.Send("<message to='juliet@localhost/balcony' type='chat' id='lost'><body>one</body></message>");
        await writer.Fence();

        var second = await LogIn(scene, "second");
        await second.Bind("balcony");
        await second.Send("<presence/>");
        Element message;
        do
        {
            message = (await second.Receive()).ShouldNotBeNull();
        }
        while (message.Name != "message");

        message["id"].ShouldBe("lost");
        message.Child("delay", Ns.Delay).ShouldNotBeNull();
    }

    private static async Task<Actor> LogIn(Scene scene, string name)
    {
        var actor = await scene.Open(name);
        (await actor.Authenticate(new PlainClient("juliet", TestCredentials.Password))).ShouldBe("success");
        return actor;
    }
}
