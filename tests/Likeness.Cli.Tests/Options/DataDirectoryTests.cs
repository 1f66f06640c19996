using System.Diagnostics;
using Likeness.Cli.Commands;
using Likeness.Cli.Tests.Serving;
using Likeness.Server.Options;

namespace Likeness.Cli.Tests.Options;

public sealed class DataDirectoryTests : IDisposable
{
    private const string Elsewhere = "Host=db.example.org;Database=likeness;Username=me;Password=secret";
    private readonly TemporaryDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task A_command_that_is_not_told_of_the_directorys_database_writes_into_no_other()
    {
        DatabaseMark.Write(_data.Path, Elsewhere);

        var ran = await Run("user", "add", "juliet@example.org", "--password", "secret12345");

        ran.Code.ShouldBe(ExitCode.Usage);
        ran.ErrorLines.ShouldHaveSingleItem().ShouldContain("belongs to the PostgreSQL database db.example.org:5432/likeness");
        ran.Error.ShouldNotContain("secret");
        File.Exists(_data.File("likeness.db")).ShouldBeFalse();
    }

    [Fact]
    public async Task The_server_and_every_command_remember_the_database_they_open()
    {
        await using (await RunningServer.Start(_data.Path))
        {
        }

        var other = _data.Write("other.json", $$"""{ "database": "{{Elsewhere}}" }""");
        var ran = await Run("user", "add", "juliet@example.org", "--password", "secret12345", "--config", other);
        ran.Code.ShouldBe(ExitCode.Usage);
        ran.ErrorLines.ShouldHaveSingleItem().ShouldContain("belongs to the SQLite file in it");

        using var fresh = new TemporaryDirectory();
        await LikenessProgram.Run("avatar", "blocked", "--data", fresh.Path);
        Should.Throw<OptionsRefusedException>(() => DatabaseMark.Check(fresh.Path, Elsewhere));
    }

    [Fact]
    public void Another_user_or_password_is_no_other_database_and_another_host_is()
    {
        DatabaseMark.Write(_data.Path, Elsewhere);

        DatabaseMark.Check(_data.Path, "Server=db.example.org;Port=5432;Database=likeness;Username=you");
        Should.Throw<OptionsRefusedException>(() => DatabaseMark.Check(_data.Path, "Host=db2.example.org;Database=likeness"));
    }

    [Fact]
    public void A_directory_that_others_can_read_is_warned_of()
    {
        DataDirectory.Warning(_data.Path).ShouldBeNull();
        File.SetUnixFileMode(_data.Path, (UnixFileMode)0b111_101_101);

        DataDirectory.Warning(_data.Path).ShouldNotBeNull().ShouldContain("mode 755");
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task On_a_fresh_account_the_data_is_at_home_and_not_where_one_stands()
    {
        var command = RenderWorkerCommand.OwnCommand();
        var start = new ProcessStartInfo(command.FileName, [.. command.Arguments.SkipLast(1), "serve", "--help"])
        {
            WorkingDirectory = _data.Path,
            RedirectStandardOutput = true,
            UseShellExecute = false,
            Environment = { ["HOME"] = _data.File("home"), ["XDG_DATA_HOME"] = null, ["LIKENESS_DATA"] = null },
        };
        using var program = Process.Start(start)!;

        var help = await program.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);

        help.ReplaceLineEndings("").Replace(" ", "", StringComparison.Ordinal).ShouldContain(_data.File("home/.local/share/likeness"));
        help.ShouldNotContain("likeness-data");
    }

    private Task<Ran> Run(params string[] arguments) => LikenessProgram.Run([.. arguments, "--data", _data.Path]);
}
