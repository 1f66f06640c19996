using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Likeness.Xmpp.Server.Tests.Hosting;

/// <summary>An authority that only the tests trust, and what it signs. As public ones it says "server" of every key.</summary>
internal static class TestAuthority
{
    private const string ServerUsage = "1.3.6.1.5.5.7.3.1";
    private static readonly DateTimeOffset Start = DateTimeOffset.UtcNow.AddDays(-10);
    private static readonly Lazy<X509Certificate2> Made = new(Make);

    public static X509Certificate2Collection Trusted => [Made.Value];

    /// <param name="isSigned">False: it signs itself.</param>
    public static SslStreamCertificateContext For(IReadOnlyList<string> names, bool isSigned = true, DateTimeOffset? until = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={names[0]}", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            alternatives.AddDnsName(name);
        }

        request.CertificateExtensions.Add(alternatives.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerUsage)], critical: false));
        var end = until ?? Start.AddDays(300);
        using var made = isSigned
            ? request.Create(Made.Value, Start.AddDays(1), end, RandomNumberGenerator.GetBytes(8)).CopyWithPrivateKey(key)
            : request.CreateSelfSigned(Start.AddDays(1), end);
        var certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
        return SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);
    }

    private static X509Certificate2 Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Authority of the tests", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        using var made = request.CreateSelfSigned(Start, Start.AddYears(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }
}
