using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Likeness.Interop.Tests.Federation;

/// <summary>An authority of the tests' own.</summary>
internal sealed class TestAuthority
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UtcNow.AddDays(-2);
    private readonly X509Certificate2 _authority;

    public TestAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Authority of the tests", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using var made = request.CreateSelfSigned(Start, Start.AddYears(1));
        _authority = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }

    public string Pem => _authority.ExportCertificatePem() + "\n";

    /// <summary>Writes certificate and key of a domain and its rooms, together and apart.</summary>
    /// <param name="isSigned">False: it signs itself.</param>
    public void Write(string folder, string domain, bool isSigned)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={domain}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(domain);
        names.AddDnsName($"rooms.{domain}");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], critical: false));
        using var made = isSigned ? request.Create(_authority, Start.AddDays(1), Start.AddDays(90), RandomNumberGenerator.GetBytes(8)) : request.CreateSelfSigned(Start.AddDays(1), Start.AddDays(90));
        var certificate = made.ExportCertificatePem() + "\n";
        var secret = key.ExportPkcs8PrivateKeyPem() + "\n";
        File.WriteAllText(Path.Combine(folder, "domain.crt"), certificate);
        File.WriteAllText(Path.Combine(folder, "domain.key"), secret);
        File.WriteAllText(Path.Combine(folder, "domain.pem"), certificate + secret);
    }
}
