using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Likeness.Bench.Xmpp.Servers;

/// <summary>One self-signed certificate per campaign, so that every server's handshake does the same arithmetic (ECDSA P-256).</summary>
static class Certificate
{
    public static void Write(string directory)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        var today = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(today.AddDays(-1), today.AddDays(30));
        var (chain, secret) = (certificate.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
        File.WriteAllText(Path.Combine(directory, "localhost.crt"), chain);
        File.WriteAllText(Path.Combine(directory, "localhost.key"), secret);
        File.WriteAllText(Path.Combine(directory, "localhost.pem"), chain + secret);
    }
}
