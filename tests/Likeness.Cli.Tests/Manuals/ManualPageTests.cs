namespace Likeness.Cli.Tests.Manuals;

public sealed class ManualPageTests
{
    [Fact]
    public async Task Every_command_and_the_settings_have_a_page()
    {
        using var folder = new TemporaryDirectory();

        (await LikenessProgram.Run("manual", folder.Path, "--date", "2026-11-25")).Code.ShouldBe(ExitCode.Done);

        var pages = Directory.GetFiles(folder.Path).Select(Path.GetFileName).ToArray();
        pages.ShouldContain("likeness.1");
        pages.ShouldContain("likeness-user-add.1");
        pages.ShouldContain("likeness.json.5");
        pages.ShouldNotContain("likeness-render-worker.1");
        var serve = await File.ReadAllTextAsync(Path.Combine(folder.Path, "likeness-serve.1"));
        serve.ShouldStartWith(".TH LIKENESS\\-SERVE 1 2026-11-25 Likeness\n");
        serve.ShouldContain(".BI \\-\\-domain");
        serve.ShouldContain(".SH EXAMPLES");
        (await File.ReadAllTextAsync(Path.Combine(folder.Path, "likeness.json.5"))).ShouldContain("LIKENESS_PUBLIC_URL");
    }
}
