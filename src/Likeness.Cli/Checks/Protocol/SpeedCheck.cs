using System.Runtime.CompilerServices;

namespace Likeness.Cli.Checks.Protocol;

/// <summary>How long answers take. Runs behind the others.</summary>
internal sealed class SpeedCheck : IProtocolCheck
{
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(2);

    public (string Id, string Text)? Fine => ("speed", "Every answer came within two seconds.");

    public async IAsyncEnumerable<Finding> Run(ServerProbe probe, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        if (probe.Everything.Where(answer => answer.Failure is null && answer.Elapsed > Slow).MaxBy(answer => answer.Elapsed) is { } slowest)
        {
            yield return Finding.Warning(
                "slow",
                probe.Subject,
                string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{slowest.Target} took {slowest.Elapsed.TotalSeconds:0.0} s."),
                "Pages wait for it; look at what the server does then.");
        }
    }
}
