using System.Runtime.CompilerServices;

namespace Likeness.Cli.Checks.Protocol;

/// <summary>Browsers may keep answers, and ask whether they are still right.</summary>
internal sealed class CachingCheck : IProtocolCheck
{
    public (string Id, string Text)? Fine => ("caching", "Answers may be kept, and asked about again.");

    public async IAsyncEnumerable<Finding> Run(ServerProbe probe, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string[] asked = [probe.Sample(), $"{probe.Stranger}?d=404", .. probe.Person is { } person ? [$"{person.Sha256}?d=404&s=80"] : Array.Empty<string>()];
        foreach (var rest in asked)
        {
            var answer = await probe.Get(rest, cancellationToken);
            if (answer.Status is 200 or 404 && !answer["cache-control"].Contains("max-age", StringComparison.OrdinalIgnoreCase) && answer["expires"].Length == 0)
            {
                yield return Finding.Warning("cache-control", probe.Subject, $"{answer.Target} does not say how long it may be kept.", "Send Cache-Control: public, max-age=300.");
            }
        }

        var picture = await probe.Get(probe.Sample(), cancellationToken);
        if (picture.IsPicture && picture["etag"] is { Length: > 0 } tag)
        {
            var again = await probe.Ask(HttpMethod.Get, probe.Sample(), cancellationToken, ifNoneMatch: tag);
            if (again.Status != 304)
            {
                yield return Finding.Warning("not-modified", probe.Subject, $"If-None-Match with its own ETag gives {again.Shown}.", "Answer with 304.");
            }
        }
        else if (picture.IsPicture && picture["last-modified"].Length == 0)
        {
            yield return Finding.Warning("validator", probe.Subject, "There is neither ETag nor Last-Modified.", "Send one, so that browsers need not fetch the same picture again.");
        }
    }
}
