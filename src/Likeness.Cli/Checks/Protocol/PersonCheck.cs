using System.Runtime.CompilerServices;

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

        var answer = await probe.Get($"{person.Sha256}?d=404&s=80", cancellationToken);
        yield return answer switch
        {
            { IsPicture: true } => Finding.Ok("person-picture", probe.Subject, $"{person} has a picture here."),
            { Status: 404 } => Finding.Ok("person-none", probe.Subject, $"{person} has no picture here; a default is shown."),
            _ => Finding.Wrong("person-failed", probe.Subject, $"Asked for {person}, it gives {answer.Shown}.", "Answer with the picture or, for d=404, with 404."),
        };
    }
}
