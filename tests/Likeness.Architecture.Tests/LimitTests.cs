using System.Globalization;
using System.Text.RegularExpressions;

namespace Likeness.Architecture.Tests;

/// <summary>The page of limits and the code say the same.</summary>
public sealed partial class LimitTests
{
    private const string Page = "docs/limits.md";

    [Fact]
    public void Every_limit_on_the_page_is_the_one_in_the_code()
    {
        var rows = Rows().ToList();
        rows.Count.ShouldBeGreaterThan(30);
        var wrong =
            from row in rows
            let inCode = ValueOf(row.Type, row.Name)
            where inCode != row.HowMuch
            select $"{Page}: {row.Type}.{row.Name} is {row.HowMuch} there and {inCode ?? "nowhere"} in the code";

        wrong.ShouldBeEmpty();
    }

    private static IEnumerable<(string Type, string Name, string HowMuch)> Rows() =>
        from line in File.ReadLines(Path.Combine(Repository.Root, Page))
        let row = Row().Match(line)
        where row.Success
        select (row.Groups["type"].Value, row.Groups["name"].Value, Neutral(row.Groups["much"].Value));

    private static string? ValueOf(string type, string name)
    {
        var declaration = new Regex($@"\b{name}\b(?: \{{ get; init; \}})? = (?<value>[^;]+);", RegexOptions.ExplicitCapture);
        return Repository.Files("src", $"{type}.cs")
            .SelectMany(File.ReadLines)
            .Select(line => declaration.Match(line))
            .Where(match => match.Success)
            .Select(match => Written(match.Groups["value"].Value))
            .FirstOrDefault();
    }

    // "4 KiB" and "4,096" are the same.
    private static string Neutral(string cell)
    {
        var words = cell.Replace(",", "", StringComparison.Ordinal).Split(' ');
        var unit = words.Length == 2 ? words[1] switch { "KiB" => 1024L, "MiB" => 1024L * 1024, "GiB" => 1024L * 1024 * 1024, _ => 0 } : 0;
        return unit > 0 ? (long.Parse(words[0], CultureInfo.InvariantCulture) * unit).ToString(CultureInfo.InvariantCulture) : string.Join(' ', words);
    }

    private static string Written(string code)
    {
        if (Rate().Match(code) is { Success: true } rate)
        {
            return $"{rate.Groups["permits"].Value} in {Written(rate.Groups["per"].Value)}";
        }

        if (Duration().Match(code) is { Success: true } duration)
        {
            var unit = duration.Groups["unit"].Value switch { "Seconds" => "s", "Minutes" => "min", "Hours" => "h", var other => other.ToLowerInvariant() };
            return $"{duration.Groups["number"].Value} {unit}";
        }

        return code.Split('*')
            .Select(factor => long.Parse(factor.Trim().TrimEnd('L').Replace("_", "", StringComparison.Ordinal), CultureInfo.InvariantCulture))
            .Aggregate((one, other) => one * other)
            .ToString(CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"^\| .+ \| (?<much>[^|]+) \| `(?<type>\w+)\.(?<name>\w+)` \|$", RegexOptions.ExplicitCapture)]
    private static partial Regex Row();

    [GeneratedRegex(@"^new\((?<permits>\d+), (?<per>.+)\)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Rate();

    [GeneratedRegex(@"^TimeSpan\.From(?<unit>\w+)\((?<number>[\d.]+)\)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Duration();
}
