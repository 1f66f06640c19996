using System.Text.RegularExpressions;

namespace Likeness.Architecture.Tests.Conformance;

/// <summary>The table of the Application Security Verification Standard names tests that are there.</summary>
public sealed partial class VerificationStandardTests
{
    private static readonly string[] States = ["met", "in part", "not met", "does not apply"];
    private static readonly string Folder = Path.Combine(Repository.Root, "docs/conformance");

    private static IReadOnlyList<string[]> Rows { get; } =
        [.. File.ReadLines(Path.Combine(Folder, "asvs.md")).Where(line => Row().IsMatch(line)).Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries))];

    [Fact]
    public void Each_row_is_there_once_and_says_how_it_stands()
    {
        Rows.Count.ShouldBeGreaterThan(230);
        Rows.Select(row => row[0]).ShouldBeUnique();
        Rows.ShouldAllBe(row => row.Length == 6 && States.Contains(row[3]));
        Rows.Where(row => row[3] != "met" && row[4].Length == 0).Select(row => row[0]).ShouldBeEmpty("what is not met says why");
    }

    [Fact]
    public void Each_test_that_shows_a_row_is_in_its_file()
    {
        var named = Rows.SelectMany(row => TestOf().Matches(row[5])).ToArray();
        named.Length.ShouldBeGreaterThan(160);
        named.Where(test => !File.ReadAllText(Path.Combine(Folder, test.Groups["file"].Value)).Contains($" {test.Groups["title"].Value.Trim().Replace(' ', '_')}(", StringComparison.Ordinal))
            .Select(test => test.Value)
            .ShouldBeEmpty();
    }

    [GeneratedRegex(@"^\| \d+\.\d+\.\d+ \|")]
    private static partial Regex Row();

    [GeneratedRegex(@"\[\w+\]\((?<file>[^)]+)\): (?<title>[\w ]+)")]
    private static partial Regex TestOf();
}
