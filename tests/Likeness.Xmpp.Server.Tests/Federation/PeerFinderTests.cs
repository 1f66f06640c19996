using System.Net;
using Likeness.Xmpp.Server.Federation;
using Likeness.Xmpp.Server.Tests.Hosting;

namespace Likeness.Xmpp.Server.Tests.Federation;

/// <summary>What is told without any DNS; what DNS says is looked up with real name servers in the interop tests.</summary>
public sealed class PeerFinderTests
{
    [Fact]
    [Trait("Requirement", "F-1")]
    public async Task An_address_is_gone_to_directly_and_a_route_before_DNS()
    {
        using var finder = Finder(new FederationOptions { Routes = new Dictionary<string, DnsEndPoint> { ["montague.example"] = new("10.0.0.7", 5300) } });

        (await finder.Find("192.0.2.1", default)).ShouldBe([new PeerTarget("192.0.2.1", 5269, false)]);
        (await finder.Find("[2001:db8::1]", default)).ShouldBe([new PeerTarget("2001:db8::1", 5269, false)]);
        (await finder.Find("montague.example", default)).ShouldBe([new PeerTarget("10.0.0.7", 5300, false)]);
        (await Should.ThrowAsync<PeerUnreachableException>(() => finder.Find("no_domain", default))).IsUnknown.ShouldBeTrue();
    }

    [Theory]
    [Trait("Requirement", "F-3")]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("10.1.2.3")]
    [InlineData("169.254.169.254")]
    [InlineData("::ffff:192.168.0.1")]
    [InlineData("fd00::1")]
    public async Task Addresses_of_private_networks_are_not_gone_to(string address)
    {
        using var finder = Finder(new FederationOptions());

        var refused = await Should.ThrowAsync<PeerUnreachableException>(() => finder.Connect(new PeerTarget(address, 5269, false), default));

        refused.Message.ShouldContain("private network");
    }

    private static PeerFinder Finder(FederationOptions options) => new(options with { Resolvers = ["127.0.0.1:1"] }, new TestClock());
}
