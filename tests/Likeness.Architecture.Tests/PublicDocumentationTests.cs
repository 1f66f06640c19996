using System.Text.RegularExpressions;

namespace Likeness.Architecture.Tests;

/// <summary>What users of the packages read beside the code.</summary>
public sealed partial class PublicDocumentationTests
{
    [Theory]
    [Trait("Requirement", "D-50")]
    [InlineData("Likeness.AspNetCore")]
    [InlineData("Likeness.Libravatar")]
    [InlineData("Likeness.Xmpp")]
    public void Documentation_names_specifications_and_no_numbers_of_ours(string package) =>
        Repository.Files($"src/{package}", "*.cs")
            .SelectMany(path => File.ReadLines(path).Select(line => (File: Repository.Relative(path), Line: line.Trim())))
            .Where(found => found.Line.StartsWith("///", StringComparison.Ordinal) && RequirementId().IsMatch(found.Line))
            .ShouldBeEmpty();

    [Fact]
    [Trait("Requirement", "D-50")]
    public void Three_projects_are_packages_and_no_other() =>
        Repository.Files("", "*.csproj").Where(path => File.ReadAllText(path).Contains("<IsPackable>true</IsPackable>", StringComparison.Ordinal))
            .Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal)
            .ShouldBe(["Likeness.AspNetCore", "Likeness.Libravatar", "Likeness.Xmpp"]);

    [GeneratedRegex(@"\b(?:A|B|C|D|F|K|L|M|P|R|S|U|W|X\d{0,3})-[0-9A-F]{1,3}\b", RegexOptions.NonBacktracking)]
    private static partial Regex RequirementId();
}
