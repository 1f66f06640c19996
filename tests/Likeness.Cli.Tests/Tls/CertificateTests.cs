using Likeness.Server.Tls;

namespace Likeness.Cli.Tests.Tls;

[Trait("Requirement", "C-5")]
public sealed class CertificateTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void A_self_signed_certificate_is_for_every_served_domain_and_its_key_for_the_owner_only()
    {
        var (certificate, key) = Make("example.org", "bücher.example");

        var loaded = ServerCertificate.Load(certificate, key);
        loaded.IsFor("example.org").ShouldBeTrue();
        loaded.IsFor("xn--bcher-kva.example").ShouldBeTrue();
        loaded.IsFor("example.net").ShouldBeFalse();
        File.GetUnixFileMode(key).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public void It_is_used_again_until_another_domain_is_served()
    {
        var first = File.ReadAllText(Make("example.org").Certificate);

        File.ReadAllText(Make("example.org").Certificate).ShouldBe(first);
        File.ReadAllText(Make("example.org", "example.net").Certificate).ShouldNotBe(first);
    }

    [Fact]
    public void A_certificate_is_chosen_by_the_name_the_client_asks_for_else_the_first()
    {
        var source = new CertificateSource([Copy("one", "example.org"), Copy("two", "example.net")]);

        source.Select("example.net").IsFor("example.net").ShouldBeTrue();
        source.Select("EXAMPLE.org").IsFor("example.org").ShouldBeTrue();
        source.Select("example.net.").IsFor("example.net").ShouldBeTrue("the name of the root may be written out");
        source.Select("example.com").IsFor("example.org").ShouldBeTrue();
        source.Select(null).IsFor("example.org").ShouldBeTrue();
    }

    [Fact]
    public void A_certificate_that_changed_is_taken_up_without_a_restart()
    {
        var files = Copy("one", "example.org");
        var source = new CertificateSource([files]);
        source.ReloadWhenChanged().ShouldBeFalse();

        var renewed = Copy("two", "example.net");
        File.Copy(renewed.Certificate, files.Certificate, overwrite: true);
        File.Copy(renewed.Key, files.Key, overwrite: true);
        File.SetLastWriteTimeUtc(files.Certificate, new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        source.ReloadWhenChanged().ShouldBeTrue();
        source.Select(null).IsFor("example.net").ShouldBeTrue();
    }

    [Fact]
    public void A_changed_certificate_that_cannot_be_used_leaves_the_old_one_in_place()
    {
        var files = Copy("one", "example.org");
        var source = new CertificateSource([files]);
        File.WriteAllText(files.Key, "no key");
        File.SetLastWriteTimeUtc(files.Key, new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        Should.Throw<CertificateRefusedException>(() => source.ReloadWhenChanged());
        source.Select("example.org").IsFor("example.org").ShouldBeTrue();
    }

    private (string Certificate, string Key) Make(params string[] domains) =>
        SelfSignedCertificate.Ensure(_directory.Path, domains, TimeProvider.System);

    private (string Certificate, string Key) Copy(string name, string domain)
    {
        var folder = Directory.CreateDirectory(_directory.File(name)).FullName;
        return SelfSignedCertificate.Ensure(folder, [domain], TimeProvider.System);
    }
}
