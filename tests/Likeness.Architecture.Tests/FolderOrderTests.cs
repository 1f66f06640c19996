using System.Text.RegularExpressions;

namespace Likeness.Architecture.Tests;

/// <summary>Inside a project the folders are tiers too: what lies in one knows those before it and none behind it.</summary>
public sealed partial class FolderOrderTests
{
    /// <summary>Folders of a project, the lowest first.</summary>
    private static readonly Dictionary<string, string[]> Orders = new()
    {
        ["Likeness.Xmpp.Server"] = ["Connections", "Sessions", "Avatars", "Routing", "Accounts", "Features"],
    };

    public static TheoryData<string> Projects => [.. Orders.Keys];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_folder_knows_only_those_before_it(string project)
    {
        var order = Orders[project];
        var upward =
            from file in Repository.Files($"src/{project}", "*.cs")
            let folder = FolderOf(project, file)
            where folder is not null
            from Match name in Name().Matches(File.ReadAllText(file))
            let known = name.Groups["name"].Value
            where known.StartsWith(project + '.', StringComparison.Ordinal)
            let other = known[(project.Length + 1)..].Split('.')[0]
            where Array.IndexOf(order, other) > Array.IndexOf(order, folder)
            select $"{Repository.Relative(file)} knows {other}";

        upward.Distinct().ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_folder_has_its_place(string project)
    {
        var folders = Repository.Files($"src/{project}", "*.cs").Select(file => FolderOf(project, file)).OfType<string>().Distinct();

        folders.Except(Orders[project]).ShouldBeEmpty();
    }

    private static string? FolderOf(string project, string file)
    {
        var parts = Path.GetRelativePath(Path.Combine(Repository.Root, "src", project), file).Split(Path.DirectorySeparatorChar);
        return parts.Length > 1 ? parts[0] : null;
    }

    [GeneratedRegex(@"\b(?<name>Likeness(\.\w+)+)", RegexOptions.ExplicitCapture)]
    private static partial Regex Name();
}
