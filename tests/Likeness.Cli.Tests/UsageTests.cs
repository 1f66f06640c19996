namespace Likeness.Cli.Tests;

public sealed class UsageTests
{
    [Fact]
    public async Task Without_a_command_the_program_explains_itself()
    {
        var ran = await LikenessProgram.Run();

        ran.Code.ShouldBe(ExitCode.Done);
        ran.Output.ShouldContain("serve");
        ran.Output.ShouldContain("Examples:");
    }

    [Theory]
    [InlineData("bogus")]
    [InlineData("user")]
    [InlineData("user", "add")]
    [InlineData("avatar", "get", "juliet@example.org")]
    [InlineData("avatar", "show", "juliet@example.org", "--columns", "0")]
    [InlineData("serve", "--no-such-flag")]
    public async Task Wrong_usage_is_one_line_that_names_the_help(params string[] arguments)
    {
        var ran = await LikenessProgram.Run(arguments);

        ran.Code.ShouldBe(ExitCode.Usage);
        ran.Output.ShouldBeEmpty();
        ran.ErrorLines.ShouldHaveSingleItem().ShouldContain("--help");
    }

    [Theory]
    [InlineData("serve")]
    [InlineData("user", "add")]
    [InlineData("user", "passwd")]
    [InlineData("user", "list")]
    [InlineData("user", "remove")]
    [InlineData("avatar", "set")]
    [InlineData("avatar", "get")]
    [InlineData("avatar", "clear")]
    [InlineData("avatar", "show")]
    [InlineData("avatar", "lock")]
    [InlineData("avatar", "unlock")]
    [InlineData("avatar", "block")]
    [InlineData("avatar", "unblock")]
    [InlineData("avatar", "blocked")]
    [InlineData("address", "add")]
    [InlineData("address", "remove")]
    [InlineData("address", "list")]
    [InlineData("import")]
    [InlineData("backup")]
    [InlineData("restore")]
    [InlineData("export")]
    [InlineData("log")]
    [InlineData("status")]
    [InlineData("config", "check")]
    [InlineData("token", "add")]
    [InlineData("token", "list")]
    [InlineData("token", "remove")]
    [InlineData("faces")]
    [InlineData("url")]
    [InlineData("fetch")]
    [InlineData("dns")]
    [InlineData("check")]
    [InlineData("webhook", "add")]
    [InlineData("webhook", "list")]
    [InlineData("webhook", "test")]
    [InlineData("webhook", "remove")]
    public async Task Every_commands_help_ends_with_examples(params string[] command)
    {
        var ran = await LikenessProgram.Run([.. command, "--help"]);

        ran.Code.ShouldBe(ExitCode.Done);
        ran.Output.ShouldContain($"Examples:{Environment.NewLine}  likeness {string.Join(' ', command)}");
    }

    [Fact]
    public async Task A_wrong_configuration_is_told_whole()
    {
        using var data = new TemporaryDirectory();

        var ran = await LikenessProgram.Run("serve", "--data", data.Path, "--http", "nonsense", "--registration", "maybe", "--cert", "/no/such.pem");

        ran.Code.ShouldBe(ExitCode.Usage);
        ran.ErrorLines.Select(line => line.Split(":")[0]).ShouldBe(["http", "cert", "registration"]);
    }
}
