
namespace Likeness.Libravatar.Tests.Discovery;

[Trait("Requirement", "L-80")]
public sealed class AskedDomainTests
{
    [Theory]
    [InlineData("example.org", "example.org")]
    [InlineData("Example.ORG.", "example.org")]
    [InlineData("b\u00FCcher.de", "xn--bcher-kva.de")]
    [InlineData("xn--bcher-kva.de", "xn--bcher-kva.de")]
    [InlineData("notlocal.notest", "notlocal.notest")]
    [InlineData("local.example.org", "local.example.org")]
    public void Domains_are_asked_for_by_their_ASCII_form(string domain, string asked) => AskedDomain.Read(domain, []).ShouldBe(asked);

    [Theory]
    [InlineData("localhost")]
    [InlineData("mail.localhost")]
    [InlineData("printer.local")]
    [InlineData("a.invalid")]
    [InlineData("a.test")]
    [InlineData("a.example")]
    [InlineData("a.onion")]
    [InlineData("a.internal")]
    [InlineData("a.home.arpa")]
    [InlineData("a.alt")]
    [InlineData("intranet")]
    [InlineData("intranet.")]
    [InlineData("[192.0.2.1]")]
    [InlineData("192.0.2.1")]
    [InlineData("exa mple.org")]
    [InlineData("a..org")]
    [InlineData("\uD800.org")]
    [InlineData("")]
    [Trait("Requirement", "L-86")]
    public void What_no_server_can_answer_for_is_not_asked(string domain) => AskedDomain.Read(domain, []).ShouldBeNull();

    [Fact]
    public void A_special_domain_is_asked_if_its_owner_wants()
    {
        AskedDomain.Read("corp.internal", ["corp.internal"]).ShouldBe("corp.internal");
        AskedDomain.Read("mail.corp.internal", ["corp.internal"]).ShouldBe("mail.corp.internal");
        AskedDomain.Read("notcorp.internal", ["corp.internal"]).ShouldBeNull();
        AskedDomain.Read("a.test", ["example", "test"]).ShouldBe("a.test");
    }
}
