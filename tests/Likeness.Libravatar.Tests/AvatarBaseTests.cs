namespace Likeness.Libravatar.Tests;

public sealed class AvatarBaseTests
{
    [Theory]
    [Trait("Requirement", "L-20")]
    [Trait("Requirement", "L-8A")]
    [InlineData("https://avatars.example", "https://avatars.example")]
    [InlineData("HTTPS://Avatars.Example:443/", "https://avatars.example")]
    [InlineData("http://avatars.example:8080/some/path/", "http://avatars.example:8080/some/path")]
    [InlineData("http://[2001:db8::1]:8080", "http://[2001:db8::1]:8080")]
    public void A_configured_base_is_any_web_address(string typed, string text) => AvatarBase.Parse(typed).Text.ShouldBe(text);

    [Theory]
    [InlineData("")]
    [InlineData("avatars.example")]
    [InlineData("/avatar")]
    [InlineData("ftp://avatars.example")]
    [InlineData("https://user@avatars.example")]
    [InlineData("https://avatars.example/?a=b")]
    [InlineData("https://avatars.example/#a")]
    [InlineData("https://avatars.example?")]
    public void Anything_else_is_an_error(string typed) => Should.Throw<ArgumentException>(() => AvatarBase.Parse(typed));

    [Fact]
    [Trait("Requirement", "L-72")]
    [Trait("Requirement", "L-73")]
    public void The_policy_chooses_the_fallback()
    {
        var plainOnly = new FallbackBases(null, AvatarBase.LibravatarPlain);

        FallbackBases.Libravatar.For(SchemePolicy.HttpsOnly)!.Text.ShouldBe("https://seccdn.libravatar.org");
        FallbackBases.Libravatar.For(SchemePolicy.PreferHttps)!.Text.ShouldBe("https://seccdn.libravatar.org");
        FallbackBases.Libravatar.For(SchemePolicy.Http)!.Text.ShouldBe("http://cdn.libravatar.org");
        plainOnly.For(SchemePolicy.HttpsOnly).ShouldBeNull();
        plainOnly.For(SchemePolicy.PreferHttps)!.Text.ShouldBe("http://cdn.libravatar.org");
        new FallbackBases(AvatarBase.LibravatarPlain, AvatarBase.LibravatarSecure).For(SchemePolicy.HttpsOnly).ShouldBeNull();
        FallbackBases.None.For(SchemePolicy.PreferHttps).ShouldBeNull();
    }
}
