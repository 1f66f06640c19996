using System.Collections.Immutable;
using Likeness.Server.Administration;
using Likeness.Server.Options;

namespace Likeness.Cli.Tests.Options;

/// <summary>What is said and has no effect is told at start.</summary>
[Trait("Requirement", "P-76")]
public sealed class OptionNeedTests : IDisposable
{
    // What is said for there to be none of it, where that is not what holds by itself.
    private static readonly Dictionary<string, string> Without = new()
    {
        ["chats"] = "--xmpp off",
        ["chats here or beside"] = "--xmpp off",
        ["the web"] = "--http off",
        ["pages"] = "--pages off",
        ["TLS"] = "--xmpp off",
        ["a mail server"] = "--mail file:mails --public-url https://avatars.example.org",
        ["the name of a user at the mail server"] = "--mail smtp://mail.example.org --public-url https://avatars.example.org",
        ["rooms"] = "--rooms off",
        ["archive"] = "--archive no",
        ["s2s-certificates required"] = "--s2s *:5269",
    };

    // Settings that have an effect whatever else is said, or are refused where they have none.
    private static readonly string[] Alone =
    [
        "domain", "http", "https", "xmpp", "xmpps", "s2s", "s2s-tls", "no-s2s", "dns", "beside", "beside-name", "beside-secret-file", "beside-domain", "beside-api",
        "registration", "least-password", "visibility", "widest-visibility", "admin", "admin-invite", "invitations", "contact", "database", "render-workers", "libvips",
        "largest-file", "most-megapixels", "otlp", "metrics", "log-format", "log-level",
    ];

    private readonly TemporaryDirectory _data = new();

    public static TheoryData<string, string> Needs { get; } = new(OptionNeed.All.SelectMany(need => need.Settings.Distinct(), (need, setting) => (need.What, setting)));

    public void Dispose() => _data.Dispose();

    [Theory]
    [MemberData(nameof(Needs))]
    public void A_setting_without_what_it_needs_is_told_of_and_with_it_is_not(string what, string setting)
    {
        var need = OptionNeed.All.Single(need => need.What == what);
        var said = new OptionSource("likeness.json", ImmutableDictionary<string, ImmutableArray<string>>.Empty.Add(setting, [Wanted(OptionCatalogue.Find(setting)!.Example)]));

        OptionNeed.Warnings(Read(Without.GetValueOrDefault(what, "")) with { Said = [said] }).ShouldBe([$"{setting} (likeness.json): no effect without {need.What}; {need.Remedy} would give it one, else leave it out."]);
        OptionNeed.Warnings(Read(need.Remedy) with { Said = [said] }).Where(warning => warning.Contains($"without {what};", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void Of_every_setting_it_is_decided_whether_it_needs_another() =>
        OptionCatalogue.Keys.Select(key => key.Name).Except(OptionNeed.All.SelectMany(need => need.Settings)).Order(StringComparer.Ordinal).ShouldBe(Alone.Order(StringComparer.Ordinal));

    [Fact]
    public void What_lacks_the_same_is_told_in_one_line_and_what_is_off_not_at_all()
    {
        var said = new OptionSource("the command line", new Dictionary<string, ImmutableArray<string>>
        {
            ["xmpp"] = ["off"],
            ["most-rooms"] = ["10"],
            ["archive-days"] = ["10"],
            ["upload"] = ["off"],
            ["page-proofs"] = ["off"],
        }.ToImmutableDictionary());

        OptionCheck.Warnings(OptionReader.Read(new LikenessOptions { DataDirectory = _data.Path }, said), TimeProvider.System).ShouldHaveSingleItem()
            .ShouldBe("archive-days (the command line), most-rooms (the command line): no effect without chats; --xmpp 127.0.0.1:5222 would give it one, else leave them out.");
    }

    [Fact]
    public void What_one_domain_says_is_told_with_its_line()
    {
        var file = OptionFile.Read(_data.Write(OptionFile.Name, "{\n\"domain\": [\"example.org\"],\n\"policies\": { \"example.org\": {\n\"picture-links\": \"yes\" } } }"));

        OptionNeed.Warnings(OptionReader.Read(new LikenessOptions { DataDirectory = _data.Path }, file)).ShouldHaveSingleItem().ShouldContain("likeness.json, line 4");
    }

    private static string Wanted(string example) => example switch
    {
        "off" => "on",
        "no" => "yes",
        _ => example,
    };

    private LikenessOptions Read(string flags)
    {
        var words = flags.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var values = words.Chunk(2).ToImmutableDictionary(pair => pair[0][2..], pair => ImmutableArray.Create(WithFile(pair[1])));
        if (flags.Contains("smtp://likeness@", StringComparison.Ordinal))
        {
            values = values.Add("mail-password-file", [_data.Write("password", "opensesame")]);
        }

        return OptionReader.Read(new LikenessOptions { DataDirectory = _data.Path, Domains = ["example.net"] }, new OptionSource("flags", values));
    }

    private string WithFile(string value) => value.EndsWith(".secret", StringComparison.Ordinal)
        ? value[..(value.IndexOf('=', StringComparison.Ordinal) + 1)] + _data.Write("secret", "opensesame")
        : value;
}
