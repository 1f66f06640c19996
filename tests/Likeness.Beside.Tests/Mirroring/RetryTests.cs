using System.Reflection;
using Likeness.Beside.Mirroring;
using Likeness.Beside.Tests.Support;
using Likeness.Libravatar.Tests.Support;
using Likeness.Stores;

namespace Likeness.Beside.Tests.Mirroring;

/// <summary>What failed is tried again by itself.</summary>
public sealed class RetryTests
{
    private readonly ManualTime _time = new();
    private FailingStore _store = null!;

    [Fact]
    [Trait("Requirement", "B-33")]
    public async Task A_look_that_failed_is_tried_again()
    {
        await using var stage = await Connected();
        var juliet = stage.Chat.Avatars["juliet"];
        var first = juliet.Publish(TestPicture.Png(1));
        await stage.Chat.Avatars.Presence("juliet");
        await stage.WhenShown("juliet", first);

        // Events tell of her changes: nothing else looks at her before the next sweep.
        var second = juliet.Publish(TestPicture.Png(2));
        _store.FailsOnce = true;
        await stage.Chat.Avatars.Tell("juliet");
        await stage.Quiet();
        (await stage.Shown("juliet")).ShouldBe(first);

        _time.Advance(Delays.First);
        await stage.WhenShown("juliet", second);
    }

    [Fact]
    [Trait("Requirement", "B-56")]
    public async Task A_write_that_failed_is_tried_again_without_going_through_all_portraits()
    {
        await using var stage = await Connected();
        var juliet = stage.Chat.Avatars["juliet"];
        _store.FailsOnce = true;
        var id = await stage.SetHere("juliet", TestPicture.Png(1));
        await stage.Quiet();
        juliet.Shown.ShouldBeNull();

        var scans = _store.Scans;
        _time.Advance(Delays.First);
        await stage.When(() => juliet.Shown == id);
        for (var round = 0; round < 3; round++)
        {
            await StandingStage.WhenRoundsWait(_time);
            _time.Advance(Rounds.LookInterval);
        }

        await StandingStage.WhenRoundsWait(_time);
        _store.Scans.ShouldBe(scans);
    }

    private async Task<BesideStage> Connected()
    {
        var stage = StandingStage.On(_time, store: real => FailingStore.Of(real, out _store));
        await stage.StartApart(_time);
        await stage.Connect(_time);
        return stage;
    }

    /// <summary>A store that is told to fail when an account is looked up.</summary>
#pragma warning disable CA1852, MA0053 // The proxy is derived from it while it runs.
    private class FailingStore : DispatchProxy
#pragma warning restore CA1852, MA0053
    {
        private IBesideStore _real = null!;
        private int _scans;

        public bool FailsOnce { get; set; }

        /// <summary>How often it was begun to go through all portraits.</summary>
        public int Scans => Volatile.Read(ref _scans);

        public static IBesideStore Of(IBesideStore real, out FailingStore store)
        {
            var proxy = Create<IBesideStore, FailingStore>();
            store = (FailingStore)(object)proxy;
            store._real = real;
            return proxy;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (targetMethod!.Name == nameof(IBesideStore.Unwritten) && args![0] is null)
            {
                Interlocked.Increment(ref _scans);
            }

            if (targetMethod.Name == nameof(IBesideStore.Find) && FailsOnce)
            {
                FailsOnce = false;
                throw new InvalidOperationException("The store fails.");
            }

            return targetMethod.Invoke(_real, args);
        }
    }
}
