using System.Diagnostics;

namespace Likeness.Bench.Storage;

/// <summary>The real program on a data directory, until it answers.</summary>
internal static class StartUp
{
    /// <summary>Seconds from the start of the process to the answer to an avatar request.</summary>
    public static async Task<double> Measure(string folder)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Likeness.Cli.dll");
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && path.EndsWith("dotnet", StringComparison.Ordinal) ? path : "dotnet")
        {
            ArgumentList = { program, "serve", "--data", folder, "--domain", "example.org", "--http", "127.0.0.1:0", "--xmpp", "off" },
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var watch = Stopwatch.StartNew();
        using var server = Process.Start(start)!;
        server.ErrorDataReceived += (_, _) => { };
        server.BeginErrorReadLine();
        try
        {
            string ready;
            do
            {
                ready = await server.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The server did not start.");
            }
            while (!ready.StartsWith("ready ", StringComparison.Ordinal));

            var address = ready.Split("http=")[1].Split(' ')[0];
            using var client = new HttpClient();
            using var answer = await client.GetAsync(new Uri($"http://{address}/avatar/00000000000000000000000000000000?d=404"));
            return watch.Elapsed.TotalSeconds;
        }
        finally
        {
            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync();
        }
    }
}
