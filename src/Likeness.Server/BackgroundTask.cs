using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Likeness.Server;

/// <summary>Work beside the serving. When it fails it is logged, shown by <c>/health</c> and tried again, later each time; it never ends the server.</summary>
internal abstract partial class BackgroundTask(string name, TimeProvider time, ILogger log) : BackgroundService
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);
    private readonly ConcurrentDictionary<string, byte> _failing = new(StringComparer.Ordinal);

    /// <summary>What does not work at this moment, in words that strangers may read.</summary>
    public IEnumerable<string> Failing => _failing.Keys.Order(StringComparer.Ordinal);

    /// <summary>Returns when there is no more to do; begins anew after it threw.</summary>
    protected abstract Task Run(CancellationToken stoppingToken);

    /// <summary>One of several steps: that it fails is logged and shown, and keeps the others from nothing.</summary>
    protected async Task Try(string step, Func<CancellationToken, Task> work, CancellationToken stoppingToken)
    {
        try
        {
            await work(stoppingToken);
            _failing.TryRemove(step, out _);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // Whatever it is: an exception that leaves a background service would end the server.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            // What goes on failing is one line in the log, not one for each try.
            if (_failing.TryAdd(step, 0))
            {
                Log.Failed(log, step, exception);
            }
        }
    }

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The start of the server does not wait for it.
        await Task.Yield();
        try
        {
            var pause = TimeSpan.FromSeconds(1);
            for (var done = false; !done;)
            {
                await Try(
                    name,
                    async cancellationToken =>
                    {
                        await Run(cancellationToken);
                        done = true;
                    },
                    stoppingToken);
                if (!done)
                {
                    await Task.Delay(pause, time, stoppingToken);
                    pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server ends.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "In the background: {Step} fails, and is tried again")]
        public static partial void Failed(ILogger logger, string step, Exception exception);
    }
}

internal static class BackgroundTasks
{
    public static IServiceCollection AddBackgroundTask<T>(this IServiceCollection services)
        where T : BackgroundTask => services
        .AddSingleton<T>()
        .AddSingleton<BackgroundTask>(provider => provider.GetRequiredService<T>())
        .AddHostedService(provider => provider.GetRequiredService<T>());
}
