using System.Diagnostics.Metrics;
using Likeness.Beside.Tests.Support;

namespace Likeness.Beside.Tests;

public sealed class BesideMeterTests
{
    [Fact]
    [Trait("Requirement", "B-77")]
    public async Task What_is_granted_known_done_and_waiting_is_measured()
    {
        await using var stage = new BesideStage();
        stage.Chat.Refuses = "system-shutdown";
        await stage.Start(isConnected: false);
        using var meter = new BesideMeter([stage.Beside]);
        Measure()["likeness.beside.connected"].ShouldBe(0);
        await stage.SetHere("romeo", TestPicture.Png(2));

        // Presence is all that it grants: what was set here goes on waiting.
        stage.Chat.Refuses = null;
        stage.Chat.Grants = "<privilege xmlns='urn:xmpp:privilege:1'><perm access='presence' type='managed_entity'/></privilege>";
        stage.Chat.Avatars["juliet"].Publish(TestPicture.Png(1));
        await stage.WhenConnected();
        await stage.Chat.Avatars.Presence("juliet");
        await stage.Chat.Avatars.Tell("juliet");
        await stage.Quiet();
        for (var begun = TimeProvider.System.GetUtcNow(); stage.Beside.Backlog.Count == 0 && TimeProvider.System.GetUtcNow() - begun < TimeSpan.FromSeconds(30);)
        {
            await stage.Chat.Fence();
        }

        var measured = Measure();
        measured["likeness.beside.connected"].ShouldBe(1);
        (measured["likeness.beside.granted presence"], measured["likeness.beside.granted write"]).ShouldBe((1, 0));
        (measured["likeness.beside.acts events"], measured["likeness.beside.acts presences"], measured["likeness.beside.acts changes"]).ShouldBe((1, 1, 1));
        measured["likeness.beside.unwritten"].ShouldBe(1);
        measured["likeness.beside.unwritten.age"].ShouldBeGreaterThanOrEqualTo(0);
    }

    [Fact]
    [Trait("Requirement", "B-77")]
    public async Task Accounts_are_counted_by_state_when_there_is_a_connection()
    {
        await using var stage = await new BesideStage().Start();
        using var meter = new BesideMeter([stage.Beside]);
        stage.Chat.Avatars["juliet"].Publish(TestPicture.Png(1));
        await stage.Beside.Take(["juliet", "romeo"], default);
        await stage.When(async () => (await stage.Beside.Status(default)).Looked == 2);
        await stage.Stop();
        await stage.Start();
        using var again = new BesideMeter([stage.Beside]);
        for (var begun = TimeProvider.System.GetUtcNow(); stage.Beside.Census.Count == 0 && TimeProvider.System.GetUtcNow() - begun < TimeSpan.FromSeconds(30);)
        {
            await stage.Chat.Fence();
        }

        Measure()["likeness.beside.accounts shown"].ShouldBe(1);
    }

    // By instrument and the tag that tells the measurements of one apart.
    private static Dictionary<string, long> Measure()
    {
        var measured = new Dictionary<string, long>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, all) =>
        {
            if (instrument.Meter.Name == BesideMeter.Name)
            {
                all.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var told = tags.ToArray().LastOrDefault(tag => tag.Key is "state" or "act" or "right").Value;
            measured[$"{instrument.Name} {told}".Trim()] = value;
        });
        listener.Start();
        listener.RecordObservableInstruments();
        return measured;
    }
}
