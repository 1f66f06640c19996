using System.Collections;
using System.Collections.Immutable;
using System.Net;
using Likeness.Accounts;
using Likeness.Server.Options;

namespace Likeness.Cli.Tests.Options;

public sealed class OptionReaderTests
{
    private static readonly LikenessOptions Start = new() { DataDirectory = "/data" };

    [Fact]
    public void Without_any_setting_the_defaults_hold()
    {
        var options = OptionReader.Read(Start);

        options.Domains.ShouldBe(["localhost"]);
        options.Xmpp.ShouldBe([new IPEndPoint(IPAddress.Loopback, 5222)]);
        options.Chat.Registration.ShouldBe(Registration.Invitation);
        options.DomainPolicies().Default.DefaultVisibility.ShouldBe(Visibility.Public);
    }

    [Fact]
    public void Flags_win_over_the_environment_and_that_over_the_file()
    {
        var options = OptionReader.Read(
            Start,
            Said("flags", ("domain", ["flag.example"])),
            Said("environment", ("domain", ["environment.example"]), ("registration", ["open"])),
            Said("file", ("domain", ["file.example"]), ("registration", ["closed"]), ("cache-seconds", ["7"])));

        options.Domains.ShouldBe(["flag.example"]);
        options.Chat.Registration.ShouldBe(Registration.Open);
        options.Policy.CacheSeconds.ShouldBe(7);
    }

    [Fact]
    [Trait("Requirement", "L-8D")]
    public void The_gateway_is_off_until_it_is_switched_on_and_may_be_limited_to_domains()
    {
        OptionReader.Read(Start).Avatars.Gateway.IsOn.ShouldBeFalse();

        var gateway = OptionReader.Read(Start, Said("flags", ("gateway", ["on"]), ("gateway-domain", ["Bücher.example", "example.net"]))).Avatars.Gateway;
        gateway.IsOn.ShouldBeTrue();
        gateway.Domains.ShouldBe(["xn--bcher-kva.example", "example.net"]);
    }

    [Theory]
    [InlineData("postgres://me@db.example.org/likeness", "not by a URL")]
    [InlineData("Host=db.example.org;Colour=blue", "Colour")]
    [InlineData("likeness.db", "is not a connection string")]
    public void A_database_that_is_no_connection_string_is_refused_before_it_is_opened(string text, string problem) =>
        Should.Throw<OptionsRefusedException>(() => OptionReader.Read(Start, Said("flags", ("database", [text])))).Problems.Single().Text.ShouldContain(problem, Case.Insensitive);

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once_with_key_place_and_example()
    {
        var refused = Should.Throw<OptionsRefusedException>(() => OptionReader.Read(
            Start,
            Said("flags", ("http", ["nowhere"]), ("domain", ["a b"])),
            Said("file", ("cache-seconds", ["-1"]), ("colour", ["blue"]), ("visibility", ["friends"]))));

        refused.Problems.Select(problem => (problem.Key, problem.Source)).ShouldBe(
            [("domain", "flags"), ("http", "flags"), ("visibility", "file"), ("cache-seconds", "file"), ("colour", "file")],
            ignoreOrder: true);
        refused.Problems.ShouldAllBe(problem => problem.Example.Length > 0 && refused.Message.Contains(problem.Text));
    }

    [Fact]
    [Trait("Requirement", "C-220")]
    [Trait("Requirement", "L-105")]
    public void Limits_of_pictures_and_chats_can_be_set()
    {
        var options = OptionReader.Read(
            Start,
            Said("flags", ("most-resources", ["3"]), ("largest-stanza", ["20000"]), ("largest-file", ["2"]), ("most-megapixels", ["8"])));

        options.Chat.MaxResources.ShouldBe(3);
        options.Chat.Limits.StanzaBytes.ShouldBe(20_000);
        options.Pictures.LargestFile.ShouldBe(2 * 1024 * 1024);
        (options.Pictures.MaxPixels, options.Pictures.MaxPixelsHeldWhole).ShouldBe((8_000_000, 4_000_000));
    }

    [Theory]
    [InlineData("*:5222", "[::]:5222")]
    [InlineData(":80", "[::]:80")]
    [InlineData("localhost:0", "127.0.0.1:0")]
    [InlineData("[::1]:8080", "[::1]:8080")]
    [InlineData("192.0.2.1:443", "192.0.2.1:443")]
    public void A_listener_is_an_address_and_a_port(string text, string expected) =>
        OptionReader.Read(Start, Said("flags", ("http", [text]))).Http.ShouldHaveSingleItem().ToString().ShouldBe(expected);

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.0.0.1:-1")]
    [InlineData("example.org:80")]
    public void Anything_else_is_no_listener(string text) =>
        Should.Throw<OptionsRefusedException>(() => OptionReader.Read(Start, Said("flags", ("http", [text]))));

    [Theory]
    [InlineData("dev-plaintext", "yes", "xmpp", "*:5222")]
    [InlineData("http", "off", "xmpp", "off")]
    public void Settings_that_do_not_go_together_are_refused(string first, string value, string second, string other) =>
        Should.Throw<OptionsRefusedException>(() => OptionReader.Read(Start, Said("flags", (first, [value]), (second, [other]))));

    [Fact]
    public void A_domain_decides_for_itself_on_top_of_what_holds_for_all()
    {
        using var directory = new TemporaryDirectory();
        var file = OptionFile.Read(directory.Write(OptionFile.Name, """
            {
              "domain": ["example.org", "example.net"],
              "cache-seconds": 60, // comments are allowed
              "policies": { "example.net": { "visibility": "contacts" } },
            }
            """));

        var policies = OptionReader.Read(Start, file).DomainPolicies();

        policies.For("example.org").DefaultVisibility.ShouldBe(Visibility.Public);
        policies.For("example.net").DefaultVisibility.ShouldBe(Visibility.Contacts);
        policies.For("example.net").CacheSeconds.ShouldBe(60);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{ "domain": { } }""")]
    [InlineData("""{ "policies": { "a b": { } } }""")]
    public void A_file_that_cannot_be_read_is_a_problem_with_its_name(string text)
    {
        using var directory = new TemporaryDirectory();
        var path = directory.Write(OptionFile.Name, text);

        Should.Throw<OptionsRefusedException>(() => OptionFile.Read(path)).Problems.ShouldHaveSingleItem().Source.ShouldBe(path);
    }

    [Fact]
    public void Variables_are_named_after_the_keys_and_split_at_commas()
    {
        var source = OptionSource.FromEnvironment(new Hashtable
        {
            ["LIKENESS_DOMAIN"] = "example.org, example.net",
            ["LIKENESS_DEV_PLAINTEXT"] = "true",
            ["LIKENESS_DATA"] = "/elsewhere",
            ["PATH"] = "/bin",
        });

        source.Values["domain"].ShouldBe(["example.org", "example.net"]);
        source.Values["dev-plaintext"].ShouldBe(["true"]);
        source.Values.Count.ShouldBe(2);
    }

    [Fact]
    [Trait("Requirement", "D-34")]
    public void A_variable_may_name_a_file_with_the_value_as_secrets_of_containers_do()
    {
        using var directory = new TemporaryDirectory();
        var secret = directory.Write("database", "Host=db;Password=a=b\n");

        var source = OptionSource.FromEnvironment(new Hashtable { ["LIKENESS_DATABASE_FILE"] = secret, ["LIKENESS_LARGEST_FILE"] = "20" });

        source.Values["database"].ShouldBe(["Host=db;Password=a=b"]);
        source.Values["largest-file"].ShouldBe(["20"]);
        source.Values.Count.ShouldBe(2);
    }

    [Fact]
    [Trait("Requirement", "D-34")]
    public void A_value_in_a_file_that_is_not_there_or_said_twice_is_refused()
    {
        using var directory = new TemporaryDirectory();
        var secret = directory.Write("database", "Host=db");

        ProblemOf(new Hashtable { ["LIKENESS_DATABASE_FILE"] = secret + ".not" }).Text.ShouldStartWith("there is no file");
        ProblemOf(new Hashtable { ["LIKENESS_DATABASE_FILE"] = directory.Path }).Text.ShouldContain("is a folder");
        ProblemOf(new Hashtable { ["LIKENESS_DATABASE_FILE"] = "/dev/zero" }).Text.ShouldContain("64 KiB");
        ProblemOf(new Hashtable { ["LIKENESS_DATABASE_FILE"] = secret, ["LIKENESS_DATABASE"] = "Host=other" }).Text.ShouldStartWith("LIKENESS_DATABASE says it too");

        static OptionProblem ProblemOf(Hashtable variables)
        {
            var problem = Should.Throw<OptionsRefusedException>(() => OptionSource.FromEnvironment(variables)).Problems.ShouldHaveSingleItem();
            (problem.Key, problem.Source).ShouldBe(("database", "LIKENESS_DATABASE_FILE"));
            return problem;
        }
    }

    [Fact]
    public void A_variable_that_means_nothing_is_told() =>
        Should.Throw<OptionsRefusedException>(() => OptionReader.Read(Start, OptionSource.FromEnvironment(new Hashtable { ["LIKENESS_DOMIAN"] = "example.org" })))
            .Problems.ShouldHaveSingleItem().Key.ShouldBe("LIKENESS_DOMIAN");

    [Fact]
    public void Every_example_of_the_catalogue_is_accepted()
    {
        foreach (var key in OptionCatalogue.Keys)
        {
            void Apply() => key.Apply(Start, [key.Example]);
            if (key.NamesFile)
            {
                // All that is wrong with it is that this machine has no such file.
                Should.Throw<FormatException>(Apply, key.Name).Message.ShouldContain("there is no file '/etc/likeness/", Case.Sensitive, key.Name);
            }
            else
            {
                Should.NotThrow(Apply, key.Name);
            }
        }
    }

    private static OptionSource Said(string name, params (string Key, ImmutableArray<string> Values)[] values) =>
        new(name, values.ToImmutableDictionary(value => value.Key, value => value.Values));
}
