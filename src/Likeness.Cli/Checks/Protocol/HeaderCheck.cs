using System.Runtime.CompilerServices;
using Likeness.Imaging;

namespace Likeness.Cli.Checks.Protocol;

/// <summary>What an answer says about itself.</summary>
internal sealed class HeaderCheck : IProtocolCheck
{
    public (string Id, string Text)? Fine => ("headers", "Answers say what they are.");

    public async IAsyncEnumerable<Finding> Run(ServerProbe probe, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var rest in new[] { probe.Sample(), probe.Sample(".jpg"), probe.Stranger.Text })
        {
            var answer = await probe.Get(rest, cancellationToken);
            if (answer.IsPicture && answer.Picture!.Format.MediaType() is { } right && !IsType(answer["content-type"], right))
            {
                yield return Finding.Wrong("content-type", probe.Subject, $"{answer.Target} says {Said(answer["content-type"])} and is {right}.", "Say what it is; image/jpg is no type.");
            }
        }

        var picture = await probe.Get(probe.Sample(), cancellationToken);
        if (!picture["x-content-type-options"].Equals("nosniff", StringComparison.OrdinalIgnoreCase))
        {
            yield return Finding.Warning("nosniff", probe.Subject, "X-Content-Type-Options: nosniff is missing.", "Send it, so that no browser takes an uploaded picture for a page.");
        }

        if (picture["access-control-allow-origin"] != "*")
        {
            yield return Finding.Warning("cors", probe.Subject, "Access-Control-Allow-Origin: * is missing.", "Send it, so that scripts of other sites can draw avatars.");
        }

        if (probe.Everything.FirstOrDefault(answer => answer["set-cookie"].Length > 0) is { } tracking)
        {
            yield return Finding.Warning("cookies", probe.Subject, $"{tracking.Target} sets a cookie.", "Avatars need none; they stand on other people's pages.");
        }
    }

    private static bool IsType(string said, string right) => said.Split(';')[0].Trim().Equals(right, StringComparison.OrdinalIgnoreCase);

    private static string Said(string type) => type.Length == 0 ? "nothing" : type;
}
