namespace Likeness.Libravatar.Tests;

[Trait("Requirement", "L-7")]
public sealed class OpenIdAddressTests
{
    [Theory]
    [InlineData("http://example.com/id", "ce0064bb30c22b618f814c389e7941ce1bfff0659910523192868d2b71632c77")]
    [InlineData("HTTP://EXAMPLE.COM/id", "ce0064bb30c22b618f814c389e7941ce1bfff0659910523192868d2b71632c77")]
    [InlineData("http://example.com:80/id", "ce0064bb30c22b618f814c389e7941ce1bfff0659910523192868d2b71632c77")]
    [InlineData("https://example.com/id", "43e813cfff429662436728ef4fb1cc12bcf20414cab78811137f7d718c1ddedb")]
    [InlineData("http://EXAMPLE.com/ID", "ad8ce775cc12cba9bb8af26e00f55c473a3fcd3f554595a5ad9dd924a546a448")]
    [InlineData("http://example.com/Fran\u00E7ois", "5c323abb04553a28f44490b21effdf8f4a9878d07775c9a3c3f4a9ec9a95ff33")]
    [InlineData("http://example.com/Fran%C3%A7ois", "d6e512fe6c39cb694af6b4aa7237e874764384e7994eb030a83ee1d337545fe1")]
    [InlineData("http://example.com", "f0e6a6a97042a4f1f1c87f5f7d44315b2d852c2df5c7991cc66241bf7072d1c4")]
    [InlineData("http://example.com/", "2a1b402420ef46577471cdc7409b0fa2c6a204db316e59ade2d805435489a067")]
    [InlineData("http://example.com:8080/id", "6994434d7f7a9057714b557e0cefdf9ef657f490ae6d08e5d4db4d267327e452")]
    [InlineData("  example.com/id ", "ce0064bb30c22b618f814c389e7941ce1bfff0659910523192868d2b71632c77")]
    public void An_OpenID_hashes_to_the_published_vectors(string typed, string sha256)
    {
        var address = Address.OpenIdentifier(typed);

        address.Sha256.Text.ShouldBe(sha256);
        address.Kind.ShouldBe(AddressKind.OpenId);
        Address.Parse(typed).ShouldBe(address);
    }

    [Theory]
    [Trait("Requirement", "L-8")]
    [InlineData("https://EXAMPLE.com:443", "https://example.com")]
    [InlineData("https://example.com:80/", "https://example.com:80/")]
    [InlineData("http://User:Pa@SS@Example.com/", "http://User:Pa@SS@example.com/")]
    [InlineData("http://example.com:/a", "http://example.com/a")]
    [InlineData("http://[2001:DB8::1]:80/a", "http://[2001:db8::1]/a")]
    [InlineData("http://Example.com?Q=A#F", "http://example.com?Q=A#F")]
    [InlineData("example.com/?to=http://x.example", "http://example.com/?to=http://x.example")]
    public void Only_scheme_host_and_a_default_port_are_normalised(string typed, string text) =>
        Address.OpenIdentifier(typed).Text.ShouldBe(text);

    [Theory]
    [Trait("Requirement", "L-9")]
    [InlineData("http://example.com")]
    [InlineData("http://example.com/")]
    [InlineData("https://example.com")]
    [InlineData("https://example.com/")]
    public void A_server_answers_to_both_schemes_with_and_without_slash(string typed)
    {
        string[] expected = ["http://example.com", "http://example.com/", "https://example.com", "https://example.com/"];

        var hashes = Address.OpenIdentifier(typed).Hashes;

        hashes.ShouldBe(expected.Select(AddressHash.Sha256), ignoreOrder: true);
        hashes[0].ShouldBe(AddressHash.Sha256(typed));
    }

    [Fact]
    [Trait("Requirement", "L-9")]
    public void A_fragment_adds_the_alias_without_it() =>
        Address.OpenIdentifier("http://example.com#me").Hashes.ShouldContain(AddressHash.Sha256("http://example.com/"));

    [Fact]
    [Trait("Requirement", "L-8")]
    public void A_port_of_its_own_gets_no_alias_without_port() =>
        Address.OpenIdentifier("http://example.com:8080/id").Hashes
            .ShouldNotContain(Address.OpenIdentifier("https://example.com/id").Sha256);

    [Theory]
    [Trait("Requirement", "L-10")]
    [InlineData("https://user@ID.Example.com:8443/path", "id.example.com")]
    [InlineData("http://example.com", "example.com")]
    public void The_domain_is_the_host_alone(string typed, string domain) =>
        Address.OpenIdentifier(typed).Domain.ShouldBe(domain);

    [Theory]
    [Trait("Requirement", "L-6")]
    [InlineData("ftp://example.com/")]
    [InlineData("javascript://example.com/")]
    [InlineData("http://")]
    [InlineData("http:///path")]
    [InlineData("http://example.com:port/")]
    [InlineData("http://example.com:65536/")]
    [InlineData("http://exa mple.com/")]
    public void What_is_no_web_address_is_an_argument_error(string typed)
    {
        Should.Throw<ArgumentException>(() => Address.OpenIdentifier(typed));
        Address.TryParse(typed, out _).ShouldBeFalse();
    }
}
