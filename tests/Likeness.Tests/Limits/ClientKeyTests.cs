using System.Net;
using Likeness.Limits;

namespace Likeness.Tests.Limits;

public sealed class ClientKeyTests
{
    [Theory]
    [Trait("Requirement", "C-49")]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("192.0.2.7", "::ffff:192.0.2.7")]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff")]
    [InlineData("fe80::1%3", "fe80::2%4")]
    public void One_client_has_one_key(string one, string other) => Of(one).ShouldBe(Of(other));

    [Theory]
    [Trait("Requirement", "C-49")]
    [InlineData("192.0.2.7", "192.0.2.8")]
    [InlineData("192.0.2.7", "::192.0.2.7")]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1")]
    [InlineData("127.0.0.1", "::1")]
    public void Two_clients_have_two(string one, string other) => Of(one).ShouldNotBe(Of(other));

    [Fact]
    public void A_peer_without_an_address_is_like_every_other_one() => ClientKey.Of(null).ShouldBe(default);

    [Theory]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2::/64")]
    public void In_a_log_it_reads_like_an_address(string address, string text) => Of(address).ToString().ShouldBe(text);

    private static ClientKey Of(string address) => ClientKey.Of(IPAddress.Parse(address));
}
