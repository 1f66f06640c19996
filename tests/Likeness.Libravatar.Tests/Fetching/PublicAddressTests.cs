using System.Net;
using Likeness.Libravatar.Fetching;

namespace Likeness.Libravatar.Tests.Fetching;

[Trait("Requirement", "L-75")]
public sealed class PublicAddressTests
{
    [Theory]
    [InlineData("0.0.0.0", "0.255.255.255")]
    [InlineData("10.0.0.0", "10.255.255.255")]
    [InlineData("100.64.0.0", "100.127.255.255")]
    [InlineData("127.0.0.0", "127.255.255.255")]
    [InlineData("169.254.0.0", "169.254.255.255")]
    [InlineData("169.254.169.254", "169.254.170.2")]
    [InlineData("172.16.0.0", "172.31.255.255")]
    [InlineData("192.0.0.0", "192.0.0.255")]
    [InlineData("192.0.2.0", "192.0.2.255")]
    [InlineData("192.88.99.0", "192.88.99.255")]
    [InlineData("192.168.0.0", "192.168.255.255")]
    [InlineData("198.18.0.0", "198.19.255.255")]
    [InlineData("198.51.100.0", "198.51.100.255")]
    [InlineData("203.0.113.0", "203.0.113.255")]
    [InlineData("224.0.0.0", "255.255.255.255")]
    public void Special_IPv4_ranges_are_not_public_from_their_first_to_their_last_address(string first, string last)
    {
        IsPublic(first).ShouldBeFalse();
        IsPublic(last).ShouldBeFalse();
        IsPublic("::ffff:" + first).ShouldBeFalse();
        IsPublic("64:ff9b::" + last).ShouldBeFalse();
    }

    [Theory]
    [InlineData("1.0.0.0", "9.255.255.255")]
    [InlineData("11.0.0.0", "100.63.255.255")]
    [InlineData("100.128.0.0", "126.255.255.255")]
    [InlineData("128.0.0.0", "169.253.255.255")]
    [InlineData("169.255.0.0", "172.15.255.255")]
    [InlineData("172.32.0.0", "191.255.255.255")]
    [InlineData("192.0.1.0", "192.0.1.255")]
    [InlineData("192.0.3.0", "192.88.98.255")]
    [InlineData("192.88.100.0", "192.167.255.255")]
    [InlineData("192.169.0.0", "198.17.255.255")]
    [InlineData("198.20.0.0", "198.51.99.255")]
    [InlineData("198.51.101.0", "203.0.112.255")]
    [InlineData("203.0.114.0", "223.255.255.255")]
    public void What_lies_between_the_special_IPv4_ranges_is_public(string first, string last)
    {
        IsPublic(first).ShouldBeTrue();
        IsPublic(last).ShouldBeTrue();
        IsPublic("::ffff:" + first).ShouldBeTrue();
        IsPublic("64:ff9b::" + last).ShouldBeTrue();
    }

    [Theory]
    [InlineData("::", "unspecified")]
    [InlineData("::1", "loopback")]
    [InlineData("::7f00:1", "IPv4-compatible")]
    [InlineData("::8.8.8.8", "IPv4-compatible")]
    [InlineData("::ffff:0:8.8.8.8", "IPv4-translated")]
    [InlineData("64:ff9b:1::8.8.8.8", "local NAT64")]
    [InlineData("64:ff9b:1:ffff:ffff:ffff:ffff:ffff", "local NAT64")]
    [InlineData("64:ff9b::1:8.8.8.8", "beside NAT64")]
    [InlineData("100::1", "discard")]
    [InlineData("1fff:ffff::1", "below global unicast")]
    [InlineData("2001::1", "Teredo")]
    [InlineData("2001:2::1", "benchmarks")]
    [InlineData("2001:20::1", "ORCHID")]
    [InlineData("2001:1ff:ffff::1", "protocol assignments")]
    [InlineData("2001:db8::", "documentation")]
    [InlineData("2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "documentation")]
    [InlineData("2002:7f00:1::1", "6to4 of loopback")]
    [InlineData("2002:808:808::1", "6to4")]
    [InlineData("3fff::1", "documentation")]
    [InlineData("3fff:fff:ffff::1", "documentation")]
    [InlineData("4000::1", "above global unicast")]
    [InlineData("5f00::1", "segment routing")]
    [InlineData("fc00::1", "unique local")]
    [InlineData("fdff:ffff::1", "unique local")]
    [InlineData("fe80::1", "link-local")]
    [InlineData("fe80::1%1", "link-local with a zone")]
    [InlineData("febf:ffff::1", "link-local")]
    [InlineData("fec0::1", "site-local")]
    [InlineData("ff02::1", "multicast")]
    public void Special_IPv6_addresses_are_not_public(string address, string kind) => IsPublic(address).ShouldBeFalse(kind);

    [Theory]
    [InlineData("2000::1")]
    [InlineData("2001:200::1")]
    [InlineData("2001:db7:ffff::1")]
    [InlineData("2001:db9::1")]
    [InlineData("2003::1")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("2a00:1450:4001::1")]
    [InlineData("3ffe:ffff::1")]
    [InlineData("3fff:1000::1")]
    public void Global_unicast_is_public(string address) => IsPublic(address).ShouldBeTrue();

    private static bool IsPublic(string address) => PublicAddress.IsPublic(IPAddress.Parse(address));
}
