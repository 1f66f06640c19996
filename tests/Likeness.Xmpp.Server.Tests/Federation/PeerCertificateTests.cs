using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Likeness.Xmpp.Server.Connections;
using Likeness.Xmpp.Server.Tests.Hosting;

namespace Likeness.Xmpp.Server.Tests.Federation;

public sealed class PeerCertificateTests
{
    [Theory]
    [Trait("Requirement", "C-6")]
    [Trait("Requirement", "F-17")]
    [InlineData("montague.example", "montague.example", true)]
    [InlineData("montague.example", "rooms.montague.example", false)]
    [InlineData("MONTAGUE.example", "montague.example", true)]
    [InlineData("*.montague.example", "rooms.montague.example", true)]
    [InlineData("*.montague.example", "montague.example", false)]
    [InlineData("*.montague.example", "a.rooms.montague.example", false)]
    [InlineData("*.example", "montague.example", false)]
    [InlineData("r*.montague.example", "rooms.montague.example", false)]
    [InlineData("xn--mller-kva.example", "müller.example", true)]
    [InlineData("notmontague.example", "montague.example", false)]
    public void A_name_speaks_for_a_domain(string name, string domain, bool isFor) =>
        (Problem(TestAuthority.For([name]).TargetCertificate, domain) is null).ShouldBe(isFor);

    [Fact]
    [Trait("Requirement", "C-6")]
    public void Names_of_services_and_addresses_of_XMPP_count_too()
    {
        var certificate = WithOtherNames(("1.3.6.1.5.5.7.8.7", "_xmpp-server.montague.example", UniversalTagNumber.IA5String), ("1.3.6.1.5.5.7.8.5", "capulet.example", UniversalTagNumber.UTF8String), ("1.3.6.1.5.5.7.8.7", "_imap.verona.example", UniversalTagNumber.IA5String));

        foreach (var (domain, isFor) in new[] { ("montague.example", true), ("capulet.example", true), ("verona.example", false), ("_xmpp-server.montague.example", false) })
        {
            (Problem(certificate, domain)?.Contains("not for", StringComparison.Ordinal) != true).ShouldBe(isFor, domain);
        }
    }

    [Fact]
    [Trait("Requirement", "F-19")]
    public void A_chain_to_somebody_who_is_trusted_is_enough_whatever_the_key_may_be_used_for()
    {
        var signed = TestAuthority.For(["montague.example"]).TargetCertificate;

        Problem(signed, "montague.example").ShouldBeNull();
        Problem(signed, "montague.example", trusted: []).ShouldBe("the certificate is from nobody who is trusted");
        Problem(TestAuthority.For(["montague.example"], isSigned: false).TargetCertificate, "montague.example").ShouldBe("the certificate is self-signed");
        Problem(TestAuthority.For(["montague.example"], until: DateTimeOffset.UtcNow.AddDays(-1)).TargetCertificate, "montague.example").ShouldBe("the certificate expired");
    }

    [Fact]
    [Trait("Requirement", "F-41")]
    public void Names_that_cannot_be_read_speak_for_nobody()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509Extension("2.5.29.17", [0x30, 0x03, 0x82, 0x7F, 0x00], critical: false));
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));

        Problem(X509CertificateLoader.LoadCertificate(made.RawData), "montague.example").ShouldBe("the certificate is not for montague.example");
    }

    private static string? Problem(X509Certificate2 certificate, string domain, X509Certificate2Collection? trusted = null) =>
        new PeerCertificate(certificate, []).Problem(domain, trusted ?? TestAuthority.Trusted);

    private static X509Certificate2 WithOtherNames(params (string Kind, string Name, UniversalTagNumber Type)[] names)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        var tag = new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true);
        using (writer.PushSequence())
        {
            foreach (var (kind, name, type) in names)
            {
                using var other = writer.PushSequence(tag);
                writer.WriteObjectIdentifier(kind);
                using var value = writer.PushSequence(tag);
                writer.WriteCharacterString(type, name);
            }
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509Extension("2.5.29.17", writer.Encode(), critical: false));
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadCertificate(made.RawData);
    }
}
