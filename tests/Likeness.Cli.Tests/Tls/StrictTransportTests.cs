using Likeness.Cli.Tests.Serving;
using Likeness.Server.Tls;

namespace Likeness.Cli.Tests.Tls;

[Trait("Requirement", "L-5A")]
public sealed class StrictTransportTests : IDisposable
{
    private const string Header = "Strict-Transport-Security";
    private readonly TemporaryDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Browsers_that_came_by_https_are_told_to_come_back_so_when_the_certificate_is_the_operators(bool isOwn)
    {
        var files = SelfSignedCertificate.Ensure(Directory.CreateDirectory(_data.File("own")).FullName, ["example.org"], TimeProvider.System);
        await using var server = await RunningServer.Start(_data.File("data"), options => isOwn ? options with { Certificates = [files.Certificate], Keys = [files.Key] } : options);
#pragma warning disable MA0039 // A self-signed certificate of this test's own server.
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true };
#pragma warning restore MA0039
        using var web = new HttpClient(handler);

        using var encrypted = await web.GetAsync(new Uri($"https://{server.Host.Addresses.Https[0]}/avatar/{new string('0', 32)}?d=404"), TestContext.Current.CancellationToken);
        using var plain = await web.GetAsync(new Uri($"http://{server.Host.Addresses.Http[0]}/avatar/{new string('0', 32)}?d=404"), TestContext.Current.CancellationToken);

        (encrypted.Headers.TryGetValues(Header, out var said) ? said.Single() : null).ShouldBe(isOwn ? "max-age=31536000" : null);
        plain.Headers.Contains(Header).ShouldBeFalse();
    }
}
