namespace Likeness.Cli.Tests;

[Trait("Category", "Slow")]
public sealed class DemoTests
{
    [Fact]
    public async Task Every_step_of_the_demo_shows_what_it_says()
    {
        var ran = await LikenessProgram.Run("demo", "--exit");

        ran.Error.ShouldBeEmpty();
        ran.Code.ShouldBe(ExitCode.Done);
        ran.Output.Split('\n').Count(line => line.StartsWith('✓')).ShouldBe(16);
    }

    [Fact]
    [Trait("Category", "Integration")]
    [Trait("Requirement", "B-1")]
    public async Task Beside_a_real_Prosody_every_step_shows_what_it_says()
    {
        var ran = await LikenessProgram.Run("demo", "--beside", "prosody");

        ran.Error.ShouldBeEmpty();
        ran.Code.ShouldBe(ExitCode.Done);
        ran.Output.Split('\n').Count(line => line.StartsWith('✓')).ShouldBe(10);
    }
}
