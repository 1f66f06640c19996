using Likeness.Libravatar.Tests.Discovery;
using Likeness.Libravatar.Tests.Resolving;

namespace Likeness.Libravatar.Tests;

public sealed class AvatarClientTests
{
    private const string Secure = "_avatars-sec._tcp.club.example";

    private static readonly Address Anne = Address.Email("anne@club.example");

    [Fact]
    [Trait("Requirement", "L-72")]
    [Trait("Requirement", "L-89")]
    public async Task An_URL_is_given_at_once_and_the_right_one_the_next_time()
    {
        await using var resolver = new TestZone().With(Secure, DnsBytes.Srv(10, 100, 443, "avatars.example")).Serve();
        using var client = Create(resolver);

        client.Url(Anne).ShouldBe("https://seccdn.libravatar.org/avatar/" + Anne.Md5);
        (await client.UrlAsync(Anne)).ShouldBe("https://avatars.example/avatar/" + Anne.Md5);
        client.Url(Anne, new AvatarUrlOptions { Size = 40 }).ShouldBe("https://avatars.example/avatar/" + Anne.Md5 + "?s=40");
    }

    [Fact]
    [Trait("Requirement", "L-88")]
    public async Task An_URL_is_given_at_once_even_if_no_resolver_answers()
    {
        await using var resolver = StandInResolver.Silent();
        using var client = Create(resolver);

        for (var person = 0; person < 1_000; person++)
        {
            client.Url(Address.Email($"anne@club{person}.example")).ShouldStartWith("https://seccdn.libravatar.org/avatar/");
        }
    }

    [Fact]
    [Trait("Requirement", "L-72")]
    public async Task Without_a_fallback_other_domains_have_no_avatars()
    {
        await using var resolver = new TestZone().With(Secure, DnsBytes.Srv(10, 100, 443, "avatars.example")).Serve();
        using var client = Create(resolver, options => options with { Fallback = FallbackPolicy.None });

        (await client.UrlAsync(Address.Email("anne@other.example"))).ShouldBeNull();
        (await client.UrlAsync(Anne)).ShouldNotBeNull();
    }

    [Fact]
    [Trait("Requirement", "L-84")]
    public async Task An_absent_service_leads_to_the_fallback_or_to_nothing()
    {
        await using var resolver = new TestZone().With(Secure, DnsBytes.Srv(0, 0, 0, "")).Serve();
        using var standard = Create(resolver);
        using var honouring = Create(resolver, options => options with { HonourAbsence = true });

        (await standard.UrlAsync(Anne)).ShouldStartWith("https://seccdn.libravatar.org/avatar/");
        (await honouring.UrlAsync(Anne)).ShouldBeNull();
        (await honouring.UrlAsync(Address.Email("anne@other.example"))).ShouldNotBeNull();
    }

    [Fact]
    [Trait("Requirement", "L-10")]
    public async Task An_OpenID_is_found_by_its_host()
    {
        await using var resolver = new TestZone().With(Secure, DnsBytes.Srv(10, 100, 443, "avatars.example")).Serve();
        using var client = Create(resolver);
        var person = Address.OpenIdentifier("http://user@CLUB.example:8080/anne");

        (await client.UrlAsync(person)).ShouldBe("https://avatars.example/avatar/" + person.Sha256);
    }

    [Fact]
    public async Task A_page_of_many_domains_waits_once()
    {
        await using var resolver = new TestZone().With(Secure, DnsBytes.Srv(10, 100, 443, "avatars.example")).Serve();
        using var client = Create(resolver);
        Address[] people = [Anne, Address.Email("bob@club.example"), Address.Email("eve@other.example")];

        await client.ResolveAsync(people);

        people.Select(person => client.Url(person)!.Split('/')[2]).ShouldBe(["avatars.example", "avatars.example", "seccdn.libravatar.org"]);
        resolver.Asked.Count.ShouldBe(2);
    }

    private static AvatarClient Create(StandInResolver resolver, Func<AvatarClientOptions, AvatarClientOptions>? change = null)
    {
        var options = new AvatarClientOptions { Discovery = TestZone.Options(resolver) };
        return new AvatarClient(change is null ? options : change(options));
    }
}
