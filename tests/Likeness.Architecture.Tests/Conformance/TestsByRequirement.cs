using System.Text.RegularExpressions;

namespace Likeness.Architecture.Tests.Conformance;

/// <summary>Which tests name which requirement, read from the traits in their sources.</summary>
internal static partial class TestsByRequirement
{
    /// <summary>Tests by requirement id.</summary>
    public static ILookup<string, TestMethod> Read() =>
        Repository.Files("tests", "*Tests.cs").SelectMany(Read).ToLookup(found => found.Requirement, found => found.Test);

    private static IEnumerable<(string Requirement, TestMethod Test)> Read(string file)
    {
        var waiting = new List<string>();
        var ofClass = new List<string>();
        var isTest = false;
        foreach (var line in File.ReadLines(file))
        {
            isTest |= Attribute().IsMatch(line);
            waiting.AddRange(Trait().Matches(line).Select(trait => trait.Groups["id"].Value));
            if (Class().IsMatch(line))
            {
                ofClass.AddRange(waiting);
                waiting.Clear();
            }
            else if (isTest && Method().Match(line) is { Success: true } method)
            {
                isTest = false;
                foreach (var id in waiting.Concat(ofClass).Distinct())
                {
                    yield return (id, new TestMethod(Repository.Relative(file), method.Groups["name"].Value));
                }

                waiting.Clear();
            }
        }
    }

    [GeneratedRegex("""Trait\("Requirement", "(?<id>[^"]+)"\)""", RegexOptions.ExplicitCapture)]
    private static partial Regex Trait();

    [GeneratedRegex(@"\[(Fact|Theory)\b", RegexOptions.ExplicitCapture)]
    private static partial Regex Attribute();

    [GeneratedRegex(@"^\s*(public|internal) (sealed |static |abstract |partial )*class ", RegexOptions.ExplicitCapture)]
    private static partial Regex Class();

    [GeneratedRegex(@"^\s*public (async )?(static )?(void|Task|ValueTask) (?<name>\w+)\(", RegexOptions.ExplicitCapture)]
    private static partial Regex Method();
}

/// <param name="File">Relative to the checkout.</param>
internal sealed record TestMethod(string File, string Name);
