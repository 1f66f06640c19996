using Likeness.Xmpp.Server.Tests.Play;

namespace Likeness.Xmpp.Server.Tests.Federation;

/// <summary>Another server that does not read for a while.</summary>
public sealed class SlowPeerTests
{
    private const int Count = 12_000;

    [Fact]
    [Trait("Category", "Slow")]
    [Trait("Requirement", "C-2B")]
    [Trait("Requirement", "F-14")]
    public async Task Whoever_writes_faster_than_another_server_reads_is_read_later_and_nothing_is_refused()
    {
        await using var scene = new Scene();
        await Performance.Play(scene, Transcript.Parse("cast", ["servers talk to each other", "juliet and nurse are users", "juliet/balcony connects", "nurse/hall connects", "montague is the server montague.example"]));
        var (juliet, montague) = (scene.Actor("juliet/balcony"), scene.Actor("montague"));
        var text = new string('x', 1000);
        using var quiet = scene.Conversation.Pause();

        var writing = Task.Run(async () =>
        {
            for (var number = 0; number < Count; number++)
            {
                await juliet.Send($"<message to='romeo@montague.example' type='chat' id='{number}'><body>{text}</body><no-store xmlns='{Ns.Hints}'/></message>");
            }
        });

        // Nothing is read until nothing more is taken of her; others are heard all the while.
        var peers = TwoServers.PeersOf(await scene.Server());
        while (peers.Links.All(link => link.State.WaitingStanzas < 100))
        {
            await scene.Actor("nurse/hall").Fence();
        }

        writing.IsCompleted.ShouldBeFalse();
        for (var number = 0; number < Count; number++)
        {
            (await montague.Until(stanza => stanza.Name == "message"))["id"].ShouldBe($"{number}");
        }

        await writing;
        await juliet.Fence();
        juliet.Kept.ShouldBeEmpty();
    }
}
