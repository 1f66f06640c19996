using System.Text.RegularExpressions;

namespace Likeness.Architecture.Tests.Conformance;

/// <summary>Which tests name which requirement, read from the traits in their sources and from the remarks of transcripts.</summary>
internal static partial class TestsByRequirement
{
    /// <summary>Tests by requirement id.</summary>
    public static ILookup<string, TestMethod> Read() =>
        Repository.Files("tests", "*Tests.cs").Concat(Repository.Files("tests", "*Contract.cs")).SelectMany(ReadTests)
            .Concat(Repository.Files("tests", "*.xmpp").SelectMany(ReadTranscript))
            .ToLookup(found => found.Requirement, found => found.Test);

    private static IEnumerable<(string Requirement, TestMethod Test)> ReadTests(string file)
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

    // A remark such as "# M-10, M-11: XEP-0045 §7.2" may stand anywhere in the play.
    private static IEnumerable<(string Requirement, TestMethod Test)> ReadTranscript(string file)
    {
        var test = new TestMethod(Repository.Relative(file), Path.GetFileNameWithoutExtension(file).Replace('-', ' '));
        return File.ReadLines(file)
            .Where(line => line.StartsWith('#'))
            .SelectMany(line => Id().Matches(line))
            .Select(id => id.Value)
            .Distinct()
            .Select(id => (id, test));
    }

    [GeneratedRegex(@"(?<![\w-])(X-(MUC|CAP|V4)|X\d+|[ACFKLMRUW])-[0-9A-F]+(?!\w)", RegexOptions.ExplicitCapture)]
    private static partial Regex Id();

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
/// <param name="Name">As a sentence, its words joined by underlines or spaces.</param>
internal sealed record TestMethod(string File, string Name);
