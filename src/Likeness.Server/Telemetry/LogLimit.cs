using System.Collections.Concurrent;
using Likeness.Server.Options;
using Likeness.Stores;
using Microsoft.Extensions.Logging;

namespace Likeness.Server.Telemetry;

/// <summary>
/// Keeps strangers and outages from flooding the log: of one kind of warning or error so many lines are written at once and then
/// one every few seconds, which tells how many there were more. Where the reason is known, such as a database that cannot be
/// reached, it is one line without a stack trace.
/// </summary>
internal sealed class LogLimit(ILoggerFactory inner, TimeProvider time) : ILoggerFactory
{
    private const int AtOnce = 10;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    public ILogger CreateLogger(string categoryName) => new Limited(inner.CreateLogger(categoryName), time, categoryName.StartsWith("Microsoft.", StringComparison.Ordinal));

    public void AddProvider(ILoggerProvider provider) => inner.AddProvider(provider);

    public void Dispose() => inner.Dispose();

    private sealed class Limited(ILogger inner, TimeProvider time, bool isFramework) : ILogger
    {
        // The kinds are those the program has, not those of strangers.
        private readonly ConcurrentDictionary<int, Budget> _budgets = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            // Who starts the server says this in one line; the web server would say it before, with a stack trace.
            if (isFramework && exception is OptionsRefusedException or OperationRefusedException)
            {
                return;
            }

            if (logLevel < LogLevel.Warning || !inner.IsEnabled(logLevel))
            {
                inner.Log(logLevel, eventId, state, exception, formatter);
                return;
            }

            if (!_budgets.GetOrAdd(eventId.Id, _ => new Budget()).Take(time, out var more))
            {
                return;
            }

            if (exception is StoreUnavailableException or UnauthorizedAccessException or IOException)
            {
                inner.Log(logLevel, eventId, state, null, (said, _) => $"{formatter(said, exception)}: {exception.Message}{Others(more)}");
            }
            else
            {
                inner.Log(logLevel, eventId, state, exception, more == 0 ? formatter : (said, reason) => formatter(said, reason) + Others(more));
            }
        }

        private static string Others(long more) => more == 0 ? "" : $" (and {more} more like it)";
    }

    private sealed class Budget
    {
        private readonly Lock _lock = new();
        private double _left = AtOnce;
        private long _since;
        private long _silent;

        /// <param name="more">How many were not written since the last that was.</param>
        public bool Take(TimeProvider time, out long more)
        {
            lock (_lock)
            {
                var now = time.GetTimestamp();
                _left = Math.Min(AtOnce, _left + (time.GetElapsedTime(_since, now) / Pause));
                _since = now;
                more = _silent;
                if (_left < 1)
                {
                    _silent++;
                    return false;
                }

                _left--;
                _silent = 0;
                return true;
            }
        }
    }
}
