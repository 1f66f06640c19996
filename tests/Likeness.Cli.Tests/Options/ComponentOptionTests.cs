using System.Collections.Immutable;
using System.Net;
using Likeness.Server.Options;

namespace Likeness.Cli.Tests.Options;

public sealed class ComponentOptionTests
{
    [Fact]
    [Trait("Requirement", "U-1F")]
    public void A_component_has_a_domain_and_a_secret_that_is_read_from_a_file_and_shown_nowhere()
    {
        using var directory = new TemporaryDirectory();
        var secret = directory.File("irc.secret");
        File.WriteAllText(secret, "between the two of us\nand a second line\n");

        var options = Read("component", $"IRC.Example.org={secret}");

        var component = options.Chat.Components.ShouldHaveSingleItem();
        (component.Domain, component.Secret).ShouldBe(("irc.example.org", "between the two of us"));
        $"{component} {options.Chat}".ShouldNotContain("between");
        options.Components.ShouldBe([new IPEndPoint(IPAddress.Loopback, 5347)]);
    }

    [Fact]
    [Trait("Requirement", "U-1F")]
    public void What_is_wrong_with_a_component_is_told()
    {
        using var directory = new TemporaryDirectory();
        var secret = directory.File("irc.secret");
        File.WriteAllText(secret, "between the two of us");
        var brief = directory.File("short.secret");
        File.WriteAllText(brief, "\nbetween the two of us");

        ProblemOf("irc.example.org").ShouldContain("NAME=FILE");
        ProblemOf("irc.example.org=/nowhere").ShouldContain("there is no file");
        ProblemOf($"irc.example.org={brief}").ShouldContain("at least 8 characters");
        ProblemOf($"localhost={secret}").ShouldContain("a domain of people");
        ProblemOf($"rooms.localhost={secret}").ShouldContain("a domain of rooms");
        ProblemOf($"irc.example.org={secret}", $"IRC.example.org={secret}").ShouldContain("named twice");
    }

    [Fact]
    [Trait("Requirement", "U-28")]
    public void Where_files_are_asked_for_has_the_name_that_the_operator_gives()
    {
        Read("upload-domain", "Files.example.org").Chat.UploadServices.ShouldBe(["files.example.org"]);
        Should.Throw<OptionsRefusedException>(() => Read("upload-domain", "localhost")).Problems.ShouldContain(problem => problem.Text.Contains("a domain of people"));
        Should.Throw<OptionsRefusedException>(() => Read("upload-domain", "rooms.localhost")).Problems.ShouldContain(problem => problem.Text.Contains("a domain of rooms"));
    }

    [Fact]
    [Trait("Requirement", "U-C")]
    public void Services_that_help_calls_are_told_as_they_are_written()
    {
        using var directory = new TemporaryDirectory();
        var secret = directory.File("turn.secret");
        File.WriteAllText(secret, "between relay and us\n");

        var chat = Read("external-service", "stun:stun.example.org:3478", "turn:[2001:db8::1]:3479?transport=tcp", "turns:turn.example.org:5349").Chat;

        chat.ExternalServices.Select(service => (service.Type, service.Host, service.Port, service.Transport)).ShouldBe(
        [
            ("stun", "stun.example.org", 3478, "udp"), ("turn", "2001:db8::1", 3479, "tcp"), ("turns", "turn.example.org", 5349, "tcp"),
        ]);
        Read("turn-secret", secret).Chat.TurnSecret.ShouldBe("between relay and us"u8.ToArray());
        $"{Read("turn-secret", secret).Chat}".ShouldNotContain("between");
        foreach (var none in (string[])["turn.example.org", "turn:turn.example.org", "http:x:80", "turn:x:0", "turn:x:1?transport=sctp", "turn::1"])
        {
            Should.Throw<OptionsRefusedException>(() => Read("external-service", none), none);
        }
    }

    [Fact]
    [Trait("Requirement", "U-1C")]
    public void Whom_to_write_to_has_a_purpose_and_a_URI()
    {
        Read("contact", "abuse=mailto:abuse@example.org").Chat.Contacts.ShouldHaveSingleItem().Address.ShouldBe("mailto:abuse@example.org");
        foreach (var none in (string[])["mailto:abuse@example.org", "abuse=", "abuse=nobody", "complaints=mailto:x@example.org"])
        {
            Should.Throw<OptionsRefusedException>(() => Read("contact", none), none);
        }
    }

    private static string ProblemOf(params string[] values) =>
        Should.Throw<OptionsRefusedException>(() => Read("component", values)).Problems.ShouldHaveSingleItem().Text;

    private static LikenessOptions Read(string key, params string[] values) => OptionReader.Read(
        new LikenessOptions { DataDirectory = "/data" },
        new OptionSource("flags", ImmutableDictionary<string, ImmutableArray<string>>.Empty.Add(key, [.. values])));
}
