using System.Globalization;
using System.Text.Json;

namespace Likeness.Bench.Xmpp.Results;

/// <summary>Keeps every single run as JSON beside the printed medians.</summary>
static class ResultFile
{
    static readonly JsonSerializerOptions indented = new() { WriteIndented = true };

    /// <summary>The path of the written file.</summary>
    public static string Write(string directory, IReadOnlyList<Run> runs)
    {
        Directory.CreateDirectory(directory);
        var now = TimeProvider.System.GetUtcNow();
        var path = Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"xmpp-{now:yyyyMMdd-HHmmss}.json"));
        File.WriteAllText(path, JsonSerializer.Serialize(new { taken = now, cores = Environment.ProcessorCount, runs }, indented));
        return path;
    }
}
