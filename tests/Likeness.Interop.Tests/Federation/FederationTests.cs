using Likeness.Xmpp;
using Likeness.Xmpp.Client;
using Likeness.Xmpp.Xml;

namespace Likeness.Interop.Tests.Federation;

/// <summary>People of this server talk to those of Prosody, of ejabberd and of another server of this kind, found by real DNS.</summary>
[Trait("Category", "Integration")]
public sealed class FederationTests(ChatNames names) : IClassFixture<ChatNames>
{
    [Theory]
    [InlineData("other", true)]
    [InlineData("other", false)]
    [InlineData("prosody", true)]
    [InlineData("prosody", false)]
    [InlineData("ejabberd", true)]
    [InlineData("ejabberd", false)]
    [Trait("Requirement", "F-1")]
    [Trait("Requirement", "F-37")]
    public async Task Messages_and_questions_go_both_ways(string kind, bool isSigned)
    {
        await using var here = ChatServer.Make("likeness", names, isSigned);
        await using var there = ChatServer.Make(kind, names, isSigned);
        await Task.WhenAll(here.Start(), there.Start());
        await Task.WhenAll(here.AddUser("juliet"), there.AddUser("romeo"));
        await using var juliet = await here.LogIn("juliet");
        await using var romeo = await there.LogIn("romeo");
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(40));
        try
        {
            await juliet.Send(Message($"romeo@{there.Domain}", "Ay me!"), late.Token);
            (await romeo.Expect(stanza => Body(stanza) == "Ay me!", late.Token))["from"].ShouldBe(juliet.Address.Text);
            await romeo.Send(Message($"juliet@{here.Domain}", "She speaks."), late.Token);
            (await juliet.Expect(stanza => Body(stanza) == "She speaks.", late.Token))["from"].ShouldBe(romeo.Address.Text);
            (await juliet.Request(Ping(there.Domain), late.Token))["type"].ShouldBe("result");
            (await romeo.Request(Ping(here.Domain), late.Token))["type"].ShouldBe("result");
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"{here.Log}\n\n{there.Domain}:\n{there.Log}");
        }
    }

    private static Element Message(string to, string body) => new Element("message", Ns.Client).Set("to", to).Set("type", "chat").Add("body", body);

    private static string? Body(Element stanza) => stanza.Name == "message" ? stanza.Child("body")?.Text() : null;

    private static Element Ping(string to) => new Element("iq", Ns.Client).Set("to", to).Set("type", "get").Add(new Element("ping", Ns.Ping));
}
