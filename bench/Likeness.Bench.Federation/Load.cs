using System.Diagnostics;
using System.Globalization;

namespace Likeness.Bench.Federation;

/// <summary>One load of the page.</summary>
internal sealed record Load(string Way, string When, TimeSpan Waited, int Federated, int Asked)
{
    /// <summary>Times what writes all URLs of the page; the questions are counted until the next load.</summary>
    public static async Task<Load> Of(string way, string when, HalfDeadInternet internet, TimeSpan pause, Func<Task<IReadOnlyList<string?>>> write)
    {
        var asked = internet.Asked;
        var clock = Stopwatch.StartNew();
        var urls = await write();
        var waited = clock.Elapsed;
        await Task.Delay(pause);
        return new Load(way, when, waited, urls.Count(HalfDeadInternet.IsFederated), internet.Asked - asked);
    }

    public void Print() =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {Way} | {When} | {Waited.TotalMilliseconds:N1} | {Federated} | {Asked} |"));
}
