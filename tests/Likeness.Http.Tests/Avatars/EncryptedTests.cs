using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Likeness.Http.Tests.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using static Likeness.Http.Tests.Hosting.AvatarServer;

namespace Likeness.Http.Tests.Avatars;

[Trait("Requirement", "L-5A")]
public sealed class EncryptedTests : IAsyncLifetime
{
    private readonly string _juliet = $"/avatar/{HashOf(Juliet)}";
    private X509Certificate2 _certificate = null!;
    private AvatarServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        _certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.MaxValue.AddYears(-1));
        _server = await Start(listen: kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(_certificate)));
        await _server.Give(Juliet, "a rose");
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _certificate.Dispose();
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task The_same_content_is_served_over_https(string version)
    {
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.GetCertHashString() == _certificate.GetCertHashString();
        using var client = new HttpClient(handler)
        {
            BaseAddress = new Uri($"https://localhost:{_server.Ports[1]}"),
            DefaultRequestVersion = Version.Parse(version),
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        string body = "";
        for (var round = 0; round < 3; round++)
        {
            using var answer = await client.GetAsync(new Uri(_juliet, UriKind.Relative));
            answer.StatusCode.ShouldBe(HttpStatusCode.OK);
            answer.Version.ShouldBe(Version.Parse(version));
            body = await answer.Content.ReadAsStringAsync();
        }

        body.ShouldBe((await _server.Get(_juliet)).Body);
    }
}
