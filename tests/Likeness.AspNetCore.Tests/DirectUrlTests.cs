using Likeness.AspNetCore.Tests.Support;
using Likeness.Libravatar;
using Likeness.Libravatar.Tests.Resolving;

namespace Likeness.AspNetCore.Tests;

/// <summary>Sites that have switched the proxy off.</summary>
public sealed class DirectUrlTests
{
    private const int Port = 9;

    private static readonly Address Anne = Address.Email("anne@club.example");

    [Fact]
    [Trait("Requirement", "L-70")]
    [Trait("Requirement", "L-12")]
    public async Task Options_stand_in_the_URL_and_the_page_goes_before_the_site()
    {
        await using var site = await Start(options => options.Default = "identicon");

        (await site.Source(Anne.Text)).ShouldBe($"http://avatars.example:{Port}/avatar/{Anne.Md5}?d=identicon&s=48");
        (await site.Image(new AvatarMarkup(Anne.Text, 48, "https://club.example/a b.png?x&y", true))).GetAttribute("src")
            .ShouldBe($"http://avatars.example:{Port}/avatar/{Anne.Sha256}?d=https%3A%2F%2Fclub.example%2Fa%20b.png%3Fx%26y&s=48");
        (await site.Image(new AvatarMarkup(Anne.Text))).GetAttribute("srcset")
            .ShouldBe(string.Join(", ", new[] { 1, 2, 3 }.Select(density => $"http://avatars.example:{Port}/avatar/{Anne.Md5}?d=identicon&s={48 * density} {density}x")));
    }

    [Fact]
    [Trait("Requirement", "L-12")]
    public async Task A_site_can_have_the_stronger_hash_and_a_page_the_weaker()
    {
        await using var site = await Start(options => options.UseSha256 = true);

        (await site.Source(Anne.Text)).ShouldContain(Anne.Sha256.Text);
        (await site.Image(new AvatarMarkup(Anne.Text, UseSha256: false))).GetAttribute("src")!.ShouldContain(Anne.Md5.Text);
    }

    [Fact]
    [Trait("Requirement", "L-7")]
    public async Task An_OpenID_has_an_avatar_too()
    {
        await using var site = await Start();

        (await site.Source("HTTPS://Club.example/anne")).ShouldContain(Address.OpenIdentifier("https://club.example/anne").Sha256.Text);
    }

    [Fact]
    [Trait("Requirement", "L-6")]
    [Trait("Requirement", "L-43")]
    public async Task What_is_no_address_gets_the_default_picture_of_the_fallback()
    {
        await using var site = await Start(options => options.Default = "mp");

        (await site.Source("")).ShouldEndWith("?d=mp&s=48&f=y");
    }

    [Fact]
    [Trait("Requirement", "L-72")]
    public async Task Without_any_server_the_picture_is_in_the_page()
    {
        await using var site = await Start(options => options.Client = options.Client with { Fallback = FallbackPolicy.None, FallbackServers = [] });

        (await site.Source(Anne.Text)).ShouldStartWith("data:image/svg+xml;base64,");
        (await site.Source("")).ShouldStartWith("data:image/svg+xml;base64,");
    }

    [Fact]
    [Trait("Requirement", "L-88")]
    public async Task A_page_does_not_wait_for_DNS()
    {
        await using var resolver = StandInResolver.Silent();
        await using var site = await Start(options => options.Client = TestSite.ToLoopback(Port, resolver) with { Discovery = TestSite.ToLoopback(Port, resolver).Discovery with { Timeout = TimeSpan.FromHours(1) } });

        (await site.Source(Anne.Text)).ShouldStartWith("http://avatars.example");
        (await resolver.Heard.WaitAsync(TimeSpan.FromMinutes(1))).ShouldBeTrue("the servers are looked up for the next time");
    }

    private static Task<TestSite> Start(Action<AvatarSiteOptions>? change = null) => TestSite.Start(Port, options =>
    {
        options.Proxy = false;
        change?.Invoke(options);
    });
}
