using System.Text.RegularExpressions;

namespace Likeness.Architecture.Tests;

public sealed partial class DocumentLinkTests
{
    [Fact]
    public void A_link_between_documents_points_to_a_file_that_exists()
    {
        var broken =
            from document in Documents()
            from Match link in Link().Matches(File.ReadAllText(document))
            let target = link.Groups["target"].Value
            where !target.Contains(':', StringComparison.Ordinal) && !target.StartsWith('#')
            let path = Path.Combine(Path.GetDirectoryName(document)!, target.Split('#')[0])
            where !Path.Exists(path)
            select $"{Repository.Relative(document)} → {target}";

        broken.ShouldBeEmpty();
    }

    [Fact]
    public void A_link_to_a_heading_finds_it()
    {
        var broken =
            from document in Documents()
            from Match link in Link().Matches(File.ReadAllText(document))
            let parts = link.Groups["target"].Value.Split('#')
            where parts.Length == 2 && !parts[0].Contains(':', StringComparison.Ordinal)
            let target = parts[0].Length == 0 ? document : Path.Combine(Path.GetDirectoryName(document)!, parts[0])
            where File.Exists(target) && !Anchors(target).Contains(parts[1])
            select $"{Repository.Relative(document)} → {link.Groups["target"].Value}";

        broken.ShouldBeEmpty();
    }

    private static IEnumerable<string> Documents() =>
        Directory.EnumerateFiles(Repository.Root, "*.md").Concat(Directory.Exists(Path.Combine(Repository.Root, "docs")) ? Repository.Files("docs", "*.md") : []);

    private static HashSet<string> Anchors(string document) =>
        [.. File.ReadLines(document).Where(line => line.StartsWith('#')).Select(line => NotInAnchor().Replace(line.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-'))];

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture)]
    private static partial Regex Link();

    [GeneratedRegex(@"[^\p{L}\p{Nd} _-]", RegexOptions.ExplicitCapture)]
    private static partial Regex NotInAnchor();
}
