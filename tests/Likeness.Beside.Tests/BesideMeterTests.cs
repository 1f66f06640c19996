using System.Diagnostics.Metrics;
using Likeness.Beside.Mirroring;
using Likeness.Beside.Tests.Support;
using Likeness.Libravatar.Tests.Support;

namespace Likeness.Beside.Tests;

public sealed class BesideMeterTests
{
    [Fact]
    [Trait("Requirement", "B-77")]
    public async Task What_is_granted_known_done_and_waiting_is_measured()
    {
        var time = new ManualTime();
        await using var stage = StandingStage.On(time);
        await stage.StartApart(time);
        using var meter = new BesideMeter([stage.Beside]);
        Measure()["likeness.beside.connected"].ShouldBe(0);
        await stage.SetHere("romeo", TestPicture.Png(2));

        // Presence is all that it grants: what was set here goes on waiting.
        stage.Chat.Grants = "<privilege xmlns='urn:xmpp:privilege:1'><perm access='presence' type='managed_entity'/></privilege>";
        stage.Chat.Avatars["juliet"].Publish(TestPicture.Png(1));
        await stage.Connect(time);
        await stage.Chat.Avatars.Presence("juliet");
        await stage.Chat.Avatars.Tell("juliet");
        await stage.Quiet();
        time.Advance(TimeSpan.FromSeconds(2));

        var measured = Measure();
        measured["likeness.beside.connected"].ShouldBe(1);
        (measured["likeness.beside.granted presence"], measured["likeness.beside.granted write"]).ShouldBe((1, 0));
        (measured["likeness.beside.acts events"], measured["likeness.beside.acts presences"], measured["likeness.beside.acts changes"]).ShouldBe((1, 1, 1));
        measured.Keys.ShouldNotContain("likeness.beside.acts hints", "of events and presences together it would count each twice in a sum");
        (measured["likeness.beside.unwritten"], measured["likeness.beside.unwritten.age"]).ShouldBe((1, 2));
    }

    [Fact]
    [Trait("Requirement", "B-77")]
    public async Task Accounts_are_counted_by_state_once_in_a_while()
    {
        var time = new ManualTime();
        await using var stage = StandingStage.On(time);
        await stage.StartApart(time);
        stage.Chat.Avatars["juliet"].Publish(TestPicture.Png(1));
        await stage.Stores.Beside.Learn(FakeChatServer.Component, [BesideStage.Of("juliet"), BesideStage.Of("romeo")]);
        await stage.Connect(time);
        await stage.Quiet();
        using var meter = new BesideMeter([stage.Beside]);
        time.Advance(Rounds.CensusInterval);
        await StandingStage.WhenRoundsWait(time);

        var measured = Measure();
        (measured["likeness.beside.accounts shown"], measured["likeness.beside.accounts unknown"]).ShouldBe((1, 1));
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
