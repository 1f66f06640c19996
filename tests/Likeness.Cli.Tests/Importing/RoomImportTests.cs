using Likeness.Cli.Importing;
using Likeness.Cli.Tests.Serving;
using Likeness.Xmpp.Server;

namespace Likeness.Cli.Tests.Importing;

/// <summary>Rooms come from Prosody with their names, settings and affiliations.</summary>
[Trait("Requirement", "U-29")]
public sealed class RoomImportTests : IDisposable
{
    private const string Garden = "garden@conference.example.org";
    private static readonly string Source = Path.Combine(AppContext.BaseDirectory, "Importing", "Exports", "prosody-rooms");
    private readonly TemporaryDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Rooms_are_what_they_were_and_are_made_once()
    {
        await using var server = await RunningServer.Start(_data.Path, options => options with { Chat = options.Chat with { Rooms = options.Chat.Rooms with { Services = ["conference.example.org"] } } });

        (await Run("import", Source, "--dry-run")).Output.ShouldContain("Would be: 1 rooms made, 0 unchanged, 0 refused.");
        var made = await Run("import", Source);
        made.Error.ShouldBeEmpty();
        made.Output.ShouldContain($"made       {Garden}  5 settings, 3 affiliations");

        var shown = (await Run("room", "show", Garden)).Output.Split('\n');
        foreach (var line in (string[])["roomname=The Garden", "membersonly=1", "whois=anyone", "publicroom=0", "persistentroom=1", "lang=en", "owner=juliet@example.org", "member=romeo@example.org", "outcast=tybalt@example.org"])
        {
            shown.ShouldContain(line);
        }

        (await Run("import", Path.Combine(Source, "conference%2eexample%2eorg"))).Output.Trim().ShouldBe("0 rooms made, 1 unchanged, 0 refused.");
    }

    [Fact]
    public async Task Where_the_service_has_another_name_it_is_said()
    {
        await using var server = await RunningServer.Start(_data.Path);

        var ran = await Run("import", Source);

        ran.Code.ShouldBe(ExitCode.Failed);
        ran.ErrorLines.ShouldHaveSingleItem().ShouldStartWith("garden.dat: 'garden@conference.example.org' is no address of a room here");
    }

    [Theory]
    [InlineData("return {};", 0)]
    [InlineData("return { \"a\"; 1; true; { [\"b\"] = \"\\\"\\\\\\n\\065\"; }; };", 4)]
    [InlineData("return { [\"a\"] = -1.5e3; [\"b\"] = {}; }", 2)]
    public void Tables_are_read(string text, int entries) => LuaTable.Parse(text).Count.ShouldBe(entries);

    [Theory]
    [InlineData("")]
    [InlineData("return")]
    [InlineData("return {")]
    [InlineData("return { os.execute(\"x\") }")]
    [InlineData("return { [\"a\"] = }")]
    [InlineData("return { \"a\\")]
    public void What_is_no_table_is_none_and_nothing_is_run(string text) => Should.Throw<FormatException>(() => LuaTable.Parse(text));

    [Fact]
    public void Tables_have_a_depth() => Should.Throw<FormatException>(() => LuaTable.Parse("return " + new string('{', 100_000)));

    private Task<Ran> Run(params string[] arguments) => LikenessProgram.Run([.. arguments, "--data", _data.Path]);
}
