using System.Runtime.CompilerServices;
using Likeness.Server.Options;

namespace Likeness.Cli.Tests.Options;

public sealed class ConfigurationDocumentTests
{
    [Fact]
    public void The_configuration_document_has_a_true_line_for_every_setting()
    {
        var lines = File.ReadAllLines(Path.Combine(Root(), "docs", "configuration.md"));

        foreach (var key in OptionCatalogue.Keys)
        {
            lines.ShouldContain($"| `{key.Name}` | `{key.Flag}` | `{key.Variable}` | {key.Default} | `{key.Example}` | {key.Meaning} |");
        }
    }

    [Fact]
    public void Every_setting_is_in_one_group() =>
        OptionCatalogue.Groups.SelectMany(group => group.Keys).Select(key => key.Name).ShouldBe(OptionCatalogue.Keys.Select(key => key.Name), ignoreOrder: true);

    [Fact]
    public void The_configuration_document_has_the_settings_by_group()
    {
        var wanted = OptionCatalogue.Groups.SelectMany(group => group.Keys.Select(key => $"`{key.Name}`").Prepend("### " + group.Title));
        var title = OptionCatalogue.Groups.Select(group => "### " + group.Title).ToHashSet();

        File.ReadAllLines(Path.Combine(Root(), "docs", "configuration.md"))
            .Where(line => title.Contains(line) || line.Contains("| `LIKENESS_", StringComparison.Ordinal))
            .Select(line => line.StartsWith('|') ? line.Split('|')[1].Trim() : line)
            .ShouldBe(wanted);
    }

    [Fact]
    public void The_configuration_document_knows_no_setting_that_is_gone() =>
        File.ReadAllLines(Path.Combine(Root(), "docs", "configuration.md"))
            .Count(line => line.Contains("| `LIKENESS_", StringComparison.Ordinal))
            .ShouldBe(OptionCatalogue.Keys.Length);

    private static string Root([CallerFilePath] string thisFile = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", ".."));
}
