using System.Globalization;
using Likeness.Imaging;
using Likeness.Imaging.Tests.Support;

namespace Likeness.Bench.Imaging;

/// <summary>Our pool beside libvips' own thumbnailer in C, in turns in the same run; the median ratio of the rounds counts.</summary>
internal static class Comparison
{
    private static readonly int[] Workers = [1, 2];

    public static async Task<int> Run(bool quick, string? only)
    {
        var (rounds, time) = quick ? (3, TimeSpan.FromMilliseconds(150)) : (5, TimeSpan.FromMilliseconds(400));
        var folder = Directory.CreateTempSubdirectory("likeness-bench");
        try
        {
            var native = new CProgram(folder.FullName);
            await native.Compile();
            await using var one = new OurPool(1);
            await using var two = new OurPool(2);
            var cases = Cases(folder.FullName).ToArray();
            var warmUp = cases[0] with { Format = ImageFormat.WebP };
            await one.Measure(warmUp, TimeSpan.FromSeconds(quick ? 1 : 3));
            await two.Measure(warmUp, TimeSpan.FromSeconds(quick ? 1 : 3));
            Console.WriteLine("| case | workers | libvips C images/s | ours images/s | ratio | C processor ms | our processor ms | ratio | distance C | distance ours |");
            Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
            foreach (var @case in cases.Where(@case => only is null || @case.Name.Contains(only, StringComparison.OrdinalIgnoreCase)))
            {
                var theirs = Quality.Distance(@case, await native.Render(@case));
                var ours = Quality.Distance(@case, (await one.Render(@case)).Bytes);
                foreach (var workers in Workers)
                {
                    var measured = await Measure(@case, native, workers == 1 ? one : two, workers, rounds, time);
                    Console.WriteLine(string.Create(
                        CultureInfo.InvariantCulture,
                        $"| {@case.Name} | {workers} | {measured.Theirs.ImagesPerSecond:0.0} | {measured.Ours.ImagesPerSecond:0.0} | {measured.Ratio:0.00} | {measured.Theirs.ProcessorMilliseconds:0.00} | {measured.Ours.ProcessorMilliseconds:0.00} | {measured.ProcessorRatio:0.00} | {theirs:0.00} | {ours:0.00} |"));
                }
            }

            return 0;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<Measured> Measure(Case @case, CProgram native, OurPool pool, int workers, int rounds, TimeSpan time)
    {
        var pairs = new List<(Speed Theirs, Speed Ours)>();
        for (var round = 0; round < rounds; round++)
        {
            pairs.Add((await native.Measure(@case, workers, time), await pool.Measure(@case, time)));
        }

        return new Measured(
            Median(pairs.Select(pair => pair.Theirs)),
            Median(pairs.Select(pair => pair.Ours)),
            Median(pairs.Select(pair => pair.Ours.ImagesPerSecond / pair.Theirs.ImagesPerSecond)),
            Median(pairs.Select(pair => pair.Theirs.ProcessorMilliseconds / pair.Ours.ProcessorMilliseconds)));
    }

    private static Speed Median(IEnumerable<Speed> speeds)
    {
        var all = speeds.ToArray();
        return new Speed(Median(all.Select(speed => speed.ImagesPerSecond)), Median(all.Select(speed => speed.ProcessorMilliseconds)));
    }

    private static double Median(IEnumerable<double> numbers)
    {
        var sorted = numbers.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    private static IEnumerable<Case> Cases(string folder) =>
        from source in new[] { Make(1024, folder), Make(3000, folder) }
        from size in new[] { 80, 256, 512 }
        from format in new[] { ImageFormat.Jpeg, ImageFormat.Png, ImageFormat.WebP }
        select new Case(source, size, format);

    private static Source Make(int edge, string folder)
    {
        using var photo = PhotoLike.Make(edge, edge);
        var bytes = photo.JpegsaveBuffer(q: 88);
        var path = Path.Combine(folder, $"{edge}.jpg");
        File.WriteAllBytes(path, bytes);
        return new Source(edge, bytes, path);
    }

    private readonly record struct Measured(Speed Theirs, Speed Ours, double Ratio, double ProcessorRatio);
}
