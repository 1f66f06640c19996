using System.Net;
using Likeness.Libravatar.Resolving;

namespace Likeness.Libravatar.Tests.Resolving;

public sealed class SystemResolversTests
{
    [Fact]
    public void Servers_and_options_are_read_and_search_lists_are_not()
    {
        var options = Parse(
            "# nameserver 198.51.100.9",
            "; nameserver 198.51.100.9",
            "search example.org corp.example",
            "nameserver 192.0.2.1",
            "nameserver\t2001:db8::53  # second",
            "nameserver fe80::1%1",
            "nameserver 192.0.2.4",
            "options rotate timeout:1 attempts:3 edns0 ndots:5");

        options.Servers.ShouldBe(["192.0.2.1:53", "[2001:db8::53]:53", "[fe80::1%1]:53"]);
        options.Rotate.ShouldBeTrue();
        options.Attempts.ShouldBe(3);
        options.Deadline.ShouldBe(TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData("options attempts:0 timeout:x")]
    [InlineData("options attempts: timeout:-1")]
    [InlineData("nameserver resolver.example")]
    [InlineData("nameserver")]
    [InlineData("")]
    public void What_is_unusable_leaves_the_defaults(string line)
    {
        var options = Parse(line);

        options.Servers.ShouldBe(["127.0.0.1:53"]);
        (options.Attempts, options.Deadline, options.Rotate).ShouldBe((2, TimeSpan.FromSeconds(3), false));
    }

    [Fact]
    public void The_machine_itself_has_resolvers() => DnsResolverOptions.OfSystem().Servers.ShouldNotBeEmpty();

    private static DnsResolverOptions Parse(params string[] lines) => SystemResolvers.Parse(lines, new DnsResolverOptions());
}
