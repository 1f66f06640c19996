using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Likeness.Xmpp.Sasl;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Tests.Sasl;

public sealed class SaslTests
{
    [Fact]
    public void The_plain_example_is_read()
    {
        var message = PlainMessage.Parse(Convert.FromBase64String("AGp1bGlldAByMG0zMG15cjBtMzA="))!;
        message.User.ShouldBe("juliet");
        message.Password.ShouldBe("r0m30myr0m30");
        message.Authorization.ShouldBeNull();
        message.ToString().ShouldNotContain("r0m30");
        Convert.ToBase64String(message.ToBytes()).ShouldBe("AGp1bGlldAByMG0zMG15cjBtMzA=");
    }

    [Theory]
    [InlineData("")]
    [InlineData("juliet")]
    [InlineData("\0juliet")]
    [InlineData("\0\0password")]
    [InlineData("\0juliet\0")]
    [InlineData("\0juliet\0pass\0word")]
    public void Malformed_plain_messages_are_refused(string message) => PlainMessage.Parse(System.Text.Encoding.UTF8.GetBytes(message)).ShouldBeNull();

    [Theory]
    [Trait("Requirement", "C-41")]
    [InlineData("", true, null)]
    [InlineData("=", true, 0)]
    [InlineData("QUI=", true, 2)]
    [InlineData("QUI", false, null)]
    [InlineData("QU I=", false, null)]
    [InlineData("QUJ=", false, null)]
    public void Content_is_strict_base64(string text, bool valid, int? length)
    {
        SaslContent.TryRead(new Element("auth", Ns.Sasl).Add(text), out var data).ShouldBe(valid);
        (data?.Length).ShouldBe(length);
        (data is null).ShouldBe(length is null);
    }

    [Theory]
    [InlineData("I\u00ADX", "IX")]
    [InlineData("user", "user")]
    [InlineData("USER", "USER")]
    [InlineData("\u00AA", "a")]
    [InlineData("\u2168", "IX")]
    [InlineData("a\u00A0b", "a b")]
    [InlineData("\u0007", null)]
    [InlineData("", null)]
    [InlineData("\u200B", null)]
    public void Passwords_are_prepared_as_RFC_4013_shows(string text, string? prepared) => SaslPrep.Prepare(text).ShouldBe(prepared);

    [Fact]
    [Trait("Requirement", "C-40")]
    public void Mechanisms_are_offered_strongest_first_and_PLAIN_only_under_TLS()
    {
        var context = new SaslServerContext { Domain = "example.org", Secret = [1], Find = (_, _, _) => default };
        context.Offered(secure: false).ShouldBe(["SCRAM-SHA-256", "SCRAM-SHA-1"]);
        (context with { EndPoint = [1] }).Offered(secure: true).ShouldBe(["SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN"]);
        context.Create("DIGEST-MD5", secure: true).ShouldBeNull();
    }

    [Theory]
    [Trait("Requirement", "C-46")]
    [InlineData("SHA256", "SHA256", false)]
    [InlineData("SHA384", "SHA384", false)]
    [InlineData("SHA512", "SHA512", false)]
    [InlineData("SHA256", "SHA256", true)]
    [InlineData("SHA384", "SHA384", true)]
    [InlineData("SHA512", "SHA512", true)]
    public void The_end_point_is_the_certificate_hashed_as_its_signature_is(string signature, string hash, bool pss)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=example.org", key, new HashAlgorithmName(signature), pss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        ServerEndPoint.Of(certificate).ShouldBe(CryptographicOperations.HashData(new HashAlgorithmName(hash), certificate.RawData));
    }
}
