namespace Likeness.Libravatar.Tests;

[Trait("Requirement", "L-1")]
public sealed class EmailAddressTests
{
    [Theory]
    [Trait("Requirement", "L-2")]
    [InlineData("test@example.org", "0c17bf66e649070167701d2d3cd71711", "388c735eec8225c4ad7a507944dd0a975296baea383198aa87177f29af2c6f69")]
    [InlineData("  WhatEver@Wherever.Whichever \n", "a60fc0828e808b9a6a9d50f1792240c8", "344c9670cfa45105295b78a31dfa4e7aff48a4358d232c59484ff4ee9bc4ce10")]
    [InlineData("George@example.com", "40f8d096a3777232204cb3f796c577b7", "47508cb4512f7b46aaeb34b4a514c63d63ec240bf28cbc4410addd4867c10066")]
    [InlineData("MyEmailAddress@example.com ", "0bc83cb571cd1c50ba6f3e8a78ef1346", "84059b07d4be67b806386c0aad8070a23f18836bbaae342275dc0a83414c32ee")]
    [InlineData("user+tag@example.net", "497745a2db0563bacd2c4be76e4cd823", "2bdee3a1c3f4f5b9f9b5e3ce911deaaeab92be40e6c29b9d3a43cd1b53936e60")]
    [InlineData("JOS\u00C9@example.com", "f3e3d6d619238617fee6765e45961da5", "b0a53cf19e34d05b57bced7365c6b00ddbe38d62957e863de2a66a56c3b42cea")]
    [InlineData("ANNE@B\u00DCCHER.example", "05dcd2152d207d4da1ad55f536af3ecc", "ca3608dabf00327bb48d7d5bf7bbc16f7ef1a8a70dbece425adba24bffb1c5da")]
    [InlineData("anne@xn--bcher-kva.example", "d191b947e9d7717d97ae5c5e6fd8e283", "eae46708a10c9cca80377cc6d4c5c93936e0e1de459eba35a96301bf0e4bfb56")]
    [InlineData("Whatever@@Wherever.whichever", "63a836cc2f35d9f13d9e9aca3e5f1ea0", "4c1b65e94dc3f6267025a5fb005a613b35b899287820ba39217055e271eec6a9")]
    [InlineData("\"a b\"@example.com", "cc984a6f7f0b5703248e24e5dee0fe8e", "6e9b125a35d5cc328dea2f9a8d488e092df7386f914cf2692c6d1d0bf70870bf")]
    public void An_email_address_hashes_to_the_published_vectors(string typed, string md5, string sha256)
    {
        var address = Address.Email(typed);

        address.Md5.Text.ShouldBe(md5);
        address.Sha256.Text.ShouldBe(sha256);
        address.Hashes.Take(2).Select(hash => hash.Text).ShouldBe([md5, sha256]);
        Address.Parse(typed).ShouldBe(address);
    }

    [Fact]
    [Trait("Requirement", "L-1")]
    public void An_international_address_is_found_by_the_hashes_of_both_spellings_of_its_domain()
    {
        var (letters, ascii) = (Address.Email("anne@b\u00FCcher.example"), Address.Email("anne@xn--bcher-kva.example"));

        letters.Hashes.ShouldBe([letters.Md5, letters.Sha256, ascii.Md5, ascii.Sha256]);
        ascii.Hashes.ShouldBe([ascii.Md5, ascii.Sha256, letters.Md5, letters.Sha256]);
        Address.Email("anne@xn--.example").Hashes.Length.ShouldBe(2, "no name at all");
        Address.Email("josé@example.org").Hashes.Length.ShouldBe(2, "only the domain has two spellings");
    }

    [Theory]
    [Trait("Requirement", "L-10")]
    [InlineData("Whatever@@Wherever.whichever", "wherever.whichever")]
    [InlineData("\"a@b\"@Example.com", "example.com")]
    [InlineData("test@example.org", "example.org")]
    public void The_domain_follows_the_last_at_sign(string typed, string domain) =>
        Address.Email(typed).Domain.ShouldBe(domain);

    [Theory]
    [Trait("Requirement", "L-6")]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \t\n")]
    [InlineData("nobody")]
    [InlineData("@example.org")]
    [InlineData("somebody@")]
    public void What_is_no_address_is_an_argument_error(string? typed)
    {
        Should.Throw<ArgumentException>(() => Address.Email(typed!));
        Address.TryParse(typed, out var parsed).ShouldBe(parsed is { Kind: AddressKind.OpenId });
    }

    [Fact]
    [Trait("Requirement", "L-6")]
    public void An_empty_text_is_never_parsed()
    {
        Should.Throw<ArgumentException>(() => Address.Parse(""));
        Should.Throw<ArgumentException>(() => Address.OpenIdentifier(" "));
        Address.TryParse(null, out _).ShouldBeFalse();
        Address.TryParse("  ", out _).ShouldBeFalse();
    }

    [Fact]
    [Trait("Requirement", "L-5")]
    public void Lower_casing_does_not_follow_the_culture_of_the_machine()
    {
        var before = Thread.CurrentThread.CurrentCulture;
        try
        {
            Thread.CurrentThread.CurrentCulture = new System.Globalization.CultureInfo("tr-TR");
            Address.Email("IRIS@EXAMPLE.ORG").Text.ShouldBe("iris@example.org");
        }
        finally
        {
            Thread.CurrentThread.CurrentCulture = before;
        }
    }

    [Fact]
    [Trait("Requirement", "L-5")]
    public void Dots_and_tags_and_compositions_stay() =>
        Address.Email("A.B+tag@ex.org").Text.ShouldBe("a.b+tag@ex.org");
}
