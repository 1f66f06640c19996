using System.Diagnostics;
using System.Globalization;
using Likeness.Cli.Commands;

namespace Likeness.Cli.Tests;

[Trait("Category", "Slow")]
public sealed class DemoTests : IDisposable
{
    private readonly TemporaryDirectory _temporary = new();

    [Fact]
    public async Task Every_step_of_the_demo_shows_what_it_says()
    {
        var ran = await LikenessProgram.Run("demo", "--exit");

        ran.Error.ShouldBeEmpty();
        ran.Code.ShouldBe(ExitCode.Done);
        ran.Output.Split('\n').Count(line => line.StartsWith('✓')).ShouldBe(16);
    }

    [Theory]
    [Trait("Category", "Integration")]
    [Trait("Requirement", "B-1")]
    [InlineData(null)]
    [InlineData("✓ Juliet logs in at Prosody")]
    public async Task Beside_a_real_Prosody_every_step_shows_what_it_says_and_nothing_is_left_whenever_it_ends(string? lastStep)
    {
        using var demo = Start("demo", "--beside", "prosody");
        using var late = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var error = demo.StandardError.ReadToEndAsync(late.Token);
        var steps = new List<string>();
        while (await demo.StandardOutput.ReadLineAsync(late.Token) is { } line)
        {
            steps.AddRange(line.StartsWith('✓') ? [line] : []);
            if (lastStep is not null && line.StartsWith(lastStep, StringComparison.Ordinal))
            {
                using var kill = Process.Start("kill", ["-TERM", demo.Id.ToString(CultureInfo.InvariantCulture)]);
                await kill.WaitForExitAsync(late.Token);
            }
        }

        await demo.WaitForExitAsync(late.Token);
        if (lastStep is null)
        {
            (await error).ShouldBeEmpty();
            demo.ExitCode.ShouldBe(ExitCode.Done);
            steps.Count.ShouldBe(10);
        }

        Directory.GetFileSystemEntries(_temporary.Path).ShouldBeEmpty();
        StartedIn(_temporary.Path).ShouldBeEmpty();
    }

    public void Dispose() => _temporary.Dispose();

    private Process Start(params string[] arguments)
    {
        var command = RenderWorkerCommand.OwnCommand();
        return Process.Start(new ProcessStartInfo(command.FileName, [.. command.Arguments.SkipLast(1), .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["TMPDIR"] = _temporary.Path },
        })!;
    }

    // What processes were started with that goes on now.
    private static IEnumerable<string> StartedIn(string folder)
    {
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(Path.GetFileName(path)[0])))
        {
            var command = "";
            try
            {
                command = File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' ');
            }
            catch (IOException)
            {
                // It has just ended.
            }

            if (command.Contains(folder, StringComparison.Ordinal))
            {
                yield return command;
            }
        }
    }
}
