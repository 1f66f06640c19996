using System.Runtime.CompilerServices;

namespace Likeness.Cli.Checks.Protocol;

/// <summary>Redirects end, are few, and do not lead from https to http.</summary>
internal sealed class RedirectCheck : IProtocolCheck
{
    private const int Many = 3;

    public (string Id, string Text)? Fine => ("redirects", "Redirects end.");

    public async IAsyncEnumerable<Finding> Run(ServerProbe probe, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var rest in new[] { probe.Stranger.Text, $"{probe.Stranger}?d=mm", $"{probe.Stranger}?d=identicon", (probe.Person?.Sha256 ?? probe.Stranger) + "?d=404&s=80" })
        {
            var answer = await probe.Get(rest, cancellationToken);
            if (answer.Redirects.Count > ServerProbe.MaxRedirects)
            {
                yield return Finding.Wrong("redirect-loop", probe.Subject, $"{answer.Target} redirects without end.", "Answer with the picture itself.");
            }
            else if (answer.Redirects.Count >= Many)
            {
                yield return Finding.Warning("redirect-chain", probe.Subject, $"{answer.Target} redirects {answer.Redirects.Count} times.", "Answer with the picture itself; each redirect costs a round trip.");
            }

            if (answer.Redirects.FirstOrDefault(IsDowngrade) is { } downgrade)
            {
                yield return Finding.Wrong("redirect-downgrade", probe.Subject, $"{answer.Target} redirects from https to {downgrade.Location}.", "Stay on https: browsers block the picture.");
            }
        }
    }

    private static bool IsDowngrade(Redirect redirect) =>
        redirect.From.Scheme == Uri.UriSchemeHttps && Uri.TryCreate(redirect.From, redirect.Location, out var next) && next.Scheme == Uri.UriSchemeHttp;
}
