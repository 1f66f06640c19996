namespace Likeness.Libravatar.Tests;

public sealed class AvatarUrlTests
{
    private const string Md5 = "0c17bf66e649070167701d2d3cd71711";
    private const string Sha256 = "388c735eec8225c4ad7a507944dd0a975296baea383198aa87177f29af2c6f69";

    private static readonly Address Person = Address.Email(" Test@Example.org ");

    [Fact]
    [Trait("Requirement", "L-70")]
    [Trait("Requirement", "L-72")]
    public void The_published_sample_comes_out() =>
        Build(new AvatarUrlOptions { Size = 40, Default = "https://x.example/a b.png" })
            .ShouldBe($"https://seccdn.libravatar.org/avatar/{Md5}?d=https%3A%2F%2Fx.example%2Fa%20b.png&s=40");

    [Theory]
    [Trait("Requirement", "L-70")]
    [InlineData(null, null, false, "")]
    [InlineData(null, "", false, "")]
    [InlineData(80, null, false, "?s=80")]
    [InlineData(null, "404", false, "?d=404")]
    [InlineData(null, null, true, "?f=y")]
    [InlineData(80, null, true, "?s=80&f=y")]
    [InlineData(null, "mm", true, "?d=mm&f=y")]
    [InlineData(80, "mm", true, "?d=mm&s=80&f=y")]
    [InlineData(null, "a&s=1#\"'<>\r\n\u00E9~-._", false, "?d=a%26s%3D1%23%22%27%3C%3E%0D%0A%C3%A9~-._")]
    public void Only_what_was_given_is_written_in_one_order_and_encoded(int? size, string? choice, bool force, string query) =>
        Build(new AvatarUrlOptions { Size = size, Default = choice, ForceDefault = force }).ShouldBe($"https://seccdn.libravatar.org/avatar/{Md5}{query}");

    [Fact]
    [Trait("Requirement", "L-8D")]
    public void A_hash_alone_is_enough() =>
        AvatarUrl.Build(AvatarBase.LibravatarSecure, Person.Sha256, new AvatarUrlOptions { Default = "404", Size = 40 })
            .ShouldBe($"https://seccdn.libravatar.org/avatar/{Sha256}?d=404&s=40");

    [Fact]
    [Trait("Requirement", "L-70")]
    public void Half_a_character_becomes_the_replacement_character() =>
        Build(new AvatarUrlOptions { Default = "a\uD800" }).ShouldEndWith("?d=a%EF%BF%BD");

    [Theory]
    [Trait("Requirement", "L-71")]
    [InlineData(0, "")]
    [InlineData(1, "?s=1")]
    [InlineData(512, "?s=512")]
    [InlineData(513, "?s=512")]
    [InlineData(int.MaxValue, "?s=512")]
    [InlineData(-1, "?s=1")]
    [InlineData(int.MinValue, "?s=1")]
    public void Sizes_are_clamped(int size, string query) => Build(new AvatarUrlOptions { Size = size }).ShouldEndWith(Md5 + query);

    [Fact]
    [Trait("Requirement", "L-12")]
    public void An_e_mail_address_is_asked_by_MD5_or_by_SHA_256()
    {
        Build(null).ShouldEndWith("/avatar/" + Md5);
        Build(new AvatarUrlOptions { UseSha256 = true }).ShouldEndWith("/avatar/" + Sha256);
    }

    [Fact]
    [Trait("Requirement", "L-7")]
    public void An_OpenID_is_asked_by_SHA_256_alone() =>
        AvatarUrl.Build(AvatarBase.LibravatarSecure, Address.OpenIdentifier("HTTP://EXAMPLE.COM/id"))
            .ShouldEndWith("/avatar/ce0064bb30c22b618f814c389e7941ce1bfff0659910523192868d2b71632c77");

    [Fact]
    [Trait("Requirement", "L-6")]
    public void Nobody_has_no_URL()
    {
        Should.Throw<ArgumentException>(() => Address.Parse(" "));
        Should.Throw<ArgumentNullException>(() => AvatarUrl.Build(AvatarBase.LibravatarSecure, null!));
    }

    [Fact]
    [Trait("Requirement", "L-70")]
    public void A_very_long_default_is_kept_whole()
    {
        var choice = "https://x.example/" + new string('a', 5_000);

        Build(new AvatarUrlOptions { Default = choice, Size = 20 }).ShouldEndWith("?d=" + Uri.EscapeDataString(choice) + "&s=20");
    }

    [Theory]
    [Trait("Requirement", "L-1")]
    [InlineData(200)]
    [InlineData(5_000)]
    public void Long_addresses_are_hashed_whole(int length)
    {
        var text = new string('\u00E9', length) + "@example.org";

        Address.Email(text).Md5.Text.ShouldBe(Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(System.Text.Encoding.UTF8.GetBytes(text))));
    }

    private static string Build(AvatarUrlOptions? options) => AvatarUrl.Build(AvatarBase.LibravatarSecure, Person, options);
}
