using System.Globalization;

namespace Likeness.Imaging.Tests.Hostile;

/// <summary>Pictures cut short, changed and mixed: each is rendered or refused with a reason, whatever became of it.</summary>
[Trait("Category", "Slow")]
[Collection(nameof(Alone))]
public sealed class MutationTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Seed = 105_000_000;

    /// <summary>Bytes by which the process of the pool may grow: a few of the pictures themselves.</summary>
    private const long MaxGrowth = 128L * 1024 * 1024;

    private readonly Ordeal _ordeal = new(workers: 2);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _ordeal.DisposeAsync();

    [Fact, Trait("Requirement", "L-105")]
    public async Task A_picture_cut_anywhere_is_rendered_or_refused()
    {
        var worked = 0;
        foreach (var (name, file) in GoodFiles.All)
        {
            foreach (var length in Cuts(file))
            {
                var rest = file.AsMemory(0, length);
                if (_ordeal.Inspect(rest) is null && ++worked % 5 == 0)
                {
                    await _ordeal.Meet($"{name}, its first {length} bytes", Ordeal.Request(rest, worked));
                }
            }
        }

        await Finish();
    }

    [Fact, Trait("Requirement", "L-105")]
    public Task Changed_pictures_are_rendered_or_refused() => Mutate(rounds: 3_000, ofWhichRendered: 10);

    [Fact, Trait("Requirement", "L-105"), Trait("Category", "Long")]
    public Task A_hundred_thousand_changed_pictures_are_rendered_or_refused() => Mutate(rounds: 110_000, ofWhichRendered: 1);

    /// <summary>Every 64th part, every byte of the first headers, and around each seam of the file.</summary>
    private static IEnumerable<int> Cuts(byte[] file) =>
        Enumerable.Range(0, 64).Select(part => file.Length * part / 64)
            .Concat(Enumerable.Range(0, 64))
            .Concat(Seams.Of(file).SelectMany(seam => Enumerable.Range(seam - 2, 14)))
            .Append(file.Length - 1)
            .Where(length => length >= 0 && length < file.Length)
            .Distinct()
            .Order();

    /// <param name="ofWhichRendered">Every so many go on to a worker.</param>
    private async Task Mutate(int rounds, int ofWhichRendered)
    {
        var (done, files) = (0, GoodFiles.All);
        await Parallel.ForAsync(0, rounds, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (round, _) =>
        {
            var (name, file) = files[round % files.Count];
            var other = files[(round / files.Count) % files.Count].Content;
            var mutated = Mutation.Of(file, other, Seed + round);
            if (round % ofWhichRendered == 0)
            {
                await _ordeal.Meet($"{name}, round {round}", Ordeal.Request(mutated, round / files.Count));
            }
            else
            {
                _ordeal.Inspect(mutated);
            }

            if (Interlocked.Increment(ref done) % 5_000 == 0)
            {
                TestContext.Current.SendDiagnosticMessage(string.Create(CultureInfo.InvariantCulture, $"{done} of {rounds}: {_ordeal.Summary()}"));
            }
        });

        _ordeal.Outcomes.Keys.ShouldContain("rendered");
        _ordeal.Outcomes.Keys.ShouldContain("worker: Undecodable");
        _ordeal.Outcomes.Keys.ShouldContain("gate: UnknownFormat");
        await Finish();
    }

    private async Task Finish()
    {
        output.WriteLine(_ordeal.Summary());
        await _ordeal.End();
        _ordeal.Growth.ShouldBeLessThan(MaxGrowth);
    }
}
