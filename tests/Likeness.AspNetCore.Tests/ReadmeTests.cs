using System.Runtime.CompilerServices;

namespace Likeness.AspNetCore.Tests;

public sealed class ReadmeTests
{
    [Fact]
    public void The_code_in_the_readme_is_the_samples()
    {
        var sample = Directory.EnumerateFiles(Root("samples/Likeness.Samples.Forum"), "*.cs*", SearchOption.AllDirectories)
            .SelectMany(File.ReadLines).Select(line => line.Trim()).ToHashSet(StringComparer.Ordinal);
        var blocks = File.ReadAllText(Root("src/Likeness.AspNetCore/README.md")).Split("```").Where((_, index) => index % 2 == 1);
        string[] code = [.. blocks.SelectMany(block => block.Split('\n').Skip(1)).Select(line => line.Trim()).Where(line => line.Length > 0 && line != "// …")];

        code.Length.ShouldBeGreaterThan(3);
        code.Where(line => !sample.Contains(line)).ShouldBeEmpty();
    }

    private static string Root(string path, [CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../..", path));
}
