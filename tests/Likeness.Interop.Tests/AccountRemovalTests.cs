using Likeness.Interop.Tests.Hosting;
using Likeness.Xmpp;
using Likeness.Xmpp.Client;
using Likeness.Xmpp.Xml;

namespace Likeness.Interop.Tests;

[Trait("Category", "Integration")]
public sealed class AccountRemovalTests
{
    [Fact]
    [Trait("Requirement", "C-155")]
    public async Task An_account_removed_by_command_loses_its_sessions_and_its_contacts_see_it_leave()
    {
        await using var stage = await Stage.Open();
        await using var juliet = await stage.LogIn(Stage.Juliet, "balcony");
        await using var other = await stage.LogIn(Stage.Juliet, "chamber");
        await using var romeo = await stage.LogIn(Stage.Romeo, "orchard");
        await Stage.Befriend(juliet, romeo);

        var removed = await ExternalProgram.Likeness(stage.Data, "user", "remove", Stage.Juliet);

        removed.Code.ShouldBe(0, removed.Shown);
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        foreach (var session in new[] { juliet, other })
        {
            await romeo.Expect(stanza => stanza.Name == "presence" && stanza["type"] == "unavailable" && stanza["from"] == session.Address.Text, timeout.Token);
            await session.Ended.WaitAsync(timeout.Token);
            (await WhyItEnded(session)).ShouldBe("not-authorized");
        }

        await Should.ThrowAsync<Likeness.Xmpp.Sasl.SaslException>(() => stage.LogIn(Stage.Juliet, "balcony"));
        (await romeo.Request(new Element("iq", Ns.Client).Set("type", "get").Set("to", "localhost").Add(new Element("ping", Ns.Ping))))["type"].ShouldBe("result");
    }

    private static async Task<string?> WhyItEnded(XmppClient client)
    {
        var end = await Should.ThrowAsync<IOException>(() => client.Request(new Element("iq", Ns.Client).Set("type", "get")));
        return (end.InnerException as StreamErrorException)?.Condition;
    }
}
