using System.Diagnostics;
using System.Globalization;
using Likeness.Imaging;
using Likeness.Imaging.Faces;

namespace Likeness.Bench.Imaging;

/// <summary>How many faces one core draws: from the hash to the PNG, in this process, on one thread, a different hash each time. By processor time, so that a busy machine does not matter.</summary>
internal static class FaceSpeed
{
    private const int Size = 80;
    private const int Sample = 200;

    public static int Run(bool quick)
    {
        var time = quick ? TimeSpan.FromMilliseconds(500) : TimeSpan.FromSeconds(2);
        VipsLibrary.Start();
        Console.WriteLine("| face | faces/s per core | drawing alone, faces/s | SVG bytes | PNG bytes |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (var face in FaceCatalogue.All)
        {
            var (svg, png) = Sizes(face);
            var whole = Measure(time, hash => Render(face, hash));
            var text = Measure(time / 4, hash => face.Draw(new FaceSubject(hash)));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {face.Name} | {whole:0} | {text:0} | {svg:0} | {png:0} |"));
        }

        return 0;
    }

    private static double Measure(TimeSpan time, Action<string> draw)
    {
        using var process = Process.GetCurrentProcess();
        var (before, clock, drawn) = (process.TotalProcessorTime, Stopwatch.StartNew(), 0);
        while (clock.Elapsed < time)
        {
            draw(Hash(drawn++));
        }

        process.Refresh();
        return drawn / (process.TotalProcessorTime - before).TotalSeconds;
    }

    /// <summary>Means; warms up at the same time.</summary>
    private static (double Svg, double Png) Sizes(IFace face)
    {
        var drawings = Enumerable.Range(0, Sample).Select(i => face.Draw(new FaceSubject(Hash(i)))).ToList();
        return (drawings.Average(drawing => drawing.Length), Enumerable.Range(0, Sample).Average(i => Render(face, Hash(i)).Bytes.Length));
    }

    private static RenderedImage Render(IFace face, string hash) =>
        new Renderer().Render(RenderRequest.Face(face.Draw(new FaceSubject(hash)), Size), header: null);

    private static string Hash(int number) => number.ToString("x32", CultureInfo.InvariantCulture);
}
