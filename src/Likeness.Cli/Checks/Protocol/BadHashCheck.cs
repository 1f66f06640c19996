using System.Runtime.CompilerServices;

namespace Likeness.Cli.Checks.Protocol;

/// <summary>What is no hash is somebody unknown, never a page or another file.</summary>
internal sealed class BadHashCheck : IProtocolCheck
{
    private static readonly string[] Bad = ["nonsense", "0123456789abcdef", "..%2f..%2fetc%2fpasswd", "%00", "0c17bf66e649070167701d2d3cd7171g"];

    public (string Id, string Text)? Fine => ("bad-hash", "What is no hash is somebody unknown.");

    public async IAsyncEnumerable<Finding> Run(ServerProbe probe, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var hash in Bad)
        {
            var answer = await probe.Get(hash, cancellationToken);
            if (answer.Status == 200 && !answer.IsPicture)
            {
                yield return Finding.Wrong("bad-hash", probe.Subject, $"{answer.Target} gives {answer.Shown}.", "Answer as for somebody unknown: with the default picture.");
            }
            else if (answer.IsHtml)
            {
                yield return Finding.Warning("bad-hash-page", probe.Subject, $"{answer.Target} gives a web page ({answer.Status}).", "Answer as for somebody unknown: with the default picture.");
            }
        }
    }
}
