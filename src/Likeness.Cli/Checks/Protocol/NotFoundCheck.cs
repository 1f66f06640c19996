using System.Runtime.CompilerServices;

namespace Likeness.Cli.Checks.Protocol;

/// <summary><c>d=404</c> tells applications that there is no picture (table 2.2).</summary>
internal sealed class NotFoundCheck : IProtocolCheck
{
    public (string Id, string Text)? Fine => ("not-found", "d=404 gives 404.");

    public async IAsyncEnumerable<Finding> Run(ServerProbe probe, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var answer = await probe.Get($"{probe.Stranger}?d=404", cancellationToken);
        if (answer.Status != 404)
        {
            yield return Finding.Wrong("not-found", probe.Subject, $"For somebody unknown d=404 gives {answer.Shown}.", "Answer with status 404: applications look for other pictures then.");
        }
        else if (answer.IsHtml)
        {
            yield return Finding.Warning("not-found-html", probe.Subject, "The 404 is a web page.", "A short text is enough.");
        }
    }
}
