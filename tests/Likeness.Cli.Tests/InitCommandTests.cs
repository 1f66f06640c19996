using Likeness.Cli.Tests.Serving;
using Likeness.Server.Options;

namespace Likeness.Cli.Tests;

[Trait("Requirement", "D-8")]
public sealed class InitCommandTests : IDisposable
{
    private const UnixFileMode OwnerMayReadAndWrite = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly TemporaryDirectory _home = new();

    private string Data => _home.File("data");

    private string Settings => Path.Combine(Data, "likeness.json");

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task A_script_gets_settings_data_and_an_account_and_reads_what_comes_next()
    {
        var password = _home.Write("password", "a long password\nand a note");

        var ran = await Init("--domain", "example.org", "--domain", "example.net", "--account", "Juliet@example.org", "--password-file", password, "--largest-file", "20");

        ran.Error.ShouldBeEmpty();
        ran.Code.ShouldBe(ExitCode.Done);
        var lines = ran.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines[..4].ShouldBe(
            [$"Settings  {Settings}", $"Data      {Data}", "Account   juliet@example.org can log in.", "Checked   the settings can be used; nothing was asked on the network"]);
        foreach (var domain in new[] { "example.org", "example.net" })
        {
            lines.ShouldContain($"  _avatars-sec._tcp.{domain}. 3600 IN SRV 0 5 443 avatars.{domain}.");
        }

        lines[^4..].ShouldBe(["Next:", $"  likeness serve --data {Data}", $"  likeness avatar set juliet@example.org portrait.jpg --data {Data}", "  likeness check example.org"]);
        File.GetUnixFileMode(Data).ShouldBe(OwnerMayReadAndWrite | UnixFileMode.UserExecute);
        File.GetUnixFileMode(Settings).ShouldBe(OwnerMayReadAndWrite);
        var check = await LikenessProgram.Run("config", "check", "--data", Data);
        check.Output.Split('\n').Select(line => line.Split("  ")[0]).Take(2).ShouldBe(["domain", "largest-file"]);
        (await LikenessProgram.Run("user", "list", "--data", Data)).Output.Trim().ShouldBe("juliet@example.org");
    }

    [Fact]
    [Trait("Requirement", "U-F")]
    public async Task Instead_of_a_password_an_invitation_is_printed()
    {
        var ran = await Init("--domain", "example.org", "--account", "juliet@example.org", "--invite", "--public-url", "https://faces.example.org");

        ran.Error.ShouldBeEmpty();
        ran.Code.ShouldBe(ExitCode.Done);
        ran.Output.ShouldContain("Invited   https://faces.example.org/invite/");
        ran.Output.ShouldContain("xmpp:juliet@example.org?register;preauth=");
        (await LikenessProgram.Run("user", "list", "--data", Data)).Output.ShouldBeEmpty();
        (await LikenessProgram.Run("invite", "list", "--data", Data)).Output.ShouldContain("juliet@example.org");
    }

    [Fact]
    public async Task A_server_starts_with_what_was_written()
    {
        await Init("--domain", "example.org", "--http", "127.0.0.1:0", "--xmpp", "off");
        var options = OptionReader.Read(new LikenessOptions { DataDirectory = Data }, OptionFile.Read(Settings));

        await using var server = await RunningServer.Start(Data, _ => options);

        server.Host.Addresses.Http.ShouldHaveSingleItem();
        options.Domains.ShouldBe(["example.org"]);
        options.Xmpp.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_records_are_those_that_the_command_for_them_prints()
    {
        var ran = await Init("--domain", "example.org", "--public-url", "https://faces.example.org:8443");

        var dns = (await LikenessProgram.Run("dns", "example.org", "--server", "faces.example.org", "--https-port", "8443", "--http-port", "0")).Output.Split('\n');
        ran.Output.ShouldContain("  " + dns[1]);
        ran.Output.ShouldNotContain("_avatars._tcp");
    }

    [Fact]
    public async Task A_person_at_a_terminal_is_asked()
    {
        var ran = await LikenessProgram.RunAtTerminal(["example.org", "juliet@example.org", "n"], ["a long password", "a long password"], "init", "--data", Data);

        ran.Code.ShouldBe(ExitCode.Done);
        ran.Output.ShouldStartWith("Domain of the addresses, such as example.org: First account, such as you@example.org (empty: none): Password:");
        ran.Output.ShouldContain("juliet@example.org can log in.");
    }

    [Fact]
    public async Task No_account_is_made_unasked()
    {
        var ran = await LikenessProgram.RunAtTerminal(["example.org", ""], [], "init", "--data", Data);

        ran.Code.ShouldBe(ExitCode.Done);
        ran.Output.ShouldContain($"  likeness user add you@example.org --data {Data}");
        (await LikenessProgram.Run("user", "list", "--data", Data)).Output.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(ExitCode.Usage, "say whose people this server shows")]
    [InlineData(ExitCode.Usage, "'everywhere' is not ADDRESS:PORT", "--domain", "example.org", "--http", "everywhere")]
    [InlineData(ExitCode.Usage, "there is no file", "--domain", "example.org", "--cert", "/no/such.pem", "--key", "/no/such.key")]
    [InlineData(ExitCode.Failed, "expected name@domain", "--domain", "example.org", "--account", "juliet", "--password", "a long password")]
    [InlineData(ExitCode.Failed, "served: example.org", "--domain", "example.org", "--account", "juliet@example.net", "--password", "a long password")]
    [InlineData(ExitCode.Failed, "This cannot be a password", "--domain", "example.org", "--account", "juliet@example.org", "--password", "")]
    [InlineData(ExitCode.Failed, "No password came", "--domain", "example.org", "--account", "juliet@example.org")]
    public async Task What_is_wrong_is_said_before_anything_is_made(int code, string reason, params string[] flags)
    {
        var ran = await Init(flags);

        ran.Code.ShouldBe(code);
        ran.Error.ShouldContain(reason);
        Directory.Exists(Data).ShouldBeFalse();
    }

    [Fact]
    public async Task Settings_that_are_there_are_replaced_only_with_force_and_are_kept()
    {
        Directory.CreateDirectory(Data);
        File.WriteAllText(Settings, """{ "domain": "example.net" }""");

        var refused = await Init("--domain", "example.org");
        refused.Code.ShouldBe(ExitCode.Failed);
        refused.ErrorLines.ShouldHaveSingleItem().ShouldContain("--force");
        File.ReadAllText(Settings).ShouldContain("example.net");

        (await Init("--domain", "example.org", "--force")).Code.ShouldBe(ExitCode.Done);
        OptionFile.Read(Settings).Values["domain"].ShouldBe(["example.org"]);
        File.ReadAllText(Settings + ".old").ShouldContain("example.net");
    }

    [Fact]
    public async Task The_file_that_a_package_brings_says_nothing_and_is_replaced_at_once()
    {
        Directory.CreateDirectory(Data);
        File.Copy(Path.Combine(Repository(), "packaging", "debian", "likeness.json"), Settings);

        (await Init("--domain", "example.org")).Code.ShouldBe(ExitCode.Done);

        File.Exists(Settings + ".old").ShouldBeFalse();
    }

    [Fact]
    public async Task While_a_server_runs_with_other_settings_no_account_can_be_made()
    {
        await using var server = await RunningServer.Start(Data);

        var refused = await Init("--domain", "example.net", "--account", "juliet@example.net", "--password", "a long password");
        refused.Code.ShouldBe(ExitCode.Failed);
        refused.ErrorLines.ShouldHaveSingleItem().ShouldContain("stop it first");
        File.Exists(Settings).ShouldBeFalse();

        (await Init("--domain", "example.net")).Output.ShouldContain("start the server again");
    }

    [Fact]
    public async Task What_a_server_would_warn_of_is_said_now()
    {
        var (certificate, key) = Server.Tls.SelfSignedCertificate.Ensure(_home.Path, ["example.net"], TimeProvider.System);

        var ran = await Init("--domain", "example.org", "--cert", certificate, "--key", key, "--metrics", "*:9464");

        ran.Code.ShouldBe(ExitCode.Done);
        ran.ErrorLines.Count().ShouldBe(2);
        ran.Error.ShouldContain("No certificate is for example.org");
        ran.Error.ShouldContain("firewall");
    }

    [Fact]
    public async Task What_the_world_sees_is_looked_at_only_when_it_is_asked_for()
    {
        (await Init("--domain", "club.test")).Output.ShouldNotContain("wrong");
        (await Init("--domain", "club.test", "--force", "--check")).Output.ShouldContain(" wrong");
    }

    private Task<Ran> Init(params string[] flags) => LikenessProgram.Run(["init", "--data", Data, .. flags]);

    private static string Repository([System.Runtime.CompilerServices.CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", ".."));
}
