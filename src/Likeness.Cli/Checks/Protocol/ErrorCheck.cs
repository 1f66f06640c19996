using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Likeness.Cli.Checks.Protocol;

/// <summary>Errors of the server among all that was asked, and what they tell strangers. Runs behind the others.</summary>
internal sealed partial class ErrorCheck : IProtocolCheck
{
    public (string Id, string Text)? Fine => ("errors", "No question led to an error of the server.");

    public async IAsyncEnumerable<Finding> Run(ServerProbe probe, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        if (probe.Everything.FirstOrDefault(answer => answer.Status >= 500 && answer.Method == HttpMethod.Get) is { } error)
        {
            yield return Finding.Wrong("server-error", probe.Subject, $"{error.Target} gives {error.Shown}.", "Look at the server's log.");
        }

        if (probe.Everything.FirstOrDefault(TellsTooMuch) is { } telling)
        {
            yield return Finding.Wrong("error-paths", probe.Subject, $"The error behind {telling.Target} tells about the inside of the server.", "Switch off detailed errors.");
        }
    }

    private static bool TellsTooMuch(Exchange answer) =>
        answer.Status >= 400 && Inside().IsMatch(Encoding.Latin1.GetString(answer.Body.Span));

    /// <summary>Stack traces, and files of programs and their configuration.</summary>
    [GeneratedRegex(@"Traceback \(most recent call last\)| on line \d|^\s+at [\w.]+\(|(/(home|var|usr|srv|opt|etc)/|[A-Z]:\\)[^\s""'<>]+\.(py|php|rb|pl|cs|go|java|conf|ini)\b", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Inside();
}
