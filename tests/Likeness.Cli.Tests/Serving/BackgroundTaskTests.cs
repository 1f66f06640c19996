using Likeness.Libravatar.Tests.Support;
using Likeness.Server;
using Microsoft.Extensions.Logging.Abstractions;

namespace Likeness.Cli.Tests.Serving;

public sealed class BackgroundTaskTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly ManualTime _time = new();

    [Fact]
    public async Task What_fails_is_shown_and_tried_again_later_each_time_until_it_works()
    {
        using var task = new FailingTask(_time, failures: 3);
        var pauses = new[] { Second, 2 * Second, 4 * Second }.Select(pause => (Pause: pause, Set: _time.TimerOf(pause))).ToList();
        await task.StartAsync(TestContext.Current.CancellationToken);
        foreach (var (pause, set) in pauses)
        {
            await set;
            task.Failing.ShouldBe(["the test"]);
            _time.Advance(pause);
        }

        await task.ExecuteTask!;
        task.Runs.ShouldBe(4);
        task.Failing.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_step_that_fails_keeps_the_next_ones_from_nothing()
    {
        using var task = new FailingTask(_time, failures: 0) { Step = () => throw new UnauthorizedAccessException() };
        await task.StartAsync(TestContext.Current.CancellationToken);
        await task.ExecuteTask!;

        task.Runs.ShouldBe(1);
        task.Failing.ShouldBe(["a step"]);
    }

    [Fact]
    public async Task The_end_of_the_server_is_no_failure()
    {
        using var task = new FailingTask(_time, failures: int.MaxValue);
        var waits = _time.TimerOf(Second);
        await task.StartAsync(TestContext.Current.CancellationToken);
        await waits;

        await task.StopAsync(TestContext.Current.CancellationToken);

        task.ExecuteTask!.IsCompletedSuccessfully.ShouldBeTrue();
    }

    private sealed class FailingTask(TimeProvider time, int failures) : BackgroundTask("the test", time, NullLogger.Instance)
    {
        public int Runs { get; private set; }

        public Action Step { get; init; } = () => { };

        protected override async Task Run(CancellationToken stoppingToken)
        {
            await Try(
                "a step",
                _ =>
                {
                    Step();
                    return Task.CompletedTask;
                },
                stoppingToken);
            if (++Runs <= failures)
            {
                throw new InvalidOperationException("It does not work yet.");
            }
        }
    }
}
