using Microsoft.Extensions.Logging;

namespace Likeness.Web.Tests.Hosting;

/// <summary>What a server writes to its log from warnings on.</summary>
internal sealed class WarningLines : ILoggerProvider, ILogger
{
    private readonly List<string> _said = [];

    public IReadOnlyList<string> Said
    {
        get
        {
            lock (_said)
            {
                return [.. _said];
            }
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            lock (_said)
            {
                _said.Add(formatter(state, exception));
            }
        }
    }

    public void Dispose()
    {
    }
}
