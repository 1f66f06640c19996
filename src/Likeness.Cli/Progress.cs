using System.Globalization;
using Spectre.Console;

namespace Likeness.Cli;

/// <summary>How far a long command is: a bar for a person at a terminal, otherwise a line on standard error now and then.</summary>
internal static class Progress
{
    private const int LinesAtMost = 20;

    /// <param name="total">How many steps there are; 0 when nobody knows.</param>
    /// <param name="work">Calls its argument with the number of steps that were done since the last call.</param>
    public static Task Show(Terminal terminal, string title, long total, Func<Action<long>, Task> work) => terminal.Interactive
        ? terminal.Console.Progress().AutoClear(true).StartAsync(context =>
        {
            var bar = context.AddTask(title, maxValue: Math.Max(1, total));
            return work(steps => bar.Increment(steps));
        })
        : work(Lines(terminal.Error, title, total));

    private static Action<long> Lines(TextWriter error, string title, long total)
    {
        var every = Math.Max(100, total / LinesAtMost);
        var (done, told) = (0L, 0L);
        return steps =>
        {
            done += steps;
            if (done - told >= every)
            {
                told = done;
                error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{title}: {done}{(total > 0 ? $" of {total}" : "")}"));
            }
        };
    }
}
