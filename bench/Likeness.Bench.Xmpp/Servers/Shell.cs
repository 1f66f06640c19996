using System.Diagnostics;

namespace Likeness.Bench.Xmpp.Servers;

/// <summary>Runs a small program to its end.</summary>
static class Shell
{
    public static bool IsRoot => Environment.UserName == "root";

    /// <summary>Words before a command that make it run as <paramref name="user"/>; none when we are not root and cannot change.</summary>
    public static string As(string user) => IsRoot ? $"setpriv --reuid={user} --regid={user} --clear-groups " : "";

    public static async Task GiveTo(string user, string directory)
    {
        if (IsRoot)
            await Run("chown", "-R", $"{user}:{user}", directory);
    }

    public static async Task Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}");
    }
}
