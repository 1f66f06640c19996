using Likeness.Libravatar.Resolving;
using Likeness.Libravatar.Tests.Resolving;

namespace Likeness.Cli.Tests.Federation;

public sealed class UrlCommandTests
{
    private const string Md5 = "0c17bf66e649070167701d2d3cd71711";
    private const string Sha256 = "388c735eec8225c4ad7a507944dd0a975296baea383198aa87177f29af2c6f69";

    [Theory]
    [Trait("Requirement", "L-70")]
    [Trait("Requirement", "L-80")]
    [InlineData($"https://avatars.example.test:8443/avatar/{Md5}")]
    [InlineData($"https://avatars.example.test:8443/avatar/{Md5}?d=404&s=40", "--size", "40", "--default", "404")]
    [InlineData($"https://avatars.example.test:8443/avatar/{Sha256}?s=512", "--sha256", "--size", "4000")]
    [InlineData($"https://avatars.example.test:8443/avatar/{Md5}", "--prefer-https")]
    [InlineData($"http://plain.example.test/avatar/{Md5}", "--http")]
    public async Task The_URL_alone_is_printed(string url, params string[] options)
    {
        await using var dns = new TestDns()
            .Add("_avatars-sec._tcp.example.org", DnsType.Srv, DnsBytes.Srv(0, 5, 8443, "avatars.example.test."))
            .Add("_avatars._tcp.example.org", DnsType.Srv, DnsBytes.Srv(0, 5, 80, "plain.example.test."));

        var ran = await LikenessProgram.Run(["url", "test@example.org", .. options, "--dns", dns.Address]);

        ran.Error.ShouldBeEmpty();
        ran.Output.ShouldBe(url + Environment.NewLine);
        ran.Code.ShouldBe(ExitCode.Done);
    }

    [Theory]
    [Trait("Requirement", "L-72")]
    [Trait("Requirement", "L-88")]
    [InlineData("https://seccdn.libravatar.org")]
    [InlineData("http://cdn.libravatar.org", "--http")]
    public async Task Without_servers_of_the_domain_it_is_the_public_one(string server, params string[] options)
    {
        await using var dns = new TestDns();

        var ran = await LikenessProgram.Run(["url", "test@example.org", .. options, "--dns", dns.Address]);

        ran.Output.Trim().ShouldBe($"{server}/avatar/{Md5}");
        ran.ErrorLines.ShouldHaveSingleItem().ShouldBe($"likeness: example.org names no avatar server in DNS: {server} is asked instead.");
        ran.Code.ShouldBe(ExitCode.Done);
    }

    [Fact]
    [Trait("Requirement", "L-84")]
    public async Task A_domain_that_has_no_service_is_told_as_such()
    {
        await using var dns = new TestDns().Add("_avatars-sec._tcp.example.org", DnsType.Srv, DnsBytes.Srv(0, 0, 0, "."));

        (await LikenessProgram.Run("url", "test@example.org", "--dns", dns.Address)).ErrorLines.ShouldHaveSingleItem().ShouldContain("says in DNS that it has no avatar server");
    }

    [Fact]
    [Trait("Requirement", "L-88")]
    public async Task DNS_that_is_broken_is_no_domain_without_a_server()
    {
        await using var dns = new TestDns { IsBroken = true };

        var ran = await LikenessProgram.Run("url", "test@example.org", "--dns", dns.Address);

        ran.Output.ShouldStartWith("https://seccdn.libravatar.org/");
        ran.ErrorLines.ShouldHaveSingleItem().ShouldStartWith("likeness: DNS gave no answer about example.org");
        ran.Code.ShouldBe(ExitCode.Failed);
    }

    [Fact]
    [Trait("Requirement", "L-7")]
    public async Task An_OpenID_is_a_person_too()
    {
        await using var dns = new TestDns();

        var ran = await LikenessProgram.Run("url", "HTTPS://Example.com/id", "--dns", dns.Address);

        ran.Output.Trim().ShouldBe("https://seccdn.libravatar.org/avatar/43e813cfff429662436728ef4fb1cc12bcf20414cab78811137f7d718c1ddedb");
    }

    [Fact]
    public async Task Special_names_are_asked_for_where_a_resolver_is_named()
    {
        await using var dns = new TestDns().Add("_avatars-sec._tcp.club.test", DnsType.Srv, DnsBytes.Srv(0, 5, 443, "a.club.test."));

        var ran = await LikenessProgram.Run("url", "anne@club.test", "--dns", dns.Address);

        ran.Output.ShouldStartWith("https://a.club.test/avatar/");
    }

    [Theory]
    [InlineData("PERSON", "url", "@")]
    [InlineData("PERSON", "url", "anne")]
    [InlineData("PERSON", "fetch", "anne@")]
    [InlineData("exclude each other", "url", "anne@example.org", "--http", "--prefer-https")]
    [InlineData("--dns is an address", "url", "anne@example.org", "--dns", "resolver.example")]
    [InlineData("--size", "url", "anne@example.org", "--size", "big")]
    [InlineData("DOMAIN", "dns", "not a domain")]
    [InlineData("--server is a host name", "dns", "example.org", "--server", "192.0.2.1")]
    [InlineData("--ttl", "dns", "example.org", "--ttl", "0")]
    [InlineData("--http-port", "dns", "example.org", "--http-port", "65536")]
    public async Task Wrong_usage_is_told_in_one_line(string complaint, params string[] arguments)
    {
        var ran = await LikenessProgram.Run(arguments);

        ran.Code.ShouldBe(ExitCode.Usage);
        ran.Output.ShouldBeEmpty();
        ran.ErrorLines.ShouldHaveSingleItem().ShouldContain(complaint);
    }
}
