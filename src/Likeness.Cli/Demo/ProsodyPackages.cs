using System.Diagnostics;

namespace Likeness.Cli.Demo;

/// <summary>What of the system the demo beside Prosody needs.</summary>
/// <param name="path">Folders with programs, as PATH has them.</param>
/// <param name="modules">Where the packaged modules are.</param>
internal sealed class ProsodyPackages(string path, string modules)
{
    public const string Modules = "/usr/lib/prosody/modules";

    public static ProsodyPackages OfSystem => new(Environment.GetEnvironmentVariable("PATH") ?? "", Modules);

    /// <summary>Packages that are not there.</summary>
    public IReadOnlyList<string> Missing =>
    [
        .. Program("prosody") is null ? (string[])["prosody"] : [],
        .. Directory.Exists(modules) && Directory.EnumerateFiles(modules, "mod_privilege.lua", SearchOption.AllDirectories).Any() ? (string[])[] : ["prosody-modules"],
    ];

    /// <summary>Asks whether to install what is missing, and does; where nobody can be asked it is only named. True: everything is there.</summary>
    public async Task<bool> Ensure(Terminal terminal, CancellationToken cancellationToken)
    {
        if (Missing is not { Count: > 0 } missing)
        {
            return true;
        }

        var packages = string.Join(' ', missing);
        string[] command = [.. Environment.IsPrivilegedProcess ? (string[])[] : ["sudo"], "apt-get", "install", "-y", .. missing];
        if (terminal.Interactive && Program("apt-get") is not null && Program(command[0]) is { } program)
        {
            var answer = await terminal.Ask($"This demo needs {packages}. Run {string.Join(' ', command)}? Debian starts Prosody as a service then. [y/N]", cancellationToken);
            if (answer is "y" or "Y" or "yes")
            {
                using var installing = Process.Start(new ProcessStartInfo(program, command[1..]) { UseShellExecute = false, Environment = { ["DEBIAN_FRONTEND"] = "noninteractive" } })!;
                await installing.WaitForExitAsync(cancellationToken);
                if (installing.ExitCode == 0 && Missing.Count == 0)
                {
                    return true;
                }

                await terminal.Error.WriteLineAsync($"likeness: {packages} could not be installed.");
                return false;
            }
        }

        await terminal.Error.WriteLineAsync($"likeness: This demo needs {packages}: apt-get install {packages}");
        return false;
    }

    private string? Program(string name) => path.Split(':', StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}
