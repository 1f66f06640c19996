using System.Xml.Linq;

namespace Likeness.Architecture.Tests;

public sealed class DependencyTests
{
    private static readonly Dictionary<string, int> Tiers = new()
    {
        ["Likeness.Libravatar"] = 0,
        ["Likeness.Xmpp"] = 0,
        ["Likeness"] = 1,
        ["Likeness.Imaging"] = 1,
        ["Likeness.Storage"] = 2,
        ["Likeness.Http"] = 2,
        ["Likeness.Web"] = 2,
        ["Likeness.Xmpp.Server"] = 2,
        ["Likeness.Beside"] = 2,
        ["Likeness.AspNetCore"] = 2,
        ["Likeness.Server"] = 3,
        ["Likeness.Cli"] = 3,
    };

    public static TheoryData<string> Projects =>
        [.. Repository.Files("src", "*.csproj").Select(path => Path.GetFileNameWithoutExtension(path))];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_has_a_tier(string project) => Tiers.ShouldContainKey(project);

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_refers_only_to_lower_tiers(string project)
    {
        var upward = References(project)
            .Where(reference => Tiers[reference] >= Tiers[project])
            .Where(reference => (project, reference) != ("Likeness.Cli", "Likeness.Server"));

        upward.ShouldBeEmpty();
    }

    [Fact]
    public void The_program_is_on_top_of_the_composition() =>
        References("Likeness.Cli").ShouldContain("Likeness.Server");

    [Fact]
    public void The_domain_needs_no_web_server_no_database_and_no_chat_server_only_their_words() =>
        References("Likeness").ShouldBe(["Likeness.Libravatar", "Likeness.Xmpp"]);

    [Theory]
    [InlineData("Likeness.Libravatar")]
    [InlineData("Likeness.Xmpp")]
    [InlineData("Likeness")]
    [InlineData("Likeness.Imaging")]
    public void The_lower_tiers_do_without_the_web_framework(string project) =>
        Project(project).Descendants("FrameworkReference").ShouldBeEmpty();

    [Fact]
    public void Every_source_project_has_tests()
    {
        var untested = Tiers.Keys
            .Where(project => Directory.Exists(Path.Combine(Repository.Root, "src", project)))
            .Where(project => project != "Likeness.Server")
            .Where(project => !Directory.Exists(Path.Combine(Repository.Root, "tests", project + ".Tests")));

        untested.ShouldBeEmpty("Likeness.Server is tested through Likeness.Cli.Tests and Likeness.Interop.Tests");
    }

    private static IReadOnlyList<string> References(string project) =>
        [.. Project(project).Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value))];

    private static XDocument Project(string project) =>
        XDocument.Load(Path.Combine(Repository.Root, "src", project, project + ".csproj"));
}
