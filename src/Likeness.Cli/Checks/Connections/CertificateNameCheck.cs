namespace Likeness.Cli.Checks.Connections;

/// <summary>Whether the certificate is for the host that the record names.</summary>
internal sealed class CertificateNameCheck : IConnectionCheck
{
    public IEnumerable<Finding> Judge(ObservedConnection connection, DateTimeOffset now)
    {
        if (connection.Handshake?.Certificate is { } certificate)
        {
            var names = certificate.Names.Count == 0 ? "no name at all" : string.Join(", ", certificate.Names);
            yield return certificate.IsForHost
                ? Finding.Ok("tls-name", connection.Subject, $"The certificate is for {names}.")
                : Finding.Wrong("tls-name", connection.Subject, $"The certificate is for {names}, not for {connection.CertificateName}.", Advice(connection));
        }
    }

    private static string Advice(ObservedConnection connection) => connection.ChatDomain is { } domain
        ? $"Get one for {domain}: in chats the domain of the addresses counts, not the name in the SRV record."
        : $"Get one for {connection.Host}: the name in the SRV record counts, not the domain of the addresses.";
}
