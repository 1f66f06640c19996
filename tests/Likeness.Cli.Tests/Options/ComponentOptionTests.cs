using System.Collections.Immutable;
using System.Net;
using Likeness.Server.Options;

namespace Likeness.Cli.Tests.Options;

[Trait("Requirement", "U-1F")]
public sealed class ComponentOptionTests
{
    [Fact]
    public void A_component_has_a_domain_and_a_secret_that_is_read_from_a_file_and_shown_nowhere()
    {
        using var directory = new TemporaryDirectory();
        var secret = directory.File("irc.secret");
        File.WriteAllText(secret, "between the two of us\nand a second line\n");

        var options = Read([$"IRC.Example.org={secret}"]);

        var component = options.Chat.Components.ShouldHaveSingleItem();
        (component.Domain, component.Secret).ShouldBe(("irc.example.org", "between the two of us"));
        $"{component} {options.Chat}".ShouldNotContain("between");
        options.Components.ShouldBe([new IPEndPoint(IPAddress.Loopback, 5347)]);
    }

    [Fact]
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

    private static string ProblemOf(params string[] values) =>
        Should.Throw<OptionsRefusedException>(() => Read(values)).Problems.ShouldHaveSingleItem().Text;

    private static LikenessOptions Read(string[] values) => OptionReader.Read(
        new LikenessOptions { DataDirectory = "/data" },
        new OptionSource("flags", ImmutableDictionary<string, ImmutableArray<string>>.Empty.Add("component", [.. values])));
}
