using System.Security.Cryptography;
using System.Text;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Tests.Play;

/// <summary>Programs that answer for a domain: of the play's line their name and address are the same, such as <c>irc.localhost</c>.</summary>
internal static class ComponentSteps
{
    public const string Secret = "a secret of both";

    public static readonly Step[] All =
    [
        new("* is a component", (scene, words, _) => Configure(scene, words[0])),
        new("* connects as the component * with the secret *", (scene, words, _) => Connect(scene, words[0], words[1], words[2])),
        new("* connects as the component *", (scene, words, _) => Connect(scene, words[0], words[1], Secret)),
        new("* is accepted", (scene, words, _) => Expect(scene.Actor(words[0]), "handshake")),
    ];

    private static Task Configure(Scene scene, string domain)
    {
        scene.Options = scene.Options with { Components = [.. scene.Options.Components, new ComponentOptions(domain, Secret)] };
        return Task.CompletedTask;
    }

    // A name that nobody knows gets no id to shake hands with.
    private static async Task Connect(Scene scene, string name, string domain, string secret)
    {
        var actor = await scene.Connect(name, endpoint: server => server.Components);
        await actor.Send($"<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' xmlns:stream='{Ns.Streams}' to='{domain}'>");
        var header = await Expect(actor, "stream");
        if (header["version"] is not null)
        {
            throw new TranscriptException($"A component is answered without version: {header}");
        }

        if (header["from"] == domain)
        {
            await actor.Send($"<handshake>{Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(header["id"] + secret)))}</handshake>");
        }
    }

    private static async Task<Element> Expect(Actor actor, string element) =>
        await actor.Receive() is { } received && received.Name == element
            ? received
            : throw new TranscriptException($"Expected <{element}/>.");
}
