using System.Runtime.CompilerServices;

namespace Likeness.Cli.Checks.Protocol;

/// <summary>MD5 and SHA-256, in any case, stand for the same person.</summary>
internal sealed class HashesCheck : IProtocolCheck
{
    public (string Id, string Text)? Fine => ("hashes", "Hashes of both kinds are understood, in upper case too.");

    public async IAsyncEnumerable<Finding> Run(ServerProbe probe, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (probe.Person is { } person)
        {
            // OpenIDs have one kind of hash only.
            if (person.Kind == Libravatar.AddressKind.Email)
            {
                var md5 = await probe.Get($"{person.Md5}?d=404&s=80", cancellationToken);
                var sha256 = await probe.Get($"{person.Sha256}?d=404&s=80", cancellationToken);
                if (md5.Status != sha256.Status)
                {
                    yield return Finding.Wrong("hash-unknown", probe.Subject, $"MD5 gives {md5.Shown}, SHA-256 gives {sha256.Shown}.", "Know every address by both hashes.");
                }
                else if (!md5.Body.Span.SequenceEqual(sha256.Body.Span))
                {
                    yield return Finding.Wrong("hashes-differ", probe.Subject, "MD5 and SHA-256 of the address give different pictures.", "Show the same picture for both hashes.");
                }
            }

            var lower = await probe.Get($"{person.Sha256}?d=404&s=80", cancellationToken);
            var upper = await probe.Get($"{person.Sha256.Text.ToUpperInvariant()}?d=404&s=80", cancellationToken);
            if (lower.Status != upper.Status)
            {
                yield return Finding.Warning("hash-upper-case", probe.Subject, $"The hash in upper case gives {upper.Shown}, in lower case {lower.Shown}.", "Lower the case before looking.");
            }
        }
        else
        {
            var lower = await probe.Get($"{probe.Stranger}?d=identicon&s=80", cancellationToken);
            var upper = await probe.Get($"{probe.Stranger.Text.ToUpperInvariant()}?d=identicon&s=80", cancellationToken);
            if (!lower.Body.Span.SequenceEqual(upper.Body.Span))
            {
                yield return Finding.Warning("hash-upper-case", probe.Subject, "The hash in upper case gives another picture than in lower case.", "Lower the case before looking.");
            }
        }
    }
}
