using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Likeness.Libravatar.Fetching;

namespace Likeness.Libravatar.Tests.Fetching;

[Trait("Requirement", "L-75")]
public sealed class EncryptedFetchTests : IDisposable
{
    private readonly X509Certificate2 _certificate = SelfSigned("avatars.example");
    private readonly string _authorities = Path.Combine(Path.GetTempPath(), $"likeness-{Guid.NewGuid():N}.pem");

    [Fact]
    public async Task A_trusted_certificate_for_the_right_name_is_accepted()
    {
        await using var server = StandInServer.Answering(_ => Answers.Picture(Answers.Png), certificate: _certificate);

        (await TestFetch.Fetch(server.Url(), Trusting)).ShouldBeOfType<FetchResult.Fetched>();
    }

    [Fact]
    public async Task An_untrusted_certificate_is_a_failure()
    {
        await using var server = StandInServer.Answering(_ => Answers.Picture(Answers.Png), certificate: _certificate);

        (await TestFetch.Fetch(server.Url())).ShouldBe(new FetchResult.Failed(FetchFailure.Encryption));
        server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_certificate_for_another_name_is_a_failure()
    {
        await using var server = StandInServer.Answering(_ => Answers.Picture(Answers.Png), certificate: _certificate);

        (await TestFetch.Fetch(server.Url(host: "other.example"), Trusting)).ShouldBe(new FetchResult.Failed(FetchFailure.Encryption));
        server.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_redirect_never_leaves_encryption()
    {
        await using var plain = StandInServer.Answering(_ => Answers.Picture(Answers.Png));
        await using var server = StandInServer.Answering(_ => Answers.Redirect(plain.Url().AbsoluteUri), certificate: _certificate);

        (await TestFetch.Fetch(server.Url(), Trusting)).ShouldBe(new FetchResult.Refused(FetchRefusal.Downgrade));
        plain.Connections.ShouldBe(0);
    }

    [Fact]
    public async Task A_redirect_may_enter_encryption()
    {
        await using var server = StandInServer.Answering(_ => Answers.Picture(Answers.Png), certificate: _certificate);
        await using var plain = StandInServer.Answering(_ => Answers.Redirect(server.Url().AbsoluteUri));

        (await TestFetch.Fetch(plain.Url(), Trusting)).ShouldBeOfType<FetchResult.Fetched>();
    }

    [Fact]
    public void No_certificate_makes_us_fetch_anything()
    {
        using var handler = FetchHandler.Create(new SafeFetchOptions(), TimeProvider.System);

        handler.SslOptions.CertificateChainPolicy!.DisableCertificateDownloads.ShouldBeTrue();
        handler.SslOptions.CertificateChainPolicy.RevocationMode.ShouldBe(X509RevocationMode.NoCheck);
    }

    public void Dispose()
    {
        _certificate.Dispose();
        File.Delete(_authorities);
    }

    private SafeFetchOptions Trusting(SafeFetchOptions options)
    {
        File.WriteAllText(_authorities, _certificate.ExportCertificatePem());
        return options with { AuthoritiesFile = _authorities };
    }

    private static X509Certificate2 SelfSigned(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}
