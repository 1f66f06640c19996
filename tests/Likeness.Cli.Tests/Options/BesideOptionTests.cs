using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Likeness.Server.Options;

namespace Likeness.Cli.Tests.Options;

public sealed class BesideOptionTests
{
    [Fact]
    [Trait("Requirement", "B-19")]
    public void A_server_beside_this_one_has_a_name_a_secret_and_a_domain_that_is_served()
    {
        using var directory = new TemporaryDirectory();
        var options = Read(directory, ("xmpp", "off"), ("beside", "127.0.0.1:5347"), ("beside-secret-file", Secret(directory)), ("beside-domain", "example.org"));

        var beside = BesideKeys.Of(options).ShouldHaveSingleItem();
        (beside.Place, beside.Name, beside.Secret).ShouldBe(("127.0.0.1:5347", "likeness.example.org", "secret"));
        beside.Domains.ShouldBe(["example.org"]);
        options.Domains.ShouldBe(["example.org"]);
    }

    [Fact]
    [Trait("Requirement", "B-9")]
    public void Chats_of_its_domain_are_not_served_here_too()
    {
        using var directory = new TemporaryDirectory();
        Refused(directory, ("beside", "127.0.0.1:5347"), ("beside-secret-file", Secret(directory)), ("beside-domain", "example.org")).ShouldBe(["beside"]);
    }

    [Fact]
    [Trait("Requirement", "B-9")]
    public void Chats_of_another_domain_are_served_here_meanwhile()
    {
        using var directory = new TemporaryDirectory();
        (string, string)[] rest = [("beside", "127.0.0.1:5347"), ("beside-secret-file", Secret(directory)), ("beside-domain", "example.org"), ("domain", "example.net")];
        var options = Read(directory, rest);
        options.DomainPolicies().OfChats.Select(policy => policy.Domain).ShouldBe(["example.net"]);
        options.Domains.ShouldBe(["example.net", "example.org"]);
        Refused(directory, [.. rest, ("beside-name", "example.net")]).ShouldBe(["beside-name"]);
    }

    [Fact]
    [Trait("Requirement", "B-18")]
    public void Another_machine_needs_TLS_or_the_operators_word()
    {
        using var directory = new TemporaryDirectory();
        (string, string)[] away = [("xmpp", "off"), ("beside", "192.0.2.1:5347"), ("beside-secret-file", Secret(directory)), ("beside-domain", "example.org")];
        Refused(directory, away).ShouldBe(["beside"]);
        Read(directory, [.. away, ("beside-plaintext", "yes")]).Beside.AllowsPlaintext.ShouldBeTrue();
        Read(directory, [.. away, ("beside-tls", "yes")]).Beside.Tls.ShouldBeTrue();
    }

    [Fact]
    [Trait("Requirement", "B-18")]
    public void A_socket_in_the_file_system_needs_no_TLS()
    {
        using var directory = new TemporaryDirectory();
        (string, string)[] rest = [("xmpp", "off"), ("beside-secret-file", Secret(directory)), ("beside-domain", "example.org")];
        BesideKeys.Of(Read(directory, [.. rest, ("beside", "unix:/run/ejabberd/components")])).Single().Place.ShouldBe("unix:/run/ejabberd/components");
        Refused(directory, [.. rest, ("beside", "unix:components")]).ShouldContain("beside");
        Refused(directory, [.. rest, ("beside", $"unix:/{new string('a', 200)}")]).ShouldContain("beside");
    }

    [Fact]
    [Trait("Requirement", "B-18")]
    public void Whom_to_trust_is_a_file_with_certificates_for_TLS()
    {
        using var directory = new TemporaryDirectory();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var authority = new CertificateRequest("CN=own", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1));
        var file = directory.File("authorities.pem");
        File.WriteAllText(file, authority.ExportCertificatePem());
        (string, string)[] away = [("xmpp", "off"), ("beside", "192.0.2.1:5347"), ("beside-secret-file", Secret(directory)), ("beside-domain", "example.org"), ("beside-authorities", file)];
        BesideKeys.Of(Read(directory, [.. away, ("beside-tls", "yes")])).Single().Authorities.ShouldHaveSingleItem().Thumbprint.ShouldBe(authority.Thumbprint);
        Refused(directory, [.. away, ("beside-plaintext", "yes")]).ShouldBe(["beside-authorities"]);
        File.WriteAllText(file, "nothing");
        Refused(directory, [.. away, ("beside-tls", "yes")]).ShouldBe(["beside-authorities"]);
    }

    [Fact]
    public void What_is_missing_is_said()
    {
        using var directory = new TemporaryDirectory();
        Refused(directory, ("xmpp", "off"), ("beside", "127.0.0.1:5347")).ShouldBe(["beside-secret-file", "beside-domain"]);
        Refused(directory, ("xmpp", "off"), ("beside-domain", "example.org")).ShouldBe(["beside"]);
        Refused(directory, ("xmpp", "off"), ("beside-api", "http://192.0.2.1/api")).ShouldBe(["beside-api"]);
    }

    [Theory]
    [Trait("Requirement", "B-80")]
    [InlineData("nonsense")]
    [InlineData("unix:/run/chat")]
    [InlineData("127.0.0.1:0")]
    public void Where_clients_log_in_is_a_host_and_a_port(string login)
    {
        using var directory = new TemporaryDirectory();
        (string, string)[] rest = [("xmpp", "off"), ("beside", "127.0.0.1:5347"), ("beside-secret-file", Secret(directory)), ("beside-domain", "example.org")];
        BesideKeys.Of(Read(directory, [.. rest, ("beside-login", "127.0.0.1:5223")])).Single().Login.ShouldBe(new DnsEndPoint("127.0.0.1", 5223));
        var problem = Should.Throw<OptionsRefusedException>(() => Read(directory, [.. rest, ("beside-login", login)])).Problems.ShouldHaveSingleItem();
        (problem.Key, problem.Text).ShouldBe(("beside-login", $"'{login}' is not HOST:PORT"));
    }

    private static string Secret(TemporaryDirectory directory)
    {
        var file = directory.File("beside.secret");
        File.WriteAllText(file, "secret\n");
        return file;
    }

    private static string[] Refused(TemporaryDirectory directory, params (string Key, string Value)[] values) =>
        [.. Should.Throw<OptionsRefusedException>(() => Read(directory, values)).Problems.Select(problem => problem.Key)];

    private static LikenessOptions Read(TemporaryDirectory directory, params (string Key, string Value)[] values) => OptionReader.Read(
        new LikenessOptions { DataDirectory = directory.Path },
        new OptionSource("flags", values.ToImmutableDictionary(value => value.Key, value => ImmutableArray.Create(value.Value))));
}
