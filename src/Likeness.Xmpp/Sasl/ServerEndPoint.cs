using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Likeness.Xmpp.Sasl;

/// <summary>Channel binding to the server's certificate: <c>tls-server-end-point</c> (RFC 5929 §4.1).</summary>
public static class ServerEndPoint
{
    private const string Pss = "1.2.840.113549.1.1.10";

    /// <summary>The hash of the certificate, or null where its signature algorithm leaves the hash undefined (Ed25519, Ed448).</summary>
    public static byte[]? Of(X509Certificate2 certificate) => HashOf(certificate) switch
    {
        "SHA-256" => SHA256.HashData(certificate.RawDataMemory.Span),
        "SHA-384" => SHA384.HashData(certificate.RawDataMemory.Span),
        "SHA-512" => SHA512.HashData(certificate.RawDataMemory.Span),
        _ => null,
    };

    // MD5 and SHA-1 are replaced by SHA-256.
    private static string? HashOf(X509Certificate2 certificate) => certificate.SignatureAlgorithm.Value switch
    {
        "1.2.840.113549.1.1.4" or "1.2.840.113549.1.1.5" or "1.2.840.10045.4.1" => "SHA-256",
        "1.2.840.113549.1.1.11" or "1.2.840.10045.4.3.2" => "SHA-256",
        "1.2.840.113549.1.1.12" or "1.2.840.10045.4.3.3" => "SHA-384",
        "1.2.840.113549.1.1.13" or "1.2.840.10045.4.3.4" => "SHA-512",
        Pss => HashOfPss(certificate),
        _ => null,
    };

    private static string? HashOfPss(X509Certificate2 certificate)
    {
        var whole = new AsnReader(certificate.RawDataMemory, AsnEncodingRules.DER).ReadSequence();
        whole.ReadEncodedValue();
        var algorithm = whole.ReadSequence();
        algorithm.ReadObjectIdentifier();
        var parameters = algorithm.ReadSequence();
        var hashTag = new Asn1Tag(TagClass.ContextSpecific, 0);
        if (!parameters.HasData || !parameters.PeekTag().HasSameClassAndValue(hashTag))
        {
            return "SHA-256";
        }

        return parameters.ReadSequence(hashTag).ReadSequence().ReadObjectIdentifier() switch
        {
            "2.16.840.1.101.3.4.2.2" => "SHA-384",
            "2.16.840.1.101.3.4.2.3" => "SHA-512",
            _ => "SHA-256",
        };
    }
}
