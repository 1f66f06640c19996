using Likeness.Libravatar.Tests.Support;
using Likeness.Server.Telemetry;
using Likeness.Stores;
using Microsoft.Extensions.Logging;

namespace Likeness.Cli.Tests.Serving;

public sealed class LogLimitTests
{
    private readonly ManualTime _time = new();
    private readonly List<string> _lines = [];

    [Fact]
    public void A_thousand_failures_of_one_kind_are_a_few_lines_and_how_many_more_there_were()
    {
        var log = Log();
        for (var number = 0; number < 1000; number++)
        {
            Fail(log, new InvalidOperationException());
        }

        _lines.Count.ShouldBe(10);
        log.Log(LogLevel.Error, new EventId(2), "another kind", null, (said, _) => said);
        _lines.Count.ShouldBe(11);
        _time.Advance(TimeSpan.FromSeconds(10));
        Fail(log, new InvalidOperationException());
        Fail(log, new InvalidOperationException());

        _lines.Count.ShouldBe(12);
        _lines[^1].ShouldBe("InvalidOperationException|It failed (and 990 more like it)");
    }

    [Fact]
    public void An_outage_is_one_line_with_its_reason_and_no_stack_trace()
    {
        Fail(Log(), new StoreUnavailableException("PostgreSQL cannot be reached."));

        _lines.ShouldBe(["|It failed: PostgreSQL cannot be reached."]);
    }

    [Fact]
    public void What_is_no_failure_is_not_limited()
    {
        var log = Log();
        for (var number = 0; number < 100; number++)
        {
            log.Log(LogLevel.Information, new EventId(1), "it works", null, (said, _) => said);
        }

        _lines.Count.ShouldBe(100);
    }

    private static void Fail(ILogger log, Exception exception) => log.Log(LogLevel.Error, new EventId(1), "It failed", exception, (said, _) => said);

    private ILogger Log() => new LogLimit(new Lines(_lines), _time).CreateLogger("test");

    private sealed class Lines(List<string> lines) : ILoggerFactory, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Add($"{exception?.GetType().Name}|{formatter(state, exception)}");

        public void Dispose()
        {
        }
    }
}
