using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Tests.Play;

/// <summary>Who says what, and who hears it.</summary>
internal static class StanzaSteps
{
    public static readonly Step[] All =
    [
        new("* receives nothing", (scene, words, _) => ReceiveNothing(scene, words[0])),
        new("* receives in any order", (scene, words, block) => ReceiveInAnyOrder(scene, words[0], block)),
        new("* receives exactly", (scene, words, block) => Receive(scene, words[0], block, exactly: true)),
        new("* receives", (scene, words, block) => Receive(scene, words[0], block, exactly: false)),
        new("* is fenced", (scene, _, _) => scene.FenceAll()),
        new("* forgets what it received", (scene, words, _) => Forget(scene, words[0])),
        new("* sends", (scene, words, block) => Send(scene, words[0], block)),
    ];

    private static async Task Send(Scene scene, string name, string block)
    {
        var actor = scene.Actor(name);
        foreach (var stanza in ElementPattern.Elements(scene.Placeholders.Fill(block)))
        {
            await actor.Send(StanzaText.Of(stanza));
        }
    }

    private static async Task Receive(Scene scene, string name, string block, bool exactly)
    {
        var actor = scene.Actor(name);
        foreach (var pattern in ElementPattern.Parse(block, scene.Placeholders, exactly))
        {
            var received = await actor.Receive() ?? throw new TranscriptException($"The stream is over; expected was\n{pattern}");
            if (!pattern.Matches(received))
            {
                throw new TranscriptException($"Expected:\n{pattern}\n\nReceived:\n{received}");
            }
        }
    }

    private static async Task ReceiveInAnyOrder(Scene scene, string name, string block)
    {
        var actor = scene.Actor(name);
        var patterns = ElementPattern.Parse(block, scene.Placeholders, exactly: false).ToList();
        while (patterns.Count > 0)
        {
            var received = await actor.Receive() ?? throw new TranscriptException($"The stream is over; expected was\n{patterns[0]}");
            var match = patterns.FindIndex(pattern => pattern.Matches(received));
            if (match < 0)
            {
                throw new TranscriptException($"Expected one of:\n{string.Join('\n', patterns)}\n\nReceived:\n{received}");
            }

            patterns.RemoveAt(match);
        }
    }

    private static async Task ReceiveNothing(Scene scene, string name)
    {
        await scene.FenceAll();
        var actor = scene.Actor(name);
        if (!actor.IsBound && !actor.IsOver)
        {
            throw new TranscriptException($"{name} cannot be fenced, so nothing would be shown by this.");
        }

        if (!actor.IsOver && actor.Kept.Count > 0)
        {
            throw new TranscriptException($"Received:\n{await actor.Receive()}");
        }
    }

    private static async Task Forget(Scene scene, string name)
    {
        await scene.FenceAll();
        scene.Actor(name).Drop(_ => true);
    }
}
