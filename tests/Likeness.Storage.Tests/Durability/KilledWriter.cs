using System.Diagnostics;
using System.Globalization;

namespace Likeness.Storage.Tests.Durability;

/// <summary>A process under write load that is killed without warning.</summary>
internal static class KilledWriter
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "Likeness.Storage.Tests.Writer");

    /// <summary>Kills it after so many acknowledgements were read. Returns all it gave.</summary>
    public static async Task<List<Acknowledged>> Run(string directory, int life, int acknowledgements)
    {
        var start = new ProcessStartInfo(Program, [directory, life.ToString(CultureInfo.InvariantCulture)])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var all = new List<Acknowledged>();
        while (all.Count < acknowledgements)
        {
            all.Add(Acknowledged.Parse(await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The writer died by itself.")));
        }

        process.Kill();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            all.Add(Acknowledged.Parse(line));
        }

        await process.WaitForExitAsync();
        return all;
    }
}

internal sealed record Acknowledged(Identity Identity, int Version)
{
    public static Acknowledged Parse(string line)
    {
        var parts = line.Split(' ');
        return new Acknowledged(new Identity(parts[0]), int.Parse(parts[1], CultureInfo.InvariantCulture));
    }
}
