using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Likeness.Xmpp.Server.Tests.Hosting;

/// <summary>Remembers what the server called an error: a fault in the server fails the test that met it.</summary>
public sealed class ServerLog : ILoggerProvider, ILogger
{
    public ConcurrentQueue<string> Errors { get; } = new();

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            Errors.Enqueue($"{formatter(state, exception)}\n{exception}");
        }
    }

    public void Dispose()
    {
        // Nothing is held.
    }
}
