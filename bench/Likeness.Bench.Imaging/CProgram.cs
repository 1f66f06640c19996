using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Likeness.Bench.Imaging;

/// <summary>libvips by itself: thumbnail.c, compiled here against the library that comes along, one process per worker.</summary>
internal sealed class CProgram(string folder)
{
    private string Executable => Path.Combine(folder, "thumbnail");

    public async Task Compile()
    {
        var source = Path.Combine(AppContext.BaseDirectory, "thumbnail.c");
        var library = Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeInformation.RuntimeIdentifier, "native");
        try
        {
            await Output("/usr/bin/cc", "-O2", source, "-o", Executable, Path.Combine(library, "libvips.so.42"), $"-Wl,-rpath,{library}", "-Wl,--allow-shlib-undefined");
        }
        catch (InvalidOperationException exception)
        {
            throw new NotSupportedException("libvips' own program cannot be compiled: install gcc.", exception);
        }
    }

    public async Task<Speed> Measure(Case @case, int processes, TimeSpan time)
    {
        var rates = await Task.WhenAll(Enumerable.Range(0, processes).Select(_ => Run(@case, time)));
        return new Speed(rates.Sum(rate => rate.ImagesPerSecond), rates.Average(rate => rate.ProcessorMilliseconds));
    }

    public async Task<byte[]> Render(Case @case)
    {
        var output = Path.Combine(folder, "rendered");
        await Run(@case, TimeSpan.Zero, output);
        return await File.ReadAllBytesAsync(output);
    }

    private async Task<Speed> Run(Case @case, TimeSpan time, params string[] output)
    {
        var numbers = (await Output(
                Executable,
                [@case.Source.Path, $"{@case.Size}", $"{@case.Format}".ToLowerInvariant(), time.TotalSeconds.ToString(CultureInfo.InvariantCulture), .. output]))
            .Split(' ')
            .Select(number => double.Parse(number, CultureInfo.InvariantCulture))
            .ToArray();
        return new Speed(numbers[0], numbers[1]);
    }

    private static async Task<string> Output(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
    }
}
