namespace Likeness.Cli.Tests;

/// <summary>Commands on a data directory that no server has open.</summary>
public sealed class OfflineCommandTests : IDisposable
{
    private readonly TemporaryDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task An_account_is_made_listed_and_removed()
    {
        (await Run("user", "add", "Juliet@Example.org", "--password", "secret")).Output.ShouldBe($"juliet@example.org can log in.{Environment.NewLine}");
        (await Run("user", "add", "romeo@example.org", "--password", "secret")).Code.ShouldBe(ExitCode.Done);

        (await Run("user", "list", "--domain", "example.org")).Output.Split('\n')[..2].ShouldBe(["juliet@example.org", "romeo@example.org"]);

        (await Run("user", "remove", "juliet@example.org")).Code.ShouldBe(ExitCode.Done);
        (await Run("user", "list", "--domain", "example.org")).Output.Trim().ShouldBe("romeo@example.org");
    }

    [Fact]
    public async Task A_password_is_read_from_standard_input()
    {
        var ran = await LikenessProgram.RunWithInput("secret\n", "user", "add", "juliet@example.org", "--data", _data.Path);

        ran.Code.ShouldBe(ExitCode.Done);
    }

    [Fact]
    public async Task A_password_is_read_from_a_file()
    {
        (await Run("user", "add", "juliet@example.org", "--password-file", _data.Write("password", "secret\r\n"))).Code.ShouldBe(ExitCode.Done);

        Refused(await Run("user", "passwd", "juliet@example.org", "--password-file", _data.File("none"))).ShouldContain("no file");
        (await Run("user", "passwd", "juliet@example.org", "--password", "secret", "--password-file", "file")).Code.ShouldBe(ExitCode.Usage);
    }

    [Theory]
    [InlineData("expected name@domain", "user", "add", "juliet")]
    [InlineData("expected name@domain", "user", "passwd", "juliet")]
    [InlineData("served: example.org", "user", "add", "juliet@example.net")]
    [InlineData("exists already", "user", "add", "romeo@example.org")]
    [InlineData("is an address of romeo@example.org", "user", "add", "r@example.org")]
    [InlineData("There is no account", "user", "passwd", "juliet@example.org")]
    public async Task What_is_wrong_without_the_password_is_said_before_it_is_asked_for(string reason, params string[] arguments)
    {
        _data.Write("likeness.json", """{ "domain": ["example.org"] }""");
        await Run("user", "add", "romeo@example.org", "--password", "secret");
        await Run("address", "add", "romeo@example.org", "r@example.org");

        Refused(await LikenessProgram.RunAtTerminal([], [], [.. arguments, "--data", _data.Path])).ShouldContain(reason);
    }

    [Fact]
    public async Task An_account_that_exists_is_refused_in_one_line()
    {
        await Run("user", "add", "juliet@example.org", "--password", "secret");

        Refused(await Run("user", "add", "juliet@example.org", "--password", "other")).ShouldContain("exists already");
    }

    [Theory]
    [InlineData("user", "add", "no-domain", "--password", "secret")]
    [InlineData("user", "add", "juliet@example.org/phone", "--password", "secret")]
    [InlineData("user", "add", "juliet@example.org", "--password", "")]
    [InlineData("user", "add", "juliet@example.org")]
    [InlineData("user", "passwd", "nobody@example.org", "--password", "secret")]
    [InlineData("user", "remove", "nobody@example.org")]
    [InlineData("user", "list")]
    [InlineData("avatar", "show", "nobody@example.org")]
    [InlineData("avatar", "clear", "nobody@example.org")]
    [InlineData("avatar", "set", "juliet@example.org", "/no/such/file.jpg")]
    public async Task What_cannot_be_done_is_refused_in_one_line(params string[] arguments) => Refused(await Run(arguments));

    [Fact]
    public async Task A_configured_domain_is_the_only_one_for_accounts()
    {
        _data.Write("likeness.json", """{ "domain": ["example.org"] }""");

        Refused(await Run("user", "add", "juliet@example.com", "--password", "secret")).ShouldContain("served: example.org");
    }

    [Fact]
    public async Task A_picture_is_set_for_an_address_without_account_read_back_and_taken_away()
    {
        var picture = _data.Write("face.png", TestPicture.Png());

        (await Run("avatar", "set", "you@example.net", picture)).Code.ShouldBe(ExitCode.Done);
        (await Run("avatar", "get", "You@example.net", "-o", _data.File("out"))).Output.ShouldContain("64 × 64 pixels");
        File.ReadAllBytes(_data.File("out")).Length.ShouldBeGreaterThan(100);
        var drawn = (await Run("avatar", "show", "you@example.net", "--columns", "8")).Output;
        drawn.Split('\n')[..4].ShouldAllBe(line => line.Length == 8);
        drawn.ShouldNotContain('\e');
        (await Run("avatar", "clear", "you@example.net")).Code.ShouldBe(ExitCode.Done);
        Refused(await Run("avatar", "get", "you@example.net", "-o", _data.File("out")));
    }

    [Fact]
    public async Task A_file_that_is_no_picture_is_refused_in_one_line()
    {
        var picture = _data.Write("face.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>");

        Refused(await Run("avatar", "set", "you@example.net", picture)).ShouldContain("JPEG, PNG, WebP, GIF and AVIF");
    }

    [Theory]
    [InlineData("out.jpg", new byte[] { 0xFF, 0xD8, 0xFF })]
    [InlineData("out.PNG", new byte[] { 0x89, 0x50, 0x4E, 0x47 })]
    [InlineData("out.webp", new byte[] { 0x52, 0x49, 0x46, 0x46 })]
    public async Task A_picture_is_written_in_the_form_that_the_files_name_says(string name, byte[] start)
    {
        await Run("avatar", "set", "you@example.net", _data.Write("face.png", TestPicture.Png()));

        (await Run("avatar", "get", "you@example.net", "-o", _data.File(name))).Output.ShouldContain("64 × 64 pixels");

        File.ReadAllBytes(_data.File(name))[..start.Length].ShouldBe(start);
    }

    [Fact]
    public async Task A_name_that_begins_with_an_at_sign_is_no_file_of_arguments()
    {
        var arguments = _data.Write("arguments", "juliet@example.org");

        Refused(await Run("avatar", "show", "@" + arguments)).ShouldContain("@" + arguments);
    }

    [Fact]
    public async Task A_backup_that_is_there_is_not_overwritten_unasked()
    {
        var file = _data.Write("backup.tar.gz", "an older one");

        Refused(await Run("backup", file)).ShouldContain("--force");
        File.ReadAllText(file).ShouldBe("an older one");
        (await Run("backup", file, "--force")).Code.ShouldBe(ExitCode.Done);
    }

    private static string Refused(Ran ran)
    {
        ran.Code.ShouldBe(ExitCode.Failed);
        ran.Output.ShouldBeEmpty();
        return ran.ErrorLines.ShouldHaveSingleItem();
    }

    private Task<Ran> Run(params string[] arguments) => LikenessProgram.Run([.. arguments, "--data", _data.Path]);
}
