using Likeness.Server;
namespace Likeness.Cli.Tests;

public sealed class ConfigCommandTests : IDisposable
{
    private readonly TemporaryDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    [Trait("Requirement", "P-76")]
    public async Task Where_nobody_said_anything_that_is_said()
    {
        (await LikenessProgram.Run("config", "show", "--data", _data.Path)).Output.Trim().ShouldBe("Nobody said anything: every setting has its default. --all shows them.");
        (await LikenessProgram.Run("config", "show", "--data", _data.Path, "--json")).Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task Settings_that_can_be_used_are_listed_with_their_places_and_nothing_is_made()
    {
        var file = _data.Write("likeness.json", "{\n  \"domain\": [\"example.org\"],\n  \"database\": \"Host=db;Password=secret\"\n}");

        var ran = await Check("--http", "127.0.0.1:0");

        ran.Code.ShouldBe(ExitCode.Done);
        ran.Output.Split('\n')[..3].ShouldBe([$"database  from {file}, line 3", $"domain  from {file}, line 2", "http  from the command line"]);
        ran.Output.ShouldNotContain("secret");
        (await Check("--json")).Output.Split('\n')[0].ShouldBe($$"""{"key":"database","from":"{{file}}, line 3"}""");
        Directory.GetFileSystemEntries(_data.Path).ShouldBe([file]);
    }

    [Theory]
    [InlineData("{ \"domain\": [\"example.org\"],\n\"policies\": { \"Example.org\": {\n\"md5\": \"perhaps\" } } }", "policies.example.org.md5: 'perhaps' is not one of no, yes", "line 3")]
    [InlineData("{ \"domain\": [\"example.org\"],\n\"policies\": { \"example.org\": { \"visiblity\": \"public\" } } }", "policies.example.org.visiblity: there is no such setting; did you mean visibility?", "line 2")]
    [InlineData("{ \"domain\": [\"example.org\"],\n\"policies\": { \"example.org\": { \"http\": \"off\" } } }", "policies.example.org.http: a domain cannot decide this for itself", "line 2")]
    [InlineData("{\n\n\"domian\": \"example.org\" }", "domian: there is no such setting; did you mean domain?", "line 3")]
    public async Task What_is_wrong_is_told_with_domain_line_and_what_was_meant(string file, string problem, string line)
    {
        _data.Write("likeness.json", file);

        var ran = await Check();

        ran.Code.ShouldBe(ExitCode.Usage);
        ran.ErrorLines.ShouldHaveSingleItem().ShouldStartWith(problem);
        ran.Error.ShouldContain($"likeness.json, {line})");
    }

    [Theory]
    [InlineData("serve", "--help")]
    [InlineData("init", "--help")]
    [InlineData("config", "check", "--help")]
    public async Task Help_shows_the_settings_by_what_they_are_for(params string[] command)
    {
        var lines = (await LikenessProgram.Run(command)).Output.Split('\n').ToList();

        foreach (var group in Server.Options.OptionCatalogue.Groups)
        {
            var at = lines.IndexOf(group.Title + ":");
            at.ShouldBePositive();
            lines.GetRange(at + 1, group.Keys.Length).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0]).ShouldBe(group.Keys.Select(key => key.Flag));
        }

        lines.Count(line => line.TrimStart().StartsWith("--http ", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task Every_setting_is_listed_for_people_and_for_programs()
    {
        var lines = (await LikenessProgram.Run("config", "list")).Output.Split('\n');
        lines[0].ShouldBe("Domains and listeners");
        lines[1].ShouldStartWith("  domain ");

        var rows = (await LikenessProgram.Run("config", "list", "--json")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        rows.Length.ShouldBe(Server.Options.OptionCatalogue.Keys.Length);
        rows[0].ShouldContain("\"variable\":\"LIKENESS_DOMAIN\"");
    }

    [Fact]
    public async Task A_password_that_was_typed_in_two_ways_is_refused()
    {
        (await PasswordOption.AskTwice(_ => Task.FromResult("secret"))).ShouldBe("secret");
        var typed = new Queue<string>(["secret", "secrte"]);
        await Should.ThrowAsync<OperationRefusedException>(() => PasswordOption.AskTwice(_ => Task.FromResult(typed.Dequeue())));
    }

    private Task<Ran> Check(params string[] flags) => LikenessProgram.Run(["config", "check", "--data", _data.Path, .. flags]);
}
