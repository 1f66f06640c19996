using Likeness.Libravatar.Discovery;
using Likeness.Libravatar.Resolving;

namespace Likeness.Libravatar.Tests.Discovery;

/// <summary>The lettered cases are those of the protocol's published vectors.</summary>
public sealed class ServiceServersTests
{
    [Fact]
    [Trait("Requirement", "L-87")]
    public void A_The_schemes_own_port_is_not_written() => Read(true, Record("avatars.example", 443)).ShouldBe(["https://avatars.example"]);

    [Fact]
    [Trait("Requirement", "L-84")]
    public void G_A_target_that_is_the_root_is_no_server()
    {
        Read(true, Record(".", 0)).ShouldBeEmpty();
        Read(true, Record(".", 443)).ShouldBeEmpty();
        ServiceServers.IsAbsent([Record(".", 0)]).ShouldBeTrue();
        ServiceServers.IsAbsent([Record(".", 0), Record("a.example", 1)]).ShouldBeFalse();
    }

    [Fact]
    [Trait("Requirement", "L-85")]
    [Trait("Requirement", "L-87")]
    public void H_Another_port_is_written_and_the_last_dot_is_not() => Read(true, Record("avatars.example.", 8443)).ShouldBe(["https://avatars.example:8443"]);

    [Fact]
    [Trait("Requirement", "L-87")]
    public void I_The_scheme_follows_the_service_and_not_the_port()
    {
        Read(false, Record("avatars.example", 80)).ShouldBe(["http://avatars.example"]);
        Read(false, Record("avatars.example", 443)).ShouldBe(["http://avatars.example:443"]);
        Read(true, Record("avatars.example", 80)).ShouldBe(["https://avatars.example:80"]);
    }

    [Theory]
    [Trait("Requirement", "L-83")]
    [Trait("Requirement", "L-86")]
    [InlineData("a b.example", 443)]
    [InlineData("x/y.example", 443)]
    [InlineData("h.example\n", 443)]
    [InlineData("192.0.2.1", 443)]
    [InlineData("-a.example", 443)]
    [InlineData("good.example", 0)]
    [InlineData("good.example", 65_536)]
    public void J_K_An_unusable_record_is_passed_over_and_the_next_one_taken(string target, int port)
    {
        Read(true, Record(target, port)).ShouldBeEmpty();
        Read(true, Record(target, port), Record("other.example", 443)).ShouldBe(["https://other.example"]);
    }

    [Fact]
    [Trait("Requirement", "L-8B")]
    public void At_most_32_records_are_looked_at() =>
        Read(true, [.. Enumerable.Range(0, 200).Select(number => Record($"s{number}.example", 443))]).Count.ShouldBe(32);

    [Fact]
    [Trait("Requirement", "L-89")]
    public void The_same_records_give_the_same_order_again()
    {
        ServiceRecord[] records = [.. Enumerable.Range(0, 8).Select(number => Record($"s{number}.example", 443))];
        ServiceRecord[] again = [.. records.Reverse().Select(record => record with { TimeToLive = TimeSpan.FromHours(1) })];

        ServiceServers.SteadyChoice(again)(1_000_000).ShouldBe(ServiceServers.SteadyChoice(records)(1_000_000));
        ServiceServers.SteadyChoice(records[1..])(1_000_000).ShouldNotBe(ServiceServers.SteadyChoice(records)(1_000_000));
    }

    [Fact]
    [Trait("Requirement", "L-89")]
    public void The_order_of_the_answer_does_not_change_the_order_of_trial()
    {
        ServiceRecord[] records = [.. Enumerable.Range(0, 8).Select(number => Record($"s{number}.example", 443))];

        Steady([.. records.Reverse()]).ShouldBe(Steady(records));
    }

    private static List<string> Steady(ServiceRecord[] records) =>
        [.. ServiceServers.Read(records, true, ServiceServers.SteadyChoice(records)).Select(server => server.Text)];

    private static List<string> Read(bool isSecure, params DnsRecord[] records) =>
        [.. ServiceServers.Read(records, isSecure, _ => 0).Select(server => server.Text)];

    private static ServiceRecord Record(string target, int port) => new("s", TimeSpan.Zero, 0, 1, port, target);
}
