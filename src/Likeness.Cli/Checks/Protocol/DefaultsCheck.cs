using System.Runtime.CompilerServices;

namespace Likeness.Cli.Checks.Protocol;

/// <summary>People without a picture are shown something, different people differently (table 2.2).</summary>
internal sealed class DefaultsCheck : IProtocolCheck
{
    private static readonly string[] Keywords = ["", "mm", "blank", "identicon", "monsterid", "wavatar", "retro"];

    public (string Id, string Text)? Fine => ("default", "People without a picture are shown the default that was asked for.");

    public async IAsyncEnumerable<Finding> Run(ServerProbe probe, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var keyword in Keywords)
        {
            var answer = await probe.Get(keyword.Length == 0 ? probe.Stranger.Text : $"{probe.Stranger}?d={keyword}", cancellationToken);
            if (!answer.IsPicture)
            {
                var asked = keyword.Length == 0 ? "no d" : $"d={keyword}";
                yield return Finding.Wrong("default", probe.Subject, $"For somebody unknown {asked} gives {answer.Shown}.", "Answer with a picture: pages show it as it is.");
            }
        }

        var one = await probe.Get($"{probe.Stranger}?d=identicon", cancellationToken);
        var other = await probe.Get($"{new string('1', 64)}?d=identicon", cancellationToken);
        if (one.IsPicture && one.Body.Span.SequenceEqual(other.Body.Span))
        {
            yield return Finding.Warning("identicon-same", probe.Subject, "d=identicon looks the same for everybody.", "Draw it from the hash.");
        }
    }
}
