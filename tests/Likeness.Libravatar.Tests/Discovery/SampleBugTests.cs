using Likeness.Libravatar.Tests.Resolving;

namespace Likeness.Libravatar.Tests.Discovery;

/// <summary>A well-known sample of a client has these faults; each test shows that this one does not.</summary>
public sealed class SampleBugTests
{
    private const string Secure = "_avatars-sec._tcp.club.example";
    private const string Plain = "_avatars._tcp.club.example";

    [Fact]
    [Trait("Requirement", "L-1")]
    [Trait("Requirement", "L-6")]
    public async Task Two_people_have_two_hashes_and_neither_is_that_of_nothing()
    {
        var anne = await Url("anne@club.example");
        var bob = await Url("bob@club.example");

        anne.ShouldNotBe(bob);
        string.Concat(anne, bob).ShouldNotContain("d41d8cd98f00b204e9800998ecf8427e");
    }

    [Fact]
    [Trait("Requirement", "L-81")]
    public async Task The_first_answer_does_not_win_over_a_lower_priority_number() =>
        (await Server(Secure, DnsBytes.Srv(20, 0, 443, "second.example"), DnsBytes.Srv(10, 0, 443, "first.example"))).ShouldBe("https://first.example");

    [Fact]
    [Trait("Requirement", "L-84")]
    public async Task The_root_as_a_target_is_no_host() =>
        (await Server(Secure, DnsBytes.Srv(0, 0, 443, ""))).ShouldBe("https://seccdn.libravatar.org");

    [Theory]
    [Trait("Requirement", "L-86")]
    [InlineData("evil/path.example")]
    [InlineData("evil?query.example")]
    [InlineData("user@evil.example")]
    public async Task Text_that_is_no_host_does_not_reach_the_URL(string target) =>
        (await Server(Secure, DnsBytes.Srv(0, 0, 443, target))).ShouldBe("https://seccdn.libravatar.org");

    [Fact]
    [Trait("Requirement", "L-87")]
    public async Task The_schemes_own_port_is_not_written()
    {
        (await Server(Secure, DnsBytes.Srv(0, 0, 443, "a.example"))).ShouldBe("https://a.example");
        (await Server(Plain, DnsBytes.Srv(0, 0, 80, "a.example"))).ShouldBe("http://a.example");
        (await Server(Secure, DnsBytes.Srv(0, 0, 8443, "a.example"))).ShouldBe("https://a.example:8443");
    }

    [Fact]
    [Trait("Requirement", "L-10")]
    public async Task The_domain_follows_the_last_at_sign_and_must_be_there()
    {
        Should.Throw<ArgumentException>(() => Address.Email("anne"));
        (await Url("\"anne@other.example\"@club.example", zone => zone.With(Secure, DnsBytes.Srv(0, 0, 443, "a.example")))).ShouldStartWith("https://a.example/");
    }

    [Theory]
    [Trait("Requirement", "L-88")]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public async Task An_error_leads_to_the_fallback(int code) =>
        (await Url("anne@club.example", zone => zone.Code = code)).ShouldStartWith("https://seccdn.libravatar.org/");

    [Fact]
    [Trait("Requirement", "L-73")]
    public async Task A_missing_first_name_leads_to_the_second() =>
        (await Server(Plain, DnsBytes.Srv(0, 0, 8080, "a.example"))).ShouldBe("http://a.example:8080");

    [Fact]
    [Trait("Requirement", "L-73")]
    public async Task An_https_page_never_gets_an_http_URL() =>
        (await Url("anne@club.example", zone => zone.With(Plain, DnsBytes.Srv(0, 0, 80, "a.example")), SchemePolicy.HttpsOnly)).ShouldStartWith("https://seccdn.libravatar.org/");

    [Fact]
    [Trait("Requirement", "L-72")]
    public void The_fallback_for_https_is_the_documented_one() =>
        AvatarBase.LibravatarSecure.Text.ShouldBe("https://seccdn.libravatar.org");

    [Fact]
    [Trait("Requirement", "L-12")]
    [Trait("Requirement", "L-70")]
    [Trait("Requirement", "L-80")]
    public async Task Options_are_escaped_and_other_hashes_and_alphabets_work()
    {
        await using var resolver = new TestZone().With("_avatars-sec._tcp.xn--bcher-kva.example", DnsBytes.Srv(0, 0, 443, "a.example")).Serve();
        using var client = new AvatarClient(new AvatarClientOptions { Discovery = TestZone.Options(resolver) });

        (await client.UrlAsync(Address.Email("ANNE@B\u00DCCHER.example"), new AvatarUrlOptions { UseSha256 = true, Default = "a&b", Size = 40 }))
            .ShouldBe("https://a.example/avatar/ca3608dabf00327bb48d7d5bf7bbc16f7ef1a8a70dbece425adba24bffb1c5da?d=a%26b&s=40");
    }

    private static async Task<string> Server(string name, params byte[][] records)
    {
        var url = await Url("anne@club.example", zone => zone.With(name, records));
        return url[..url.IndexOf("/avatar/", StringComparison.Ordinal)];
    }

    private static async Task<string> Url(string email, Action<TestZone>? fill = null, SchemePolicy policy = SchemePolicy.PreferHttps)
    {
        var zone = new TestZone();
        fill?.Invoke(zone);
        await using var resolver = zone.Serve();
        using var client = new AvatarClient(new AvatarClientOptions { Discovery = TestZone.Options(resolver), Scheme = policy });
        return (await client.UrlAsync(Address.Email(email)))!;
    }
}
