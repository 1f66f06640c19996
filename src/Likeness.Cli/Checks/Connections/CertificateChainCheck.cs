namespace Likeness.Cli.Checks.Connections;

/// <summary>Whether the certificate comes from an authority that is trusted here.</summary>
internal sealed class CertificateChainCheck : IConnectionCheck
{
    public IEnumerable<Finding> Judge(ObservedConnection connection, DateTimeOffset now)
    {
        if (connection.Handshake?.Certificate is not { } certificate)
        {
            yield break;
        }

        if (certificate.ChainProblems.Count == 0)
        {
            yield return Finding.Ok("tls-chain", connection.Subject, "The certificate comes from a trusted authority.");
        }
        else if (certificate.IsSelfSigned)
        {
            yield return Finding.Wrong("tls-self-signed", connection.Subject, "The certificate is signed by itself: browsers refuse it.", "Get one from an authority such as Let's Encrypt.");
        }
        else
        {
            yield return Finding.Wrong("tls-untrusted", connection.Subject, $"The certificate's chain is not trusted ({string.Join(", ", certificate.ChainProblems)}).", "Let the server send the intermediate certificates too; for an authority of your own use --ca.");
        }
    }
}
