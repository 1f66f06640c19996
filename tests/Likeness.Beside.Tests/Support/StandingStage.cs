using Likeness.Beside.Connections;
using Likeness.Beside.Mirroring;
using Likeness.Libravatar.Tests.Support;
using Likeness.Stores;

namespace Likeness.Beside.Tests.Support;

/// <summary>A stage whose clock stands until it is moved, so that it is known when both rounds have done what there was to do.</summary>
internal static class StandingStage
{
    private const int BothRounds = 2;

    public static BesideStage On(ManualTime time, Func<BesideOptions, BesideOptions>? with = null, Func<IBesideStore, IBesideStore>? store = null) => new()
    {
        Time = time,
        Store = store ?? (real => real),

        // Nobody waits for a place.
        With = options => (with ?? (same => same))(options with { Rate = int.MaxValue }),
    };

    /// <summary>No connection is to be had, and everything waits for one.</summary>
    public static async Task StartApart(this BesideStage stage, ManualTime time)
    {
        stage.Chat.Refuses = "system-shutdown";
        await stage.Start(isConnected: false);
        await WhenRoundsWait(time);
    }

    /// <summary>The next one is, and the rounds have done what it brings.</summary>
    public static async Task Connect(this BesideStage stage, ManualTime time)
    {
        await time.Waiting(ComponentLink.MinPause);
        stage.Chat.Refuses = null;
        time.Advance(ComponentLink.MinPause);
        await stage.WhenConnected();

        // The third who waits so long is the link itself.
        await time.Waiting(Rounds.LookInterval, BothRounds + 1);
    }

    /// <summary>Nobody answers: each request has come to the end of its time, and what wanted an answer goes on without.</summary>
    public static async Task WhenGivenUp(this BesideStage stage, ManualTime time)
    {
        await stage.Chat.Fence();
        for (var idle = stage.Beside.Idle(); !idle.IsCompleted;)
        {
            if (await Task.WhenAny(idle, time.Waiting(ComponentLink.RequestTimeout)) != idle)
            {
                time.Advance(ComponentLink.RequestTimeout);
            }
        }
    }

    /// <summary>Both have looked after the clock was moved.</summary>
    public static Task WhenRoundsWait(ManualTime time) => time.Waiting(Rounds.LookInterval, BothRounds);
}
