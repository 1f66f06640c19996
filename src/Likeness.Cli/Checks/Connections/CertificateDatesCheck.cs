using System.Globalization;

namespace Likeness.Cli.Checks.Connections;

/// <summary>Whether the certificate is good today and in three weeks.</summary>
internal sealed class CertificateDatesCheck : IConnectionCheck
{
    private static readonly TimeSpan Soon = TimeSpan.FromDays(21);

    public IEnumerable<Finding> Judge(ObservedConnection connection, DateTimeOffset now)
    {
        if (connection.Handshake?.Certificate is not { } certificate)
        {
            yield break;
        }

        var (begins, ends) = (Day(certificate.NotBefore), Day(certificate.NotAfter));
        yield return (certificate.NotBefore > now, certificate.NotAfter < now, certificate.NotAfter - now < Soon) switch
        {
            (true, _, _) => Finding.Wrong("tls-not-yet", connection.Subject, $"The certificate is good from {begins} on.", "Set the server's clock, or wait."),
            (_, true, _) => Finding.Wrong("tls-expired", connection.Subject, $"The certificate ended on {ends}.", "Renew it, and see why that did not happen by itself."),
            (_, _, true) => Finding.Warning("tls-ends-soon", connection.Subject, $"The certificate ends on {ends}.", "Renew it, or see that this happens by itself."),
            _ => Finding.Ok("tls-dates", connection.Subject, $"The certificate is good until {ends}."),
        };
    }

    private static string Day(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
