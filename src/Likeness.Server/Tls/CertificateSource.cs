using System.Collections.Immutable;
using System.Net.Security;
using System.Security.Authentication;
using Likeness.Server.Options;

namespace Likeness.Server.Tls;

/// <summary>The certificates in force, chosen by the name a client asks for; read again without a restart when their files change.</summary>
internal sealed class CertificateSource
{
    private readonly ImmutableArray<(string Certificate, string Key)> _files;
    private volatile Loaded _loaded;

    public CertificateSource(ImmutableArray<(string Certificate, string Key)> files)
    {
        ArgumentOutOfRangeException.ThrowIfZero(files.Length);
        _files = files;
        _loaded = Load();
    }

    /// <summary>The certificate for this name, else that of the domain it belongs to, else the first one.</summary>
    public ServerCertificate Select(string? host)
    {
        var certificates = _loaded.Certificates;
        return host is null || certificates.Length == 1 ? certificates[0] : For(certificates, host) ?? For(certificates, Parent(host)) ?? certificates[0];
    }

    private static ServerCertificate? For(ImmutableArray<ServerCertificate> certificates, string host)
    {
        foreach (var certificate in certificates)
        {
            if (certificate.IsFor(host))
            {
                return certificate;
            }
        }

        return null;
    }

    private static string Parent(string host) => host[(host.IndexOf('.', StringComparison.Ordinal) + 1)..];

    /// <summary>What is wrong with the operator's certificates, one line each; the server goes on, for an old certificate is better than no pictures.</summary>
    internal IEnumerable<string> Warnings(LikenessOptions options, DateTimeOffset now)
    {
        var certificates = _loaded.Certificates;
        foreach (var (certificate, files) in certificates.Zip(_files))
        {
            var from = new DateTimeOffset(certificate.Certificate.NotBefore).ToUniversalTime();
            var until = new DateTimeOffset(certificate.Certificate.NotAfter).ToUniversalTime();
            if (until < now || from > now)
            {
                yield return until < now ? $"The certificate {files.Certificate} expired at {until:u}" : $"The certificate {files.Certificate} is valid from {from:u} on only";
            }
        }

        foreach (var domain in options.ChatDomains.Where(_ => !options.Xmpp.IsEmpty || !options.Xmpps.IsEmpty))
        {
            if (!certificates.Any(certificate => certificate.IsFor(SelfSignedCertificate.Ascii(domain))))
            {
                yield return $"No certificate is for {domain}: chat clients of this domain will refuse to connect (the names of {_files[0].Certificate}: {string.Join(", ", certificates[0].Names)})";
            }
        }
    }

    /// <summary>What an HTTPS handshake is answered with.</summary>
    public SslServerAuthenticationOptions HandshakeFor(string? host) => new()
    {
        ServerCertificateContext = Select(host).Context,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
    };

    /// <summary>Reads the files again when one of them changed. False: nothing changed. When they cannot be used the old ones stay and <see cref="CertificateRefusedException"/> tells why.</summary>
    public bool ReloadWhenChanged()
    {
        if (Stamp() == _loaded.Stamp)
        {
            return false;
        }

        _loaded = Load();
        return true;
    }

    private Loaded Load() => new(Stamp(), [.. _files.Select(file => ServerCertificate.Load(file.Certificate, file.Key))]);

    private string Stamp() => string.Join(' ', _files.Select(file => $"{File.GetLastWriteTimeUtc(file.Certificate):O} {File.GetLastWriteTimeUtc(file.Key):O}"));

    private sealed record Loaded(string Stamp, ImmutableArray<ServerCertificate> Certificates);
}
