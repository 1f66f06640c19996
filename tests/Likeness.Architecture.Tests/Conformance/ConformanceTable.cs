using System.Text;

namespace Likeness.Architecture.Tests.Conformance;

/// <summary>A document that says which test shows which requirement.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Name">Of the document, and of the list of requirements beside this file.</param>
/// <param name="Prefixes">What ids of this list begin with.</param>
/// <param name="IsWhole">Every row of the list has a test or an excuse; else rows with neither are left out of the document.</param>
internal sealed record ConformanceTable(string Title, string Name, IReadOnlyList<string> Prefixes, bool IsWhole)
{
    public static IReadOnlyList<ConformanceTable> All { get; } =
    [
        new("Libravatar: requirement and test", "libravatar", ["L-"], IsWhole: true),
        new("Chats: requirement and test", "chat", ["C-", "X54-", "X84-", "X153-", "X398-", "X-", "M-", "A-", "R-", "W-", "F-", "K-", "U-"], IsWhole: false),
        new("Pages for people: requirement and test", "people", ["P-"], IsWhole: false),
        new("Beside a chat server: requirement and test", "beside", ["B-"], IsWhole: false),
    ];

    public string Document => Path.Combine(Repository.Root, "docs", "conformance", $"{Name}.md");

    public IReadOnlyList<Requirement> Requirements { get; } =
        Requirement.Read(Path.Combine(Repository.Root, "tests", "Likeness.Architecture.Tests", "Conformance", $"{Name}.tsv"));

    public bool IsAbout(string id) => Prefixes.Any(prefix => id.StartsWith(prefix, StringComparison.Ordinal));

    public string Text()
    {
        var tests = TestsByRequirement.Read();
        var text = new StringBuilder($"""
            # {Title}

            Written by `scripts/conformance` from the `Requirement` traits of the tests{(IsWhole ? "" : " and the remarks of the transcripts")}; a test fails when it is out of date.

            """);
        foreach (var chapter in Requirements.Where(requirement => IsWhole || requirement.Excuse is not null || tests.Contains(requirement.Id)).GroupBy(requirement => requirement.Chapter))
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
            .Select(file => file.Key.EndsWith(".cs", StringComparison.Ordinal)
                ? $"[{Path.GetFileNameWithoutExtension(file.Key)}](../../{file.Key}): {string.Join(", ", file.Select(test => Sentence(test.Name)))}"
                : $"[{Sentence(file.First().Name)}](../../{file.Key})"));
        return shown.Length > 0 ? shown : requirement.Excuse ?? "–";
    }

    private static string Sentence(string name) => name.Replace('_', ' ');
}
