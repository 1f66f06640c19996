using System.Runtime.CompilerServices;

namespace Likeness.Cli.Checks.Protocol;

/// <summary>HEAD and OPTIONS.</summary>
internal sealed class MethodCheck : IProtocolCheck
{
    private static readonly string[] Same = ["content-type", "content-length", "etag", "cache-control"];

    public (string Id, string Text)? Fine => ("methods", "HEAD and OPTIONS are answered.");

    public async IAsyncEnumerable<Finding> Run(ServerProbe probe, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var rest = probe.Sample();
        var whole = await probe.Get(rest, cancellationToken);
        var head = await probe.Ask(HttpMethod.Head, rest, cancellationToken);
        if (head.Status != whole.Status)
        {
            yield return Finding.Wrong("head", probe.Subject, $"HEAD gives {head.Shown}, GET {whole.Shown}.", "Answer HEAD as GET, without the body.");
        }
        else if (Same.FirstOrDefault(name => head[name] != whole[name] && (name != "content-length" || head[name].Length > 0)) is { } different)
        {
            yield return Finding.Warning("head-differs", probe.Subject, $"HEAD and GET differ in {different}.", "Send the same headers.");
        }

        var options = await probe.Ask(HttpMethod.Options, rest, cancellationToken);
        if (options.Status is < 200 or > 299)
        {
            yield return Finding.Warning("options", probe.Subject, $"OPTIONS gives {options.Shown}.", "Answer with 204 and Allow: GET, HEAD, OPTIONS.");
        }
    }
}
