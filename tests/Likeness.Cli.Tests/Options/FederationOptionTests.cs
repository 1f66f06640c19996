using System.Collections.Immutable;
using System.Net;
using Likeness.Server.Options;
using Likeness.Xmpp.Server;

namespace Likeness.Cli.Tests.Options;

public sealed class FederationOptionTests
{
    [Fact]
    [Trait("Requirement", "F-27")]
    public void Other_servers_are_talked_to_where_they_can_connect_unless_the_operator_says_no()
    {
        Of(Read()).IsOn.ShouldBeFalse();
        Of(Read(("s2s", ["127.0.0.1:0"]))).IsOn.ShouldBeTrue();
        Of(Read(("s2s-tls", ["127.0.0.1:0"]))).IsOn.ShouldBeTrue();
        Of(Read(("s2s", ["127.0.0.1:0"]), ("no-s2s", ["yes"]))).IsOn.ShouldBeFalse();
        Of(Read(("s2s", ["off"]))).IsOn.ShouldBeFalse();
    }

    [Fact]
    [Trait("Requirement", "F-3")]
    public void A_resolver_on_this_machine_is_a_laboratory_unless_the_operator_says_otherwise()
    {
        Of(Read()).AllowsPrivateAddresses.ShouldBeFalse();
        Of(Read(("dns", ["9.9.9.9"]))).AllowsPrivateAddresses.ShouldBeFalse();
        Of(Read(("dns", ["9.9.9.9"]))).Resolvers.ShouldBe(["9.9.9.9:53"]);
        Of(Read(("dns", ["[::1]:5353"]))).AllowsPrivateAddresses.ShouldBeTrue();
        Of(Read(("dns", ["127.0.0.1:5353"]), ("s2s-private", ["no"]))).AllowsPrivateAddresses.ShouldBeFalse();
        Of(Read(("s2s-private", ["yes"]))).AllowsPrivateAddresses.ShouldBeTrue();
    }

    [Fact]
    [Trait("Requirement", "F-27")]
    public void Domains_are_blocked_and_allowed_by_name_or_with_all_below_them()
    {
        var blocking = Of(Read(("s2s-block", ["Spam.example", "*.example.net"])));
        blocking.MayTalkTo("spam.example").ShouldBeFalse();
        blocking.MayTalkTo("rooms.spam.example").ShouldBeTrue();
        blocking.MayTalkTo("a.b.example.net").ShouldBeFalse();
        blocking.MayTalkTo("example.net").ShouldBeTrue();
        blocking.MayTalkTo("otherexample.net").ShouldBeTrue();

        var allowing = Of(Read(("s2s-allow", ["example.net", "*.example.net"]), ("s2s-block", ["bad.example.net"])));
        allowing.MayTalkTo("rooms.example.net").ShouldBeTrue();
        allowing.MayTalkTo("bad.example.net").ShouldBeFalse();
        allowing.MayTalkTo("example.org").ShouldBeFalse();
    }

    [Fact]
    [Trait("Requirement", "F-27")]
    public void A_file_of_blocked_domains_is_taken_up_when_it_changes_and_what_is_wrong_in_it_changes_nothing()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, "# people who write too much\nSpam.example  # since May\n\n*.spam.example\n");
        var options = Read(("s2s-block-file", [file]), ("s2s-block", ["example.net"]));
        options.S2sBlockFile.ShouldBe(file);
        var blocked = new BlockListFile(options.S2sBlockFile, options.Chat.Federation.BlockList);
        var federation = Of(options);
        (federation.MayTalkTo("spam.example"), federation.MayTalkTo("a.spam.example"), federation.MayTalkTo("example.net"), federation.MayTalkTo("example.org")).ShouldBe((false, false, false, true));
        blocked.ReloadWhenChanged().ShouldBeFalse();

        File.WriteAllText(file, "example.org\n");
        blocked.ReloadWhenChanged().ShouldBeTrue();
        (federation.MayTalkTo("spam.example"), federation.MayTalkTo("example.net"), federation.MayTalkTo("example.org")).ShouldBe((true, false, false));

        File.WriteAllText(file, "example.com\nno domain..\n");
        Should.Throw<FormatException>(() => blocked.ReloadWhenChanged()).Message.ShouldContain("line 2");
        blocked.ReloadWhenChanged().ShouldBeFalse("it is told once");
        ProblemOf(("s2s-block-file", [file])).ShouldContain("line 2");
        File.Delete(file);
        Should.Throw<FormatException>(() => blocked.ReloadWhenChanged()).Message.ShouldContain("cannot be read");
        (federation.MayTalkTo("example.com"), federation.MayTalkTo("example.org")).ShouldBe((true, false));
    }

    [Fact]
    [Trait("Requirement", "F-20")]
    [Trait("Requirement", "C-191")]
    public void Certificates_are_required_of_everybody_but_those_that_are_named()
    {
        Of(Read()).NeedsCertificate("example.net").ShouldBeFalse();
        var strict = Of(Read(("s2s-certificates", ["required"]), ("s2s-without-certificate", ["old.example.net"])));
        strict.NeedsCertificate("example.net").ShouldBeTrue();
        strict.NeedsCertificate("old.example.net").ShouldBeFalse();
    }

    [Fact]
    [Trait("Requirement", "F-37")]
    public void A_route_is_written_as_domain_host_and_port()
    {
        var routes = Of(Read(("s2s-route", ["Example.net=10.0.0.7:5269", "example.com=[2001:db8::1]:5300"]))).Routes;
        routes["example.net"].ShouldBe(new DnsEndPoint("10.0.0.7", 5269));
        routes["example.com"].ShouldBe(new DnsEndPoint("2001:db8::1", 5300));
        ProblemOf(("s2s-route", ["example.net"])).ShouldContain("DOMAIN=HOST:PORT");
        ProblemOf(("s2s-authorities", [typeof(FederationOptionTests).Assembly.Location])).ShouldContain("no certificate");
        ProblemOf(("s2s", ["127.0.0.1:0"]), ("xmpp", ["off"])).ShouldContain("nobody to talk to");
    }

    private static FederationOptions Of(LikenessOptions options) => FederationKeys.Of(options);

    private static LikenessOptions Read(params (string Key, ImmutableArray<string> Values)[] said) =>
        OptionReader.Read(new LikenessOptions { DataDirectory = "/nowhere" }, new OptionSource("the test", said.ToImmutableDictionary(one => one.Key, one => one.Values)));

    private static string ProblemOf(params (string Key, ImmutableArray<string> Values)[] said) =>
        Should.Throw<OptionsRefusedException>(() => Read(said)).Problems.ShouldHaveSingleItem().Text;
}
