using System.Diagnostics;

namespace Likeness.Cli.Tests.Manuals;

public sealed class CompletionTests
{
    [Theory]
    [InlineData("likeness us", "user")]
    [InlineData("likeness user a", "add")]
    [InlineData("likeness serve --dom", "--domain")]
    [InlineData("likeness user add --pass", "--password")]
    public async Task Bash_completes_commands_and_flags(string line, string completed) => (await Complete(line)).ShouldContain(completed);

    [Fact]
    public async Task What_is_hidden_is_not_offered() => (await Complete("likeness ")).ShouldNotContain("render-worker");

    [Theory]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task Other_shells_are_told_what_each_word_means(string shell)
    {
        var ran = await LikenessProgram.Run("completion", shell);

        ran.Code.ShouldBe(ExitCode.Done);
        ran.Output.ShouldContain("Runs the server until it is told to stop");
    }

    [Fact]
    public async Task An_unknown_shell_is_wrong_usage() => (await LikenessProgram.Run("completion", "csh")).Code.ShouldBe(ExitCode.Usage);

    /// <summary>What bash itself offers behind <paramref name="line"/>.</summary>
    private static async Task<string[]> Complete(string line)
    {
        var script = (await LikenessProgram.Run("completion", "bash")).Output;
        using var bash = Process.Start(new ProcessStartInfo("bash")
        {
            ArgumentList = { "-c", script + $"COMP_WORDS=({line}); [[ '{line}' != *' ' ]] || COMP_WORDS+=(''); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); _likeness; printf '%s\\n' \"${{COMPREPLY[@]}}\"" },
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;
        return (await bash.StandardOutput.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
