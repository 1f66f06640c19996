using System.Globalization;
using System.Text;
using Likeness.Bench.Xmpp.Scenarios;

namespace Likeness.Bench.Xmpp.Results;

/// <summary>The Markdown that a campaign prints: medians and ratios, then CPU per operation, then what failed.</summary>
sealed class Report(IReadOnlyList<Run> runs, IReadOnlyList<string> servers, IReadOnlyList<IScenario> scenarios)
{
    const string ours = "likeness";

    public string Markdown()
    {
        var text = new StringBuilder();
        Head(text, "scenario", [.. servers, "unit", "Likeness / best peer"]);
        foreach (var scenario in scenarios)
            Line(text, scenario.Name, [.. servers.Select(server => Cell(server, scenario)), scenario.Unit, Ratio(scenario)]);
        text.AppendLine("\nA ratio above 1 is in favour of Likeness; for memory it is the peer's figure over Likeness'.\n");
        Head(text, "server CPU µs per operation (cores: server + driver)", servers);
        foreach (var scenario in scenarios.Where(scenario => !scenario.LessIsBetter))
            Line(text, scenario.Name, [.. servers.Select(server => Cost(server, scenario))]);
        foreach (var failed in runs.Where(run => run.Failure is not null))
            text.Append(CultureInfo.InvariantCulture, $"\nFAILED {failed.Server} {failed.Scenario} (round {failed.Round}): {failed.Failure}");
        return text.AppendLine().ToString();
    }

    string Cell(string server, IScenario scenario)
    {
        var failed = runs.Count(run => run.Server == server && run.Scenario == scenario.Name && run.Failure is not null);
        if (Median(server, scenario, measurement => measurement.Value) is not { } value)
            return failed > 0 ? "failed" : "–";
        var cell = Number(value);
        if (Median(server, scenario, measurement => measurement.MedianMilliseconds) is { } middle)
            cell += string.Create(CultureInfo.InvariantCulture, $" (p50 {middle:0.#} ms)");
        return failed > 0 ? $"{cell}, failed {failed} ×" : cell;
    }

    string Cost(string server, IScenario scenario) =>
        Median(server, scenario, measurement => measurement.ServerCpuMicroseconds) is { } cost
            ? string.Create(CultureInfo.InvariantCulture, $"{cost:0.#} ({Median(server, scenario, m => m.ServerCores):0.00} + {Median(server, scenario, m => m.DriverCores):0.00})")
            : "–";

    string Ratio(IScenario scenario)
    {
        var mine = Median(ours, scenario, measurement => measurement.Value);
        var peers = servers.Where(server => server != ours)
            .Select(server => Median(server, scenario, measurement => measurement.Value))
            .OfType<double>()
            .ToList();
        if (mine is not { } value || peers.Count == 0)
            return "–";
        var ratio = scenario.LessIsBetter ? peers.Min() / value : value / peers.Max();
        return string.Create(CultureInfo.InvariantCulture, $"**{ratio:0.00}**");
    }

    double? Median(string server, IScenario scenario, Func<Measurement, double?> pick)
    {
        var values = runs.Where(run => run.Server == server && run.Scenario == scenario.Name && run.Measurement is not null)
            .Select(run => pick(run.Measurement!))
            .OfType<double>()
            .Order()
            .ToList();
        if (values.Count == 0)
            return null;
        var middle = values.Count / 2;
        return values.Count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }

    static string Number(double value) => value.ToString(Math.Abs(value) < 100 ? "0.0" : "#,0", CultureInfo.InvariantCulture);

    static void Head(StringBuilder text, string first, IReadOnlyList<string> rest)
    {
        Line(text, first, rest);
        Line(text, "---", [.. rest.Select(_ => "---")]);
    }

    static void Line(StringBuilder text, string first, IReadOnlyList<string> rest) =>
        text.Append("| ").Append(first).Append(" | ").AppendJoin(" | ", rest).AppendLine(" |");
}
