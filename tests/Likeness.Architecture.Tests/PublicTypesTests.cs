using System.Text.RegularExpressions;

namespace Likeness.Architecture.Tests;

/// <summary>A project shows the others what they use, and nothing else.</summary>
public sealed partial class PublicTypesTests
{
    [Theory]
    [InlineData("Likeness")]
    [InlineData("Likeness.Http")]
    [InlineData("Likeness.Imaging")]
    [InlineData("Likeness.Server")]
    [InlineData("Likeness.Storage")]
    [InlineData("Likeness.Web")]
    [InlineData("Likeness.Xmpp.Server")]
    public void Types_that_only_their_own_project_uses_are_internal(string project)
    {
        var own = Sources(file => file.StartsWith($"src/{project}/", StringComparison.Ordinal));
        var others = string.Concat(Sources(file => !file.StartsWith($"src/{project}/", StringComparison.Ordinal)));
        var declared = own.SelectMany(text => PublicType().Matches(text).Select(match => match.Groups["name"].Value)).ToHashSet(StringComparer.Ordinal);
        declared.ShouldNotBeEmpty();

        // What is used outside, and what its file says in public.
        var outside = Names(others);
        var used = declared.Where(outside.Contains).ToHashSet(StringComparer.Ordinal);
        for (var before = 0; before < used.Count;)
        {
            before = used.Count;
            foreach (var text in own.Where(text => PublicType().Matches(text).Any(match => used.Contains(match.Groups["name"].Value))))
            {
                used.UnionWith(PublicLine().Matches(text).SelectMany(line => Names(line.Value)).Where(declared.Contains));
            }
        }

        // A class of extensions is used by their names.
        foreach (var text in own.Where(text => Extension().Matches(text).Any(match => outside.Contains(match.Groups["name"].Value))))
        {
            used.UnionWith(PublicType().Matches(text).Select(match => match.Groups["name"].Value));
        }

        declared.Except(used).ShouldBeEmpty();
    }

    private static string[] Sources(Func<string, bool> isMeant) =>
        [.. Repository.Files("src", "*.cs").Where(path => isMeant(Repository.Relative(path))).Select(File.ReadAllText)];

    private static HashSet<string> Names(string text) => [.. Name().Matches(text).Select(match => match.Value)];

    [GeneratedRegex(@"^public (?:(?:sealed|abstract|static|partial|readonly) )*(?:class|interface|enum|struct|record(?: struct)?|delegate [^(]*?) ?(?<name>\w+)\b(?=[\s<(:;{]|$)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex PublicType();

    [GeneratedRegex(@"^    public static [^(]*?(?<name>\w+)(?:<\w+>)?\(\s*this ", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Extension();

    [GeneratedRegex(@"^\s*(?:public|protected) .*(?:\n\s+[^\s/].*)?", RegexOptions.Multiline)]
    private static partial Regex PublicLine();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Name();
}
