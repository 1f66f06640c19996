using System.Text.Json;

namespace Likeness.Cli.Tests;

public sealed class ProgramMemoryTests
{
    [Fact]
    [Trait("Requirement", "D-4")]
    public void The_nursery_is_small_however_the_program_is_started() => Property("System.GC.Gen0MaxBudget").ShouldBe(4 << 20);

    [Fact]
    public void A_thread_without_work_does_not_look_for_it_for_long() => Property("System.Threading.ThreadPool.UnfairSemaphoreSpinLimit").ShouldBe(10);

    private static long Property(string name)
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Likeness.Cli.runtimeconfig.json")));
        return file.RootElement.GetProperty("runtimeOptions").GetProperty("configProperties").GetProperty(name).GetInt64();
    }
}
