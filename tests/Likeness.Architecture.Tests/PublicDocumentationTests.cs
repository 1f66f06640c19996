using System.Text.RegularExpressions;

namespace Likeness.Architecture.Tests;

/// <summary>What users of the packages read beside the code.</summary>
public sealed partial class PublicDocumentationTests
{
    [Fact]
    [Trait("Requirement", "D-50")]
    public void Comments_name_specifications_and_no_numbers_of_ours() =>
        Repository.Files("src", "*.cs")
            .SelectMany(path => File.ReadLines(path).Select(line => (File: Repository.Relative(path), Line: line.Trim())))
            .Where(found => RequirementId().IsMatch(Comment().Match(found.Line).Value))
            .ShouldBeEmpty();

    [Fact]
    [Trait("Requirement", "D-50")]
    public void Three_projects_are_packages_and_no_other() =>
        Repository.Files("", "*.csproj").Where(path => File.ReadAllText(path).Contains("<IsPackable>true</IsPackable>", StringComparison.Ordinal))
            .Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal)
            .ShouldBe(["Likeness.AspNetCore", "Likeness.Libravatar", "Likeness.Xmpp"]);

    [GeneratedRegex("(^| )//.*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\b(?:A|B|C|D|F|K|L|M|R|S|U|W|X\d{2,3})-[0-9A-F]{1,3}\b", RegexOptions.NonBacktracking)]
    private static partial Regex RequirementId();
}
