using System.Runtime.CompilerServices;
using Likeness.Libravatar;

namespace Likeness.Cli.Checks.Protocol;

/// <summary>Whether the person has a picture there.</summary>
internal sealed class PersonCheck : IProtocolCheck
{
    public (string Id, string Text)? Fine => null;

    public async IAsyncEnumerable<Finding> Run(ServerProbe probe, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (probe.Person is not { } person)
        {
            yield break;
        }

        yield return await Look(probe, person, person.Sha256, cancellationToken);
    }

    /// <summary>What is shown for one of the person's hashes.</summary>
    public static async Task<Finding> Look(ServerProbe probe, Address person, AddressHash hash, CancellationToken cancellationToken)
    {
        var answer = await probe.Get($"{hash}?d=404&s=80", cancellationToken);
        return answer switch
        {
            { IsPicture: true } => Finding.Ok("person-picture", probe.Subject, $"{person} has a picture here.") with { Picture = answer.Body },
            { Status: 404 } => Finding.Ok("person-none", probe.Subject, $"{person} has no picture here; a default is shown."),
            _ => Finding.Wrong("person-failed", probe.Subject, $"Asked for {person}, it gives {answer.Shown}.", "Answer with the picture or, for d=404, with 404."),
        };
    }
}
