using System.Text.RegularExpressions;

namespace Likeness.Architecture.Tests;

/// <summary>Inside a project the folders are tiers too: a folder uses only those before it. Files in the project's own folder put it together and may use all.</summary>
public sealed partial class FolderOrderTests
{
    private static readonly Dictionary<string, string[]> Order = new()
    {
        ["Likeness.Xmpp"] = ["Xml", "Sasl", "Payloads", "Client"],
        ["Likeness.Beside"] = ["Connections", "Accounts", "Mirroring"],
        ["Likeness.Xmpp.Server"] = ["Connections", "Sessions", "Avatars", "Routing", "Accounts", "Archive", "Features", "Rooms", "Federation", "Components"],
    };

    public static TheoryData<string> Projects =>
        [.. Repository.Files("src", "*.csproj").Select(path => Path.GetFileNameWithoutExtension(path))];

    [Theory]
    [MemberData(nameof(Projects))]
    public void The_folders_of_a_project_do_not_know_each_other_in_a_circle(string project)
    {
        var uses = Uses(project);
        var left = uses.Select(use => use.From).Concat(uses.Select(use => use.To)).ToHashSet(StringComparer.Ordinal);
        while (left.FirstOrDefault(folder => !uses.Any(use => use.From == folder && left.Contains(use.To))) is { } lowest)
        {
            left.Remove(lowest);
        }

        uses.Where(use => left.Contains(use.From) && left.Contains(use.To)).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_folder_uses_only_the_folders_before_it(string project)
    {
        if (!Order.TryGetValue(project, out var order))
        {
            return;
        }

        Uses(project).Where(use => Array.IndexOf(order, use.To) >= Array.IndexOf(order, use.From)).ShouldBeEmpty();
    }

    /// <summary>One entry for each file and each type of another folder that it names.</summary>
    private static List<FolderUse> Uses(string project)
    {
        var sources = Repository.Files("src", "*.cs")
            .Where(path => Repository.Relative(path).StartsWith($"src/{project}/", StringComparison.Ordinal))
            .Select(path => Source.Read(project, path))
            .ToArray();
        var owners = sources
            .SelectMany(source => source.Declared.Select(type => (type, source)))
            .ToLookup(declared => declared.type, declared => declared.source, StringComparer.Ordinal);
        return
        [
            .. from source in sources
               where source.Folder.Length > 0
               from word in source.Words
               let places = owners[word].DistinctBy(owner => owner.Namespace).ToArray()
               where places.Length == 1 && places[0].Folder.Length > 0 && places[0].Folder != source.Folder && source.Sees(places[0].Namespace)
               select new FolderUse(source.Folder, places[0].Folder, source.File, word),
        ];
    }

    [GeneratedRegex("\"\"\"[\\s\\S]*?\"\"\"|//.*|\"(?:\\\\.|[^\"\\\\\\n])*\"")]
    private static partial Regex CommentsAndText();

    [GeneratedRegex(@"\b(?:class|record(?: struct)?|struct|interface|enum|delegate\s+[\w<>?\[\], ]+?)\s+(?<name>[A-Z]\w*)")]
    private static partial Regex Declarations();

    [GeneratedRegex(@"(?<![.\w])[A-Z]\w*")]
    private static partial Regex Names();

    [GeneratedRegex(@"^using (?:static )?(?<namespace>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex UsingLines();

    [GeneratedRegex(@"^namespace (?<namespace>[\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespaces();

    private sealed record FolderUse(string From, string To, string File, string Type);

    private sealed record Source(string Folder, string File, string Namespace, HashSet<string> Usings, HashSet<string> Declared, HashSet<string> Words)
    {
        public static Source Read(string project, string path)
        {
            var text = CommentsAndText().Replace(System.IO.File.ReadAllText(path), "");
            var parts = Repository.Relative(path)[$"src/{project}/".Length..].Split('/');
            return new Source(
                parts.Length > 1 ? parts[0] : "",
                parts[^1],
                Namespaces().Match(text).Groups["namespace"].Value,
                [.. UsingLines().Matches(text).Select(match => match.Groups["namespace"].Value)],
                [.. Declarations().Matches(text).Select(match => match.Groups["name"].Value)],
                [.. Names().Matches(text).Select(match => match.Value)]);
        }

        public bool Sees(string other) =>
            Usings.Contains(other) || Namespace == other || Namespace.StartsWith(other + ".", StringComparison.Ordinal);
    }
}
