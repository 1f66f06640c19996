using System.Net;
using Likeness.Interop.Tests.Hosting;
using Likeness.Libravatar;
using Likeness.Libravatar.Discovery;
using Likeness.Libravatar.Resolving;

namespace Likeness.Interop.Tests.Dns;

/// <summary>Discovery through DNS servers that other people wrote.</summary>
[Trait("Category", "Integration")]
public sealed class RealDnsTests(NameServers servers) : IClassFixture<NameServers>
{
    [Theory]
    [Trait("Requirement", "L-81")]
    [Trait("Requirement", "L-82")]
    [Trait("Requirement", "L-86")]
    [Trait("Requirement", "L-87")]
    [InlineData("a", "https://avatars.example")]
    [InlineData("b", "https://b1.example", "https://b2.example")]
    [InlineData("h", "https://avatars.example:8443")]
    [InlineData("j")]
    [InlineData("k", "https://good.example")]
    public async Task The_servers_come_in_their_order(string domain, params string[] bases) =>
        (await Find(domain)).Bases.Select(found => found.Text).ShouldBe(bases);

    [Theory]
    [Trait("Requirement", "L-82")]
    [InlineData("d", "https://d0.example", "https://d1.example", "https://d2.example")]
    [InlineData("e", "https://e0.example", "https://e1.example")]
    [InlineData("f", "https://f1.example", "https://f2.example", "https://f3.example")]
    public async Task Servers_of_one_priority_are_all_reached(string domain, params string[] bases) =>
        (await Find(domain)).Bases.Select(found => found.Text).ShouldBe(bases, ignoreOrder: true);

    [Fact]
    [Trait("Requirement", "L-81")]
    public async Task A_higher_priority_number_comes_last()
    {
        var bases = (await Find("c")).Bases;

        bases.Select(found => found.Text).Take(2).ShouldBe(["https://c1.example", "https://c2.example"], ignoreOrder: true);
        bases[2].Text.ShouldBe("https://c3.example");
    }

    [Fact]
    [Trait("Requirement", "L-84")]
    public async Task A_dot_says_that_there_is_no_service()
    {
        var found = await Find("g");

        found.Status.ShouldBe(DiscoveryStatus.Absent);
        found.Bases.ShouldBeEmpty();
    }

    [Theory]
    [Trait("Requirement", "L-73")]
    [InlineData("i", SchemePolicy.Http, "http://avatars.example")]
    [InlineData("l", SchemePolicy.HttpsOnly)]
    [InlineData("m", SchemePolicy.PreferHttps, "http://plain.example:8080")]
    public async Task The_plain_name_counts_only_where_http_may_be_used(string domain, SchemePolicy policy, params string[] bases) =>
        (await Find(domain, policy)).Bases.Select(found => found.Text).ShouldBe(bases);

    [Fact]
    [Trait("Requirement", "L-88")]
    public async Task Aliases_are_followed_for_services_and_hosts()
    {
        (await Find("alias")).Bases.ShouldHaveSingleItem().Text.ShouldBe("https://avatars.example:8443");

        var answer = await Ask($"www.{NameServers.Zone}", DnsType.Aaaa);
        answer.Aliases.ShouldBe([$"machine.{NameServers.Zone}"]);
        answer.Records.OfType<AddressRecord>().ShouldHaveSingleItem().Address.ShouldBe(IPAddress.Parse("2001:db8::7"));
    }

    [Fact]
    [Trait("Requirement", "L-88")]
    [Trait("Requirement", "L-8B")]
    public async Task More_than_fits_a_datagram_comes_by_TCP_and_is_looked_at_in_part()
    {
        (await Ask($"_avatars-sec._tcp.many.{NameServers.Zone}", DnsType.Srv)).Records.Count.ShouldBe(60);

        (await Find("many")).Bases.Length.ShouldBe(32);
    }

    [Fact]
    [Trait("Requirement", "L-89")]
    public async Task Answers_say_how_long_they_may_be_kept_negative_ones_too()
    {
        (await Ask($"_avatars-sec._tcp.a.{NameServers.Zone}", DnsType.Srv, servers.Authority)).TimeToLive.ShouldBe(TimeSpan.FromSeconds(600));

        var missing = await Ask($"_avatars-sec._tcp.nobody.{NameServers.Zone}", DnsType.Srv);
        missing.Status.ShouldBe(DnsStatus.NoSuchName);
        missing.TimeToLive!.Value.ShouldBeInRange(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(120));
        (await Ask($"machine.{NameServers.Zone}", DnsType.Srv)).Status.ShouldBe(DnsStatus.NoSuchRecord);
    }

    [Fact]
    [Trait("Requirement", "L-88")]
    public async Task A_zone_that_cannot_be_served_is_a_failure_and_no_answer()
    {
        (await Ask("_avatars-sec._tcp.broken.net", DnsType.Srv, servers.Authority)).Status.ShouldBe(DnsStatus.Failed);
        (await Ask("_avatars-sec._tcp.broken.net", DnsType.Srv)).Status.ShouldBe(DnsStatus.Failed);
    }

    [Fact]
    [Trait("Requirement", "L-88")]
    public async Task A_dead_resolver_in_front_is_passed_over()
    {
        using var resolver = new DnsResolver(new DnsResolverOptions { Servers = [servers.Dead.ToString(), servers.Resolver.ToString()] });

        (await resolver.AskAsync(new DnsQuestion($"_avatars-sec._tcp.a.{NameServers.Zone}", DnsType.Srv))).Status.ShouldBe(DnsStatus.Found);
    }

    [Fact]
    [Trait("Requirement", "L-8A")]
    public async Task A_resolver_may_be_reached_by_IPv6_only() =>
        (await Ask($"_avatars-sec._tcp.a.{NameServers.Zone}", DnsType.Srv, servers.ResolverV6)).Status.ShouldBe(DnsStatus.Found);

    [Fact]
    public async Task Names_in_mixed_case_come_back_as_they_were_spelled()
    {
        using var resolver = new DnsResolver(new DnsResolverOptions { Servers = [servers.Resolver.ToString()], MixCase = true });

        (await resolver.AskAsync(new DnsQuestion($"_avatars-sec._tcp.h.{NameServers.Zone}", DnsType.Srv))).Status.ShouldBe(DnsStatus.Found);
    }

    [Fact]
    [Trait("Requirement", "L-80")]
    public async Task The_program_asks_the_resolver_it_is_told_to()
    {
        var ran = await ExternalProgram.Run(ExternalProgram.StartInfo().FileName, "url", $"anne@h.{NameServers.Zone}", "--dns", servers.Resolver.ToString());

        ran.Output.ShouldStartWith("https://avatars.example:8443/avatar/", customMessage: ran.Shown);
    }

    private async Task<FoundServers> Find(string domain, SchemePolicy policy = SchemePolicy.HttpsOnly)
    {
        using var discovery = new ServerDiscovery(new DiscoveryOptions
        {
            Resolver = new DnsResolverOptions { Servers = [servers.Resolver.ToString()] },
            Timeout = TimeSpan.FromSeconds(10),
        });
        return await discovery.FindAsync($"{domain}.{NameServers.Zone}", policy);
    }

    private async Task<DnsAnswer> Ask(string name, DnsType type, IPEndPoint? server = null)
    {
        using var resolver = new DnsResolver(new DnsResolverOptions { Servers = [(server ?? servers.Resolver).ToString()] });
        return await resolver.AskAsync(new DnsQuestion(name, type));
    }
}
