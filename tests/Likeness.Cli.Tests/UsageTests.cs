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

    [Fact]
    [Trait("Requirement", "D-1")]
    [Trait("Requirement", "D-46")]
    public async Task The_version_names_everything_that_a_report_of_a_fault_needs()
    {
        var lines = (await LikenessProgram.Run("--version")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        lines.Select(line => line.Split(' ')[0]).ShouldBe(["likeness", "commit", "runtime", "libvips", "SQLite"]);
        lines[0].ShouldMatch(@"^likeness  \d+\.\d+\.\d+\S*$");
        lines[1].ShouldMatch("^commit    ([0-9a-f]{7,40}|not known)$");
        lines[2].ShouldContain(Environment.Version.ToString(3));
        lines[3].ShouldMatch(@"^libvips   8\.\d+\.\d+$");
        lines[4].ShouldMatch(@"^SQLite    3\.\d+\.\d+$");

        var program = typeof(CommandLine).Assembly.Location;
        var hash = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(await File.ReadAllBytesAsync(program)));
        (await LikenessProgram.Run("--version", "--verbose")).Output.ShouldEndWith($"{Path.GetFileName(program)}  sha256 {hash}{Environment.NewLine}");
    }

    [Theory]
    [InlineData("bogus")]
    [InlineData("user")]
    [InlineData("user", "add")]
    [InlineData("avatar", "get", "juliet@example.org")]
    [InlineData("avatar", "show", "juliet@example.org", "--columns", "0")]
    [InlineData("serve", "--no-such-flag")]
    [InlineData("completion", "csh")]
    [InlineData("xmpp", "show", "bob@example.net")]
    [InlineData("xmpp", "clear", "--jid", "example.org")]
    [InlineData("xmpp", "visibility", "friends", "--jid", "anne@example.org")]
    [InlineData("xmpp", "clear", "--jid", "anne@example.org", "--connect", "example.org:none")]
    public async Task Wrong_usage_is_one_line_that_names_the_help(params string[] arguments)
    {
        var ran = await LikenessProgram.Run(arguments);

        ran.Code.ShouldBe(ExitCode.Usage);
        ran.Output.ShouldBeEmpty();
        ran.ErrorLines.ShouldHaveSingleItem().ShouldContain("--help");
    }

    [Theory]
    [InlineData("likeness has no command 'bogus'; it has ", "bogus")]
    [InlineData("likeness has no option '--bogus'.", "--bogus")]
    [InlineData("likeness user needs a command: add, ", "user")]
    [InlineData("likeness user has no command 'show'; it has add, ", "user", "show", "juliet@example.org")]
    [InlineData("likeness user add needs <JID>.", "user", "add")]
    [InlineData("likeness avatar set needs <FILE>.", "avatar", "set", "juliet@example.org")]
    [InlineData("likeness serve has no option '--no-such-flag'.", "serve", "--no-such-flag")]
    [InlineData("'more' is one argument too many for likeness user list.", "user", "list", "more")]
    [InlineData("Must be one of: 'public' 'contacts' 'nobody'.", "xmpp", "visibility", "friends", "--jid", "anne@example.org")]
    public async Task Wrong_usage_says_what_is_wrong(string expected, params string[] arguments) =>
        (await LikenessProgram.Run(arguments)).ErrorLines.ShouldHaveSingleItem().ShouldContain(expected);

    [Theory]
    [InlineData("init")]
    [InlineData("serve")]
    [InlineData("user", "add")]
    [InlineData("user", "passwd")]
    [InlineData("user", "list")]
    [InlineData("user", "remove")]
    [InlineData("avatar", "set")]
    [InlineData("avatar", "get")]
    [InlineData("avatar", "clear")]
    [InlineData("avatar", "show")]
    [InlineData("avatar", "list")]
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
    [InlineData("config", "list")]
    [InlineData("config", "check")]
    [InlineData("user", "second-factor")]
    [InlineData("admin", "add")]
    [InlineData("admin", "remove")]
    [InlineData("admin", "list")]
    [InlineData("token", "add")]
    [InlineData("token", "list")]
    [InlineData("token", "remove")]
    [InlineData("faces")]
    [InlineData("url")]
    [InlineData("fetch")]
    [InlineData("dns")]
    [InlineData("check")]
    [InlineData("room", "list")]
    [InlineData("room", "show")]
    [InlineData("room", "create")]
    [InlineData("room", "set")]
    [InlineData("room", "destroy")]
    [InlineData("room", "affiliation")]
    [InlineData("xmpp", "set")]
    [InlineData("xmpp", "clear")]
    [InlineData("xmpp", "show")]
    [InlineData("xmpp", "follow")]
    [InlineData("xmpp", "visibility")]
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
    public void Every_command_that_lists_speaks_JSON()
    {
        var root = new LikenessCommand(new Terminal(TextReader.Null, TextWriter.Null, TextWriter.Null, Interactive: false));

        var lists = Likeness.Cli.Manuals.DescribedCommand.All(root).Where(command => command.Path.EndsWith(" list", StringComparison.Ordinal)).ToList();

        lists.Count.ShouldBeGreaterThan(5);
        lists.Where(command => command.Options.All(option => option.Name != "--json")).Select(command => command.Path).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("FILE", ExitCode.Usage, "is a file; a folder is wanted", "user", "add", "juliet@example.org", "--password", "secret12345", "--data")]
    [InlineData("FILE", ExitCode.Usage, "is a file; a folder is wanted", "serve", "--http", "127.0.0.1:0", "--xmpp", "off", "--data")]
    [InlineData("/proc/none", ExitCode.Usage, "cannot be made", "serve", "--http", "127.0.0.1:0", "--xmpp", "off", "--data")]
    [InlineData("/proc", ExitCode.Usage, "is a folder; a file is wanted", "config", "check", "--config")]
    [InlineData("/proc", ExitCode.Failed, "is a folder; a file is wanted", "restore", "--data", "/proc/none")]
    [InlineData("/no/such/folder/file.tar.gz", ExitCode.Failed, "There is no folder /no/such/folder", "backup", "--data", "/proc/none")]
    public async Task What_is_no_file_or_no_folder_is_one_line_that_says_so(string path, int code, string reason, params string[] command)
    {
        using var data = new TemporaryDirectory();

        var ran = await LikenessProgram.Run([.. command, path == "FILE" ? data.Write("file", "text") : path]);

        ran.Code.ShouldBe(code);
        ran.ErrorLines.ShouldHaveSingleItem().ShouldContain(reason);
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
