using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Likeness.Xmpp.Server.Connections;

/// <summary>
/// The certificate that another server showed, and what came with it. Whether it speaks for a domain is asked here and nowhere else
/// (RFC 6120 §13.7): a chain to somebody who is trusted, and a name. What the key may be used for is not asked, for public
/// authorities put only "server" into certificates, and a server that connects shows the one it has.
/// </summary>
/// <param name="others">Certificates between it and its authority.</param>
internal sealed class PeerCertificate(X509Certificate2 certificate, X509Certificate2Collection others)
{
    private const string AlternativeNames = "2.5.29.17";
    private const string ServiceName = "1.3.6.1.5.5.7.8.7";
    private const string XmppAddress = "1.3.6.1.5.5.7.8.5";
    private const int MaxOthers = 10;

    public X509Certificate2 Certificate => certificate;

    /// <summary>For a handshake after which the chain is built, not within it.</summary>
    public static X509ChainPolicy Unbuilt() => new()
    {
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
        VerificationFlags = X509VerificationFlags.AllFlags,
    };

    /// <summary>Keeps what was shown. Always true: no certificate ends a handshake.</summary>
    public static bool Take(X509Certificate? shown, X509Chain? chain, out PeerCertificate? peer)
    {
        peer = null;
        if (shown is not null)
        {
            var others = new X509Certificate2Collection();
            foreach (var other in chain?.ChainPolicy.ExtraStore.Take(MaxOthers) ?? [])
            {
                others.Add(X509CertificateLoader.LoadCertificate(other.RawData));
            }

            peer = new PeerCertificate(X509CertificateLoader.LoadCertificate(shown.GetRawCertData()), others);
        }

        return true;
    }

    /// <summary>Why it does not speak for this domain, for people; null: it does.</summary>
    /// <param name="domain">U-labels or A-labels.</param>
    /// <param name="authorities">Trusted beside those of the machine.</param>
    public string? Problem(string domain, X509Certificate2Collection authorities)
    {
        if (!IsFor(domain))
        {
            return $"the certificate is not for {domain}";
        }

        if (Untrusted(authorities, isCustom: false) is not { } problem)
        {
            return null;
        }

        return authorities.Count > 0 && Untrusted(authorities, isCustom: true) is null ? null : problem;
    }

    private string? Untrusted(X509Certificate2Collection authorities, bool isCustom)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.ExtraStore.AddRange(others);
        if (isCustom)
        {
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        }

        if (chain.Build(certificate))
        {
            return null;
        }

        var status = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
        return status.HasFlag(X509ChainStatusFlags.NotTimeValid)
            ? certificate.NotAfter < chain.ChainPolicy.VerificationTime ? "the certificate expired" : "the certificate is not valid now"
            : status.HasFlag(X509ChainStatusFlags.UntrustedRoot) && certificate.IssuerName.RawData.AsSpan().SequenceEqual(certificate.SubjectName.RawData)
                ? "the certificate is self-signed"
                : "the certificate is from nobody who is trusted";
    }

    // RFC 6120 §13.7.1.2: a DNS name, in which a star stands for the whole first label, a service name or an XMPP address.
    private bool IsFor(string domain)
    {
        var unicode = Jid.NormalizeDomain(domain);
        foreach (var extension in certificate.Extensions.Where(extension => extension.Oid?.Value == AlternativeNames))
        {
            try
            {
                if (Names(extension.RawData).Any(name => IsMatch(name, unicode)))
                {
                    return true;
                }
            }
            catch (Exception unreadable) when (unreadable is AsnContentException or CryptographicException)
            {
                return false;
            }
        }

        return false;
    }

    private static bool IsMatch(string name, string? domain)
    {
        if (domain is null || !name.StartsWith("*.", StringComparison.Ordinal))
        {
            return domain is not null && Jid.NormalizeDomain(name) == domain;
        }

        var dot = domain.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && Jid.NormalizeDomain(name[2..]) is { } parent && parent.Contains('.', StringComparison.Ordinal) && domain[(dot + 1)..] == parent;
    }

    private static List<string> Names(byte[] alternatives)
    {
        const string service = "_xmpp-server.";
        var dnsName = new Asn1Tag(TagClass.ContextSpecific, 2);
        var otherName = new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true);
        var names = new List<string>();
        var sequence = new AsnReader(alternatives, AsnEncodingRules.DER).ReadSequence();
        while (sequence.HasData)
        {
            var tag = sequence.PeekTag();
            if (tag.HasSameClassAndValue(dnsName))
            {
                names.Add(sequence.ReadCharacterString(UniversalTagNumber.IA5String, dnsName));
            }
            else if (tag.HasSameClassAndValue(otherName))
            {
                var other = sequence.ReadSequence(otherName);
                var kind = other.ReadObjectIdentifier();
                var value = other.ReadSequence(otherName);
                if (kind == ServiceName && value.ReadCharacterString(UniversalTagNumber.IA5String) is var named && named.StartsWith(service, StringComparison.Ordinal))
                {
                    names.Add(named[service.Length..]);
                }
                else if (kind == XmppAddress)
                {
                    names.Add(value.ReadCharacterString(UniversalTagNumber.UTF8String));
                }
            }
            else
            {
                sequence.ReadEncodedValue();
            }
        }

        return names;
    }
}
