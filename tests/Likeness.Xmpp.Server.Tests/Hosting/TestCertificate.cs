using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Likeness.Xmpp.Server.Tests.Hosting;

/// <summary>A self-signed certificate for <c>localhost</c>, made once for all tests.</summary>
internal static class TestCertificate
{
    private static readonly Lazy<SslStreamCertificateContext> Made = new(Make);

    public static SslStreamCertificateContext Context => Made.Value;

    private static SslStreamCertificateContext Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var today = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var made = request.CreateSelfSigned(today, today.AddYears(100));
        var certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
        return SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);
    }
}
