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
    public void A_domain_whose_chats_are_elsewhere_is_served_without_them()
    {
        var policies = new DomainPolicies([new DomainPolicy { Domain = "example.org", Chats = false }, new DomainPolicy { Domain = "example.net" }]);
        (policies.Serves("example.org"), policies.ServesChats("example.org")).ShouldBe((true, false));
        (policies.Serves("Example.net"), policies.ServesChats("Example.net")).ShouldBe((true, true));
        policies.OfChats.Select(policy => policy.Domain).ShouldBe(["example.net"]);
    }

    [Fact]
    public void A_server_without_a_domain_is_refused() => Should.Throw<ArgumentOutOfRangeException>(() => new DomainPolicies([]));

    [Fact]
    public void An_identity_belongs_to_the_domain_behind_the_last_at_sign() => new Identity("a@b@example.org").Domain.ShouldBe("example.org");

    [Theory]
    [InlineData("example.net", "example.net")]
    [InlineData("Avatars.Example.NET:8443", "example.net")]
    [InlineData("a.b.example.net.", "example.net")]
    [InlineData("example.org", "example.org")]
    [InlineData("evilexample.net", "example.org")]
    [InlineData("example.net.evil.example", "example.org")]
    [InlineData("deep.example.net", "deep.example.net")]
    [InlineData("x.deep.example.net", "deep.example.net")]
    [InlineData("club.example", "club.example")]
    [InlineData("faces.example", "club.example")]
    [InlineData("xn--bcher-kva.example", "bücher.example")]
    [InlineData("", "example.org")]
    [InlineData("[::1]:80", "example.org")]
    [InlineData("...", "example.org")]
    public void A_host_belongs_to_the_longest_name_that_ends_it(string host, string domain)
    {
        var policies = new DomainPolicies(
        [
            new DomainPolicy { Domain = "example.org" },
            new DomainPolicy { Domain = "example.net" },
            new DomainPolicy { Domain = "deep.example.net" },
            new DomainPolicy { Domain = "club.example", WebHosts = ["club.example", "faces.example"] },
            new DomainPolicy { Domain = "bücher.example" },
        ]);

        policies.ForHost(host).Domain.ShouldBe(domain);
    }

    [Fact]
    public void Two_domains_cannot_have_the_same_host() => Should.Throw<ArgumentException>(() => new DomainPolicies(
    [
        new DomainPolicy { Domain = "example.org" },
        new DomainPolicy { Domain = "example.net", WebHosts = ["EXAMPLE.org"] },
    ]));

    [Fact]
    public void Finding_the_policy_of_a_host_allocates_nothing()
    {
        _policies.ForHost("www.example.net:8080");
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 100; round++)
        {
            _policies.ForHost("www.example.net:8080");
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }
}
