using System.Globalization;
using System.Text.Json.Serialization;
using Spectre.Console;

namespace Likeness.Cli.Checks;

/// <summary>Writes findings for people or for programs.</summary>
internal static partial class CheckReport
{
    private const int MaxSubject = 48;

    /// <summary>One finding, when it is found; subjects stand below each other as far as those before tell.</summary>
    public static void Write(Terminal terminal, Finding finding, ref int width)
    {
        width = finding.Subject.Length > MaxSubject ? width : Math.Max(width, finding.Subject.Length);
        var (word, colour) = finding.Level switch
        {
            Level.Ok => ("ok", "green"),
            Level.Warning => ("warning", "yellow"),
            _ => ("wrong", "red"),
        };
        var line = string.Create(CultureInfo.InvariantCulture, $"{Printable(finding.Subject).PadRight(width)}  {Printable(finding.Text)} {Printable(finding.Advice ?? "")}").TrimEnd();
        if (terminal.Interactive)
        {
            // Above the line that tells the progress.
            terminal.Console.MarkupLine($"[{colour}]{word,-8}[/]{Markup.Escape(line)}");
            return;
        }

        terminal.Console.Markup($"[{colour}]{word,-8}[/]");
        terminal.Out.WriteLine(line);
    }

    public static void WriteSum(Terminal terminal, IReadOnlyList<Finding> findings) => terminal.Out.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{Count(findings, Level.Ok)} ok, {Count(findings, Level.Warning)} {(Count(findings, Level.Warning) == 1 ? "warning" : "warnings")}, {Count(findings, Level.Wrong)} wrong"));

    public static void WriteJson(Terminal terminal, string target, IReadOnlyList<Finding> findings) =>
        terminal.Out.WriteLine(JsonOption.Text(
            new Report(target, Count(findings, Level.Ok), Count(findings, Level.Warning), Count(findings, Level.Wrong), findings),
            ReportJson.Default.Report));

    public static int Count(IEnumerable<Finding> findings, Level level) => findings.Count(finding => finding.Level == level);

    /// <summary>What servers said must not steer the terminal.</summary>
    private static string Printable(string text) => string.Concat(text.Select(character => char.IsControl(character) ? '?' : character));

    internal sealed record Report(string Target, int Ok, int Warnings, int Wrong, IReadOnlyList<Finding> Findings);

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
    [JsonSerializable(typeof(Report))]
    private sealed partial class ReportJson : JsonSerializerContext;
}
