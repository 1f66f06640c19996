using System.Runtime.CompilerServices;

namespace Likeness.Cli.Checks.Protocol;

/// <summary>Pictures have exactly the size that was asked for.</summary>
internal sealed class SizeCheck : IProtocolCheck
{
    private const int Usual = 80;
    private const int Largest = 512;

    public (string Id, string Text)? Fine => ("size", "Pictures have the size that was asked for.");

    public async IAsyncEnumerable<Finding> Run(ServerProbe probe, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var size in new[] { 1, Usual, Largest })
        {
            var answer = await probe.Get(probe.Sample(more: $"&s={size}"), cancellationToken);
            if (!answer.IsPicture || answer.Picture is not { } picture || picture.Width != size || picture.Height != size)
            {
                yield return Finding.Wrong("size", probe.Subject, $"s={size} gives {answer.Shown}.", "Scale pictures to exactly the size that was asked for, 1 to 512.");
            }
        }

        var over = await probe.Get(probe.Sample(more: "&s=600"), cancellationToken);
        if (!over.IsPicture)
        {
            yield return Finding.Wrong("size-over", probe.Subject, $"s=600 gives {over.Shown}.", "Answer with the largest size, 512.");
        }
        else if (over.Picture!.Width < Largest)
        {
            yield return Finding.Warning("size-over", probe.Subject, $"s=600 gives {over.Shown}.", "Answer with the largest size, 512.");
        }

        var usual = (await probe.Get(probe.Sample(), cancellationToken)).Picture?.Width;
        foreach (var nonsense in new[] { "0", "-1", "80px", "mille", "" })
        {
            var answer = await probe.Get(probe.Sample(more: $"&s={nonsense}"), cancellationToken);
            if (!answer.IsPicture)
            {
                yield return Finding.Wrong("size-bad", probe.Subject, $"s={nonsense} gives {answer.Shown}.", "Answer with the usual size, 80.");
            }
            else if (answer.Picture!.Width != usual)
            {
                yield return Finding.Warning("size-bad", probe.Subject, $"s={nonsense} gives {answer.Shown}, no size gives {usual}.", "Answer with the usual size.");
            }
        }
    }
}
