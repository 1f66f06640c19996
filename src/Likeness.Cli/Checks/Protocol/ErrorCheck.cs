using System.Runtime.CompilerServices;

namespace Likeness.Cli.Checks.Protocol;

/// <summary>Errors of the server among all that was asked, and what they tell strangers (L-59). Runs behind the others.</summary>
internal sealed class ErrorCheck : IProtocolCheck
{
    private static readonly string[] Inside = ["Traceback (most recent call last)", "/home/", "/var/", "/usr/", "/srv/", "/etc/", "C:\\", " on line ", "   at "];

    public (string Id, string Text)? Fine => ("errors", "No question led to an error of the server.");

    public async IAsyncEnumerable<Finding> Run(ServerProbe probe, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await Task.CompletedTask;
        if (probe.Everything.FirstOrDefault(answer => answer.Status >= 500) is { } error)
        {
            yield return Finding.Wrong("server-error", probe.Subject, $"{error.Target} gives {error.Shown}.", "Look at the server's log.");
        }

        if (probe.Everything.FirstOrDefault(TellsTooMuch) is { } telling)
        {
            yield return Finding.Wrong("error-paths", probe.Subject, $"The error behind {telling.Target} tells about the inside of the server.", "Switch off detailed errors.");
        }
    }

    private static bool TellsTooMuch(Exchange answer)
    {
        if (answer.Status < 400)
        {
            return false;
        }

        // What was asked for may come back without telling anything.
        var text = System.Text.Encoding.Latin1.GetString(answer.Body.Span);
        return Inside.Any(mark => text.Contains(mark, StringComparison.Ordinal) && !Uri.UnescapeDataString(answer.Target).Contains(mark, StringComparison.Ordinal));
    }
}
