using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Likeness.Server.Tls;

/// <summary>A certificate with its key and chain, ready for handshakes.</summary>
public sealed class ServerCertificate
{
    private readonly IReadOnlyList<string> _names;

    private ServerCertificate(X509Certificate2 certificate, X509Certificate2Collection chain)
    {
        Certificate = certificate;
        Context = SslStreamCertificateContext.Create(certificate, chain, offline: true);
        _names = [.. certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(extension => extension.EnumerateDnsNames())];
    }

    public X509Certificate2 Certificate { get; }

    /// <summary>The DNS names it is for.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>The chain, built once and without asking the network.</summary>
    public SslStreamCertificateContext Context { get; }

    /// <summary>Throws <see cref="CertificateRefusedException"/> when the files are not a certificate and its key.</summary>
    public static ServerCertificate Load(string certificateFile, string keyFile)
    {
        try
        {
            using var bare = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(certificateFile);

            // The detour by PKCS #12 gives a key that every TLS library on every system can use.
            var certificate = X509CertificateLoader.LoadPkcs12(bare.Export(X509ContentType.Pkcs12), null);
            return new ServerCertificate(certificate, chain);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new CertificateRefusedException($"{certificateFile} with {keyFile}: {exception.Message}", exception);
        }
    }

    /// <summary>Names are compared as RFC 6125 §6.4 says: a star stands for the whole first label. The dot of the root at the end of either makes no difference.</summary>
    public bool IsFor(string host) => host.TrimEnd('.') is var bare && _names.Any(name => Matches(name.TrimEnd('.'), bare));

    private static bool Matches(string name, string host)
    {
        if (!name.StartsWith("*.", StringComparison.Ordinal))
        {
            return name.Equals(host, StringComparison.OrdinalIgnoreCase);
        }

        var dot = host.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && host.AsSpan(dot).Equals(name.AsSpan(1), StringComparison.OrdinalIgnoreCase);
    }
}

/// <summary>A certificate or key file cannot be used.</summary>
public sealed class CertificateRefusedException(string message, Exception inner) : Exception(message, inner);
