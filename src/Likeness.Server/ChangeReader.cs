using System.Threading.Channels;
using Likeness.Accounts;
using Likeness.Libravatar;
using Likeness.Server.Blocks;
using Likeness.Stores;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Likeness.Server;

/// <summary>
/// Takes in what other processes on the same database change: what is cached of it goes, and every surface hears of it. A
/// notification only wakes it; what it has read it knows by number, and it looks each <see cref="Interval"/> whatever is heard.
/// </summary>
internal sealed partial class ChangeReader(
    IStores stores,
    PortraitBook book,
    AddressBook addresses,
    PictureGuard guard,
    AccountBook accounts,
    AccountGone gone,
    TimeProvider time,
    ILogger<ChangeReader> log) : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);
    private const int PageSize = 500;
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(15);
    private readonly Channel<bool> _hints = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private long _last;
    private DateTimeOffset _read;

    /// <summary>To be called before anything of the database is kept in memory: what comes later is read.</summary>
    public async Task Begin(CancellationToken cancellationToken)
    {
        _last = await stores.Changes.Last(cancellationToken);
        _read = time.GetUtcNow();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(Listen(stoppingToken), Read(stoppingToken));

#pragma warning disable CA1031 // Whatever goes wrong, the next look is the remedy.
    private async Task Listen(CancellationToken stop)
    {
        var pause = TimeSpan.FromSeconds(1);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await stores.Changes.Listen(
                    () =>
                    {
                        pause = TimeSpan.FromSeconds(1);
                        _hints.Writer.TryWrite(true);
                    },
                    stop);
            }
            catch (Exception) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                Log.Deaf(log, (int)Interval.TotalSeconds, exception.Message);
                await Task.Delay(pause, time, stop).ContinueWith(_ => { }, TaskScheduler.Default);
                pause = pause * 2 < MaxPause ? pause * 2 : MaxPause;
            }
        }
    }

    private async Task Read(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(stop);
            await Task.WhenAny(_hints.Reader.WaitToReadAsync(waiting.Token).AsTask(), Task.Delay(Interval, time, waiting.Token));
            await waiting.CancelAsync();
            _hints.Reader.TryRead(out _);
            try
            {
                await CatchUp(stop);
            }
            catch (Exception) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                Log.NotRead(log, exception.Message);
            }
        }
    }
#pragma warning restore CA1031

    private async Task CatchUp(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (now - _read > IChangeFeed.Kept / 2)
        {
            await StartAnew(cancellationToken);
        }

        ChangePage page;
        do
        {
            page = await stores.Changes.Read(_last, PageSize, cancellationToken);
            foreach (var change in page.Changes.DistinctBy(change => (change.Kind, change.Subject, change.Detail)))
            {
                await Take(change, cancellationToken);
            }

            _last = page.Last;
        }
        while (page.More);
        _read = now;
    }

    private async ValueTask Take(StoredChange change, CancellationToken cancellationToken)
    {
        switch (change.Kind)
        {
            case ChangeKind.Portrait:
                await book.Refresh(new Identity(change.Subject), cancellationToken);
                break;
            case ChangeKind.Address:
                addresses.Forget(new Identity(change.Subject), [.. (change.Detail ?? "").Split(' ').Select(HashOf).OfType<AddressHash>()]);
                break;
            case ChangeKind.Block:
                await guard.Load(cancellationToken);
                break;
            case ChangeKind.Disabling:
                await accounts.Refresh(new Identity(change.Subject), cancellationToken);
                break;
            default:
                gone(new Identity(change.Subject));
                break;
        }
    }

    // What the database kept of the changes may not reach back to what was read last.
    private async Task StartAnew(CancellationToken cancellationToken)
    {
        _last = await stores.Changes.Last(cancellationToken);
        book.ForgetAll();
        addresses.Forget();
        await guard.Load(cancellationToken);
        Log.StartedAnew(log);
    }

    private static AddressHash? HashOf(string text) => AddressHash.TryParse(text, out var hash) ? hash : null;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Other servers' changes are looked for every {Seconds} s only: {Reason}")]
        public static partial void Deaf(ILogger logger, int seconds, string reason);

        [LoggerMessage(2, LogLevel.Warning, "What other servers changed could not be read: {Reason}")]
        public static partial void NotRead(ILogger logger, string reason);

        [LoggerMessage(3, LogLevel.Warning, "The database could not be reached for so long that everything in memory was dropped")]
        public static partial void StartedAnew(ILogger logger);
    }
}

/// <summary>Ends what is in memory of an account that another process removed.</summary>
internal delegate void AccountGone(Identity account);
