using System.Net;
using System.Security.Cryptography.X509Certificates;
using Likeness.Cli.Tests.Federation;
using Likeness.Cli.Tests.Serving;
using Likeness.Libravatar.Resolving;
using Likeness.Libravatar.Tests.Resolving;

namespace Likeness.Cli.Tests.Checks;

/// <summary>This project's own server, found by DNS and checked by its own doctor.</summary>
[Trait("Requirement", "L-8C")]
public sealed class HealthyServerTests : IDisposable
{
    private const string Host = "avatars.example.org";
    private readonly TemporaryDirectory _data = new();
    private readonly TestAuthority _authority = new();

    public void Dispose()
    {
        _authority.Dispose();
        _data.Dispose();
    }

    [Fact]
    [Trait("Requirement", "L-2")]
    public async Task A_server_with_a_good_certificate_passes_every_check_and_gives_a_portrait_to_the_client()
    {
        using var certificate = _authority.Issue(Host);
        var files = (
            Certificate: _data.Write("server.pem", certificate.ExportCertificatePem()),
            Key: _data.Write("server.key", certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()),
            Authority: _data.Write("authority.pem", _authority.Pem));
        await using var server = await RunningServer.Start(_data.File("data"), options => options with { Certificates = [files.Certificate], Keys = [files.Key] });
        (await LikenessProgram.Run("avatar", "set", "anne@example.org", _data.Write("face.png", TestPicture.Png()), "--data", _data.File("data"))).Code.ShouldBe(ExitCode.Done);
        await using var dns = new TestDns()
            .Add("_avatars-sec._tcp.example.org", DnsType.Srv, DnsBytes.Srv(0, 5, server.Host.Addresses.Https[0].Port, Host))
            .Add("_avatars._tcp.example.org", DnsType.Srv, DnsBytes.Srv(0, 5, server.Host.Addresses.Http[0].Port, Host))
            .AddHost(Host, IPAddress.Loopback);
        string[] network = ["--dns", dns.Address, "--ca", files.Authority];

        foreach (var target in new[] { "example.org", "anne@example.org", $"https://{server.Host.Addresses.Https[0]}" })
        {
            var ran = await LikenessProgram.Run(["check", target, .. network]);
            var findings = ran.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[..^1].Where(line => !line.Contains("The port is")).ToArray();
            if (target.Contains("://", StringComparison.Ordinal))
            {
                // The certificate is for the name, not for the address.
                findings.Where(line => !line.StartsWith("ok ", StringComparison.Ordinal)).ShouldHaveSingleItem().ShouldContain("not for 127.0.0.1");
                continue;
            }

            ran.Code.ShouldBe(ExitCode.Done, ran.Output);
            findings.ShouldAllBe(line => line.StartsWith("ok ", StringComparison.Ordinal), ran.Output);
        }

        var fetched = await LikenessProgram.Run(["fetch", "anne@example.org", "--size", "48", "--default", "404", "-o", _data.File("fetched"), .. network]);
        fetched.Code.ShouldBe(ExitCode.Done, fetched.Error);
        Imaging.ImageGate.TryIdentify(File.ReadAllBytes(_data.File("fetched")), out var header).ShouldBeTrue();
        header.Width.ShouldBe(48);
    }

    [Theory]
    [InlineData("not a target")]
    [InlineData("http://user@example.org")]
    [InlineData("ftp://example.org")]
    [InlineData("@")]
    public async Task What_cannot_be_checked_is_wrong_usage(string target)
    {
        var ran = await LikenessProgram.Run("check", target);

        ran.Code.ShouldBe(ExitCode.Usage);
        ran.ErrorLines.ShouldHaveSingleItem().ShouldContain("TARGET is");
    }

    [Fact]
    public async Task Authorities_that_are_none_are_told_in_one_line()
    {
        var ran = await LikenessProgram.Run("check", "example.org", "--ca", _data.Write("none.pem", "nothing"));

        ran.Code.ShouldBe(ExitCode.Usage);
        ran.ErrorLines.ShouldHaveSingleItem().ShouldContain("no certificate");
    }
}
