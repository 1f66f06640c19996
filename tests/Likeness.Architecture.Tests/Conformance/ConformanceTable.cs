using System.Text;

namespace Likeness.Architecture.Tests.Conformance;

/// <summary>The document that says which test shows which requirement.</summary>
internal static class ConformanceTable
{
    public static string Document => Path.Combine(Repository.Root, "docs", "conformance", "libravatar.md");

    public static IReadOnlyList<Requirement> Requirements { get; } =
        Requirement.Read(Path.Combine(Repository.Root, "tests", "Likeness.Architecture.Tests", "Conformance", "libravatar.tsv"));

    public static string Text()
    {
        var tests = TestsByRequirement.Read();
        var text = new StringBuilder("""
            # Libravatar: requirement and test

            Written by `scripts/conformance` from the `Requirement` traits of the tests; a test fails when it is out of date.

            """);
        foreach (var chapter in Requirements.GroupBy(requirement => requirement.Chapter))
        {
            text.Append('\n').Append("## ").Append(chapter.Key).Append("\n\n| | requirement | tests |\n|---|---|---|\n");
            foreach (var requirement in chapter)
            {
                text.Append($"| {requirement.Id} | {requirement.Summary} | {Shown(requirement, tests[requirement.Id])} |\n");
            }
        }

        return text.ToString();
    }

    private static string Shown(Requirement requirement, IEnumerable<TestMethod> tests)
    {
        var shown = string.Join("<br>", tests
            .GroupBy(test => test.File)
            .OrderBy(file => file.Key, StringComparer.Ordinal)
            .Select(file => $"[{Path.GetFileNameWithoutExtension(file.Key)}](../../{file.Key}): {string.Join(", ", file.Select(test => Sentence(test.Name)))}"));
        return shown.Length > 0 ? shown : requirement.Excuse ?? "–";
    }

    private static string Sentence(string name) => name.Replace('_', ' ');
}
