namespace Likeness.Architecture.Tests;

/// <summary>The rules that <c>scripts/mutate</c> breaks are in the code as the list has them.</summary>
public sealed class MutationListTests
{
    [Fact]
    public void Every_rule_that_is_to_be_broken_stands_once_in_its_file()
    {
        var entries = File.ReadAllText(Path.Combine(Repository.Root, "tests/mutations.list")).Split("\n\n")
            .Select(block => block.Split('\n').Where(line => line.Length > 0 && line[0] != '#').ToArray())
            .Where(lines => lines.Length > 0)
            .ToArray();

        entries.Length.ShouldBeGreaterThan(30);
        entries.Where(lines => !StandsOnce(lines)).Select(lines => lines[0]).ShouldBeEmpty();
    }

    private static bool StandsOnce(string[] entry)
    {
        var (old, other) = (Text(entry, '-'), Text(entry, '+'));
        return old.Length > 0 && old != other && entry[2..].All(line => line[0] is '-' or '+' || NamesTests(line)) && File.ReadAllText(Path.Combine(Repository.Root, entry[1])).Split(old).Length == 2;
    }

    // "tests PROJECT [CLASS]"
    private static bool NamesTests(string line) => line.Split(' ') is ["tests", var project, ..] && Directory.Exists(Path.Combine(Repository.Root, "tests", project));

    private static string Text(string[] entry, char sign) => string.Join('\n', entry[2..].Where(line => line[0] == sign).Select(line => line[1..]));
}
