using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Likeness.Server.Tls;

/// <summary>A certificate made here, for trying out: ECDSA P-256, valid for the served domains, kept in the data directory.</summary>
internal static class SelfSignedCertificate
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private static readonly TimeSpan Life = TimeSpan.FromDays(365 * 5);
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);

    /// <summary>The files of the stored certificate; a new one is made when there is none for these domains or it ends soon.</summary>
    public static (string Certificate, string Key) Ensure(string directory, IReadOnlyList<string> domains, TimeProvider time)
    {
        var certificateFile = Path.Combine(directory, "self-signed.pem");
        var keyFile = Path.Combine(directory, "self-signed.key");
        if (!IsUsable(certificateFile, keyFile, domains, time.GetUtcNow()))
        {
            Make(certificateFile, keyFile, domains, time.GetUtcNow());
        }

        return (certificateFile, keyFile);
    }

    private static bool IsUsable(string certificateFile, string keyFile, IReadOnlyList<string> domains, DateTimeOffset now)
    {
        if (!File.Exists(certificateFile) || !File.Exists(keyFile))
        {
            return false;
        }

        try
        {
            var stored = ServerCertificate.Load(certificateFile, keyFile);
            return domains.All(domain => stored.IsFor(Ascii(domain))) && new DateTimeOffset(stored.Certificate.NotAfter) - now > RenewBefore;
        }
        catch (CertificateRefusedException)
        {
            return false;
        }
    }

    private static void Make(string certificateFile, string keyFile, IReadOnlyList<string> domains, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={Ascii(domains[0])}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var domain in domains)
        {
            names.AddDnsName(domain);
            if (domain == "localhost")
            {
                names.AddIpAddress(IPAddress.Loopback);
                names.AddIpAddress(IPAddress.IPv6Loopback);
            }
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now + Life);
        Write(keyFile, key.ExportPkcs8PrivateKeyPem());
        Write(certificateFile, certificate.ExportCertificatePem());
    }

    /// <summary>The file is never readable by others, not even for a moment.</summary>
    private static void Write(string path, string text)
    {
        File.Delete(path);
        using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly });
        using var writer = new StreamWriter(file);
        writer.WriteLine(text);
    }

    internal static string Ascii(string domain) => new System.Globalization.IdnMapping().GetAscii(domain);
}
