using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Likeness.Architecture.Tests;

/// <summary>What Likeness is built of may be given on with it. The list is the one by which packages are made, <c>packaging/packages.py</c>.</summary>
[Trait("Requirement", "D-64")]
public sealed partial class LicenceTests
{
    private const string List = "packaging/packages.py";
    private const string PublicDomain = "LicenseRef-public-domain";

    /// <summary>Of these only libraries that are loaded as files of their own, which everybody may replace.</summary>
    private static readonly Dictionary<string, string> Replaceable = new() { ["LGPL-3.0-or-later"] = "NetVips.Native." };

    /// <summary>What only tests use, and nothing that is given on.</summary>
    private static readonly Dictionary<string, string> ForTests = new() { ["MPL-2.0"] = "Deque.AxeCore." };

    private static readonly string Packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } said
        ? said
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static readonly string[] Allowed =
        [.. Words().Matches(AllowedLine().Match(File.ReadAllText(Path.Combine(Repository.Root, List))).Groups["words"].Value).Select(match => match.Groups["word"].Value)];

    [Fact]
    public void Every_package_that_is_restored_has_a_licence_of_the_list()
    {
        var restored = Restored().ToList();
        restored.Count.ShouldBeGreaterThan(50);

        restored.Select(package => (package, Problem: Problem(package.Name, LicenceOf(package))))
            .Where(judged => judged.Problem is not null)
            .Select(judged => $"{judged.package.Name} {judged.package.Version}: {judged.Problem}")
            .ShouldBeEmpty();
    }

    [Fact]
    public void What_only_tests_may_use_is_in_nothing_that_is_given_on() =>
        Repository.Files("src", "packages.lock.json").SelectMany(Locked)
            .Where(package => ForTests.Values.Any(prefix => package.Name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
            .ShouldBeEmpty();

    [Theory]
    [InlineData("Some.Library", "MIT", true)]
    [InlineData("Some.Library", "MPL-2.0", false)]
    [InlineData("Deque.AxeCore.Commons", "MPL-2.0", true)]
    [InlineData("Some.Library", "GPL-3.0-only", false)]
    [InlineData("Some.Library", "LGPL-3.0-or-later", false)]
    [InlineData("NetVips.Native.linux-x64", "LGPL-3.0-or-later", true)]
    [InlineData("Some.Library", "MIT OR GPL-2.0-only", false)]
    [InlineData("Some.Library", null, false)]
    public void Only_licences_of_the_list_are_taken(string package, string? licence, bool isTaken) => (Problem(package, licence) is null).ShouldBe(isTaken);

    private static string? Problem(string package, string? licence) =>
        licence is null ? "names no licence"
        : ForTests.TryGetValue(licence, out var tests) && package.StartsWith(tests, StringComparison.OrdinalIgnoreCase) ? null
        : !Allowed.Contains(licence) ? $"{licence} is not on the list in {List}"
        : Replaceable.TryGetValue(licence, out var prefix) && !package.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) ? $"{licence} is for {prefix}* only"
        : null;

    /// <summary>The whole closure, of programs, packages, tests and benchmarks.</summary>
    private static IEnumerable<(string Name, string Version)> Restored() =>
        Repository.Files(".", "packages.lock.json").SelectMany(Locked).Distinct().OrderBy(package => package.Name, StringComparer.Ordinal);

    private static List<(string Name, string Version)> Locked(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        return
        [
            .. from framework in document.RootElement.GetProperty("dependencies").EnumerateObject()
               from package in framework.Value.EnumerateObject()
               where package.Value.GetProperty("type").GetString() != "Project"
               select (package.Name, package.Value.GetProperty("resolved").GetString()!),
        ];
    }

    private static string? LicenceOf((string Name, string Version) package)
    {
        var name = package.Name.ToLowerInvariant();
        var folder = Path.Combine(Packages, name, package.Version.ToLowerInvariant());
        var licence = XDocument.Load(Path.Combine(folder, name + ".nuspec")).Descendants().FirstOrDefault(element => element.Name.LocalName == "license");
        return licence?.Attribute("type")?.Value == "file"
            ? OfText(File.ReadAllText(Path.Combine(folder, licence.Value.Trim())))
            : licence?.Value.Trim();
    }

    private static string OfText(string text) => text.Trim().StartsWith("SQLite is Public Domain", StringComparison.Ordinal) ? PublicDomain : "a text of its own";

    [GeneratedRegex("ALLOWED = \\{(?<words>[^}]*)\\}")]
    private static partial Regex AllowedLine();

    [GeneratedRegex("\"(?<word>[^\"]+)\"")]
    private static partial Regex Words();
}
