using System.Text.Json;

namespace Likeness.Cli.Tests;

public sealed class ProgramMemoryTests
{
    [Fact]
    [Trait("Requirement", "D-4")]
    public void The_nursery_is_small_however_the_program_is_started()
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Likeness.Cli.runtimeconfig.json")));

        file.RootElement.GetProperty("runtimeOptions").GetProperty("configProperties").GetProperty("System.GC.Gen0MaxBudget").GetInt64().ShouldBe(4 << 20);
    }
}
