using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Likeness.Cli.Tests.Checks;

/// <summary>A certificate authority of the test's own.</summary>
internal sealed class TestAuthority : IDisposable
{
    private static readonly DateTimeOffset Begin = TimeProvider.System.GetUtcNow().AddDays(-400);
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _certificate;

    public TestAuthority()
    {
        var request = new CertificateRequest("CN=Authority of a test", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        _certificate = request.CreateSelfSigned(Begin, Begin.AddYears(20));
    }

    public string Pem => _certificate.ExportCertificatePem();

    /// <summary>A certificate for the name, good for that many days from now on.</summary>
    public X509Certificate2 Issue(string name, int fromDay = -2, int toDay = 90, bool isSelfSigned = false)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        var (from, to) = (now.AddDays(fromDay), now.AddDays(toDay));
        if (isSelfSigned)
        {
            return request.CreateSelfSigned(from, to);
        }

        using var issued = request.Create(_certificate, from, to, RandomNumberGenerator.GetBytes(8));
        return issued.CopyWithPrivateKey(key);
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
    }
}
