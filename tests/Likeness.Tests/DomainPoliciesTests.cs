namespace Likeness.Tests;

public sealed class DomainPoliciesTests
{
    private readonly DomainPolicies _policies = new(
    [
        new DomainPolicy { Domain = "example.org", DefaultFace = "identicon" },
        new DomainPolicy { Domain = "example.net", DefaultFace = "retro" },
    ]);

    [Fact]
    public void A_domain_has_its_own_policy() => _policies.For("example.net").DefaultFace.ShouldBe("retro");

    [Fact]
    public void Case_does_not_matter() => _policies.For("Example.NET").DefaultFace.ShouldBe("retro");

    [Fact]
    public void A_domain_that_is_not_served_gets_the_first_policy() => _policies.For("example.com").DefaultFace.ShouldBe("identicon");

    [Theory]
    [InlineData("example.org", true)]
    [InlineData("EXAMPLE.org", true)]
    [InlineData("sub.example.org", false)]
    public void Only_domains_with_a_policy_are_served(string domain, bool served) => _policies.Serves(domain).ShouldBe(served);

    [Fact]
    public void A_server_without_a_domain_is_refused() => Should.Throw<ArgumentOutOfRangeException>(() => new DomainPolicies([]));

    [Fact]
    public void An_identity_belongs_to_the_domain_behind_the_last_at_sign() => new Identity("a@b@example.org").Domain.ShouldBe("example.org");
}
