using System.Runtime.CompilerServices;
using Likeness.Beside.Accounts;
using Likeness.Beside.Connections;
using Likeness.Stores;
using Likeness.Xmpp;
using Microsoft.Extensions.Logging;

namespace Likeness.Beside.Mirroring;

/// <summary>What is done by itself while there is a connection: the sweep over all accounts, and the way of what was changed here.</summary>
internal sealed partial class Rounds(
    BesideOptions options,
    ComponentLink link,
    AvatarWriter writer,
    AccountLists lists,
    IBesideStore store,
    Online online,
    WorkQueue work,
    Delays writes,
    Delays looks,
    Pace pace,
    TimeProvider time,
    ILogger log)
{
    /// <summary>How often it is seen whether there is something to do.</summary>
    public static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(5);

    /// <summary>How often accounts are counted.</summary>
    public static readonly TimeSpan CensusInterval = TimeSpan.FromMinutes(5);

    private const int PageSize = 200;
    private static readonly TimeSpan PageTime = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan UnwrittenInterval = TimeSpan.FromMinutes(10);
    private volatile Round _round = new();
    private DateTimeOffset _counted;

    /// <summary>Accounts by state, counted once in a while.</summary>
    public IReadOnlyList<BesideCount> Census { get; private set; } = [];

    /// <summary>What was to be brought to the chat server when it was looked last.</summary>
    public int UnwrittenCount { get; private set; }

    /// <summary>Since when there has been something; null: there is nothing.</summary>
    public DateTimeOffset? UnwrittenSince { get; private set; }

    /// <summary>Until it is cancelled.</summary>
    public Task Run(CancellationToken stoppingToken) => Task.WhenAll(Sweep(stoppingToken), ShowInterest(stoppingToken), BringUnwritten(stoppingToken));

    /// <summary>There may be something to do at once.</summary>
    public void Wake() => Interlocked.Exchange(ref _round, new Round()).Over.TrySetResult();

    /// <summary>Completes when both have looked since they were woken last.</summary>
    public Task Idle() => _round is var round ? Task.WhenAll(round.Swept.Task, round.Brought.Task) : Task.CompletedTask;

    /// <summary>Everybody in turn, the longest ago first; people in chats more often. It begins with whoever was never looked at.</summary>
    private async Task Sweep(CancellationToken stoppingToken)
    {
        var sweeping = false;
        try
        {
            while (true)
            {
                var round = _round;
                var found = 0;
                if (link.IsConnected)
                {
                    await Guarded("the account list", () => lists.Refresh(stoppingToken), stoppingToken);
                    await Guarded("the sweep", async () => found = await SweepPage(stoppingToken), stoppingToken);
                    await Guarded("the census", () => Count(stoppingToken), stoppingToken);
                    await Guarded("accounts that are gone", () => lists.DropGone(stoppingToken), stoppingToken);
                    if (sweeping && found == 0)
                    {
                        Log.Swept(log, options.Place);
                    }

                    sweeping = found > 0;
                }

                round.Swept.TrySetResult();
                await (found > 0
                    ? Task.WhenAny(work.Idle(), Task.Delay(PageTime, time, stoppingToken))
                    : Task.WhenAny(round.Over.Task, Task.Delay(LookInterval, time, stoppingToken)));
                stoppingToken.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server ends.
        }
    }

    private async Task Count(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (now - _counted >= CensusInterval)
        {
            Census = await store.Count(options.Name, now - options.Sweep, cancellationToken);
            _counted = now;
        }
    }

    private async Task<int> SweepPage(CancellationToken cancellationToken)
    {
        // What changed while there was no connection nobody told: whoever was looked at before it is to be looked at again.
        var before = time.GetUtcNow() - options.Sweep;
        var due = await store.Due(options.Name, link.ConnectedSince is { } connected && connected > before ? connected : before, PageSize, cancellationToken);
        foreach (var account in due.Concat(online.Due(PageSize)).Concat(looks.Over()))
        {
            work.Add(account, Work.Sweeping);
        }

        // A quarter of the rate, so that there is always some for everything else.
        foreach (var account in online.Glances(Math.Max(1, (int)(options.Rate * LookInterval.TotalSeconds / 4))))
        {
            work.Add(account, Work.Glancing);
        }

        return due.Count;
    }

    /// <summary>Contacts are told once in each connection that the component is there.</summary>
    private async Task ShowInterest(CancellationToken stoppingToken)
    {
        try
        {
            for (DateTimeOffset? shown = null; options.JoinsRosters;)
            {
                var round = _round;
                if (link.ConnectedSince is { } connected && connected != shown)
                {
                    shown = connected;
                    await Guarded(
                        "contacts",
                        async () =>
                        {
                            await foreach (var known in lists.All(stoppingToken))
                            {
                                if (known.IsSubscribed)
                                {
                                    await pace.Wait(stoppingToken);
                                    await writer.ShowInterest(Jid.Parse(known.Account.Value), stoppingToken);
                                }
                            }
                        },
                        stoppingToken);
                }

                await round.Over.Task.WaitAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server ends.
        }
    }

    private async Task Guarded(string what, Func<Task> step, CancellationToken stoppingToken)
    {
        try
        {
            await step();
        }
        catch (Exception failed) when (!stoppingToken.IsCancellationRequested && failed is StoreUnavailableException or AccountListRefusedException)
        {
            Log.StepFailed(log, what, failed.Message);
        }
    }

    /// <summary>What was changed here while the server was away, by another process, or in vain.</summary>
    private async Task BringUnwritten(CancellationToken stoppingToken)
    {
        try
        {
            for (var last = DateTimeOffset.MinValue; ;)
            {
                var round = _round;
                var now = time.GetUtcNow();
                if (now - last >= UnwrittenInterval)
                {
                    last = now;
                    await Guarded(
                        "what is to be brought to the chat server",
                        async () =>
                        {
                            var count = 0;
                            await foreach (var account in Unwritten(stoppingToken))
                            {
                                count++;
                                if (link.IsConnected && writes.IsOver(account))
                                {
                                    work.Add(account, Work.Writing);
                                }
                            }

                            UnwrittenCount = count;
                            UnwrittenSince = count > 0 ? UnwrittenSince ?? now : null;
                        },
                        stoppingToken);
                }

                // Of what failed it is known whose it is: all portraits need not be gone through for it.
                foreach (var account in link.IsConnected ? writes.Over() : [])
                {
                    work.Add(account, Work.Writing);
                }

                round.Brought.TrySetResult();
                await Task.WhenAny(round.Over.Task, Task.Delay(LookInterval, time, stoppingToken));
                stoppingToken.ThrowIfCancellationRequested();
                last = round.Over.Task.IsCompleted ? DateTimeOffset.MinValue : last;
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server ends.
        }
    }

    /// <summary>What is to be brought to the chat server, at this moment.</summary>
    public async IAsyncEnumerable<Identity> Unwritten([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Identity? after = null;
        do
        {
            var page = await store.Unwritten(after, cancellationToken);
            foreach (var account in page.People.Where(person => options.Domains.Contains(person.Domain)))
            {
                yield return account;
            }

            after = page.Last;
        }
        while (after is not null);
    }

    /// <summary>From one wake to the next.</summary>
    private sealed class Round
    {
        public TaskCompletionSource Over { get; } = New();

        public TaskCompletionSource Swept { get; } = New();

        public TaskCompletionSource Brought { get; } = New();

        private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Beside {Place}: every account was looked at")]
        public static partial void Swept(ILogger logger, string place);

        [LoggerMessage(2, LogLevel.Warning, "In the background, {What}: {Problem}")]
        public static partial void StepFailed(ILogger logger, string what, string problem);
    }
}
