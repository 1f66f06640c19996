using System.Diagnostics;

namespace Likeness.Storage.Tests.Databases;

/// <summary>PostgreSQL's own programs, run as an ordinary user: they refuse to be root.</summary>
internal static class PostgreSqlProgram
{
    private static readonly string Directory = Find();

    public static async Task Run(string program, params string[] arguments)
    {
        using var process = Start(program, arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} failed: {errors}{await output}");
        }
    }

    public static Process Start(string program, params string[] arguments)
    {
        string[] command = [.. AsOrdinaryUser(), Path.Combine(Directory, program), .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        return Process.Start(start)!;
    }

    private static string[] AsOrdinaryUser() => Environment.IsPrivilegedProcess
        ? ["setpriv", "--reuid=nobody", "--regid=65534", "--clear-groups", "--"]
        : [];

    private static string Find()
    {
        var onPath = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        var installed = System.IO.Directory.Exists("/usr/lib/postgresql")
            ? System.IO.Directory.GetDirectories("/usr/lib/postgresql").OrderDescending(StringComparer.Ordinal).Select(version => Path.Combine(version, "bin"))
            : [];
        return installed.Concat(onPath).FirstOrDefault(directory => File.Exists(Path.Combine(directory, "initdb")))
            ?? throw new InvalidOperationException(
                "These tests run PostgreSQL, and its server programs (initdb, postgres) are neither on PATH nor under /usr/lib/postgresql: install the package postgresql.");
    }
}
