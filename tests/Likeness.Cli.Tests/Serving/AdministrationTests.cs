using System.Net;
using System.Text.Json;
using Likeness.Xmpp;

namespace Likeness.Cli.Tests.Serving;

/// <summary>What an operator decides about pictures shows on the web and in chats at once.</summary>
[Trait("Category", "Slow")]
public sealed class AdministrationTests : IAsyncLifetime
{
    private const string Juliet = "juliet@example.org";
    private const string Romeo = "romeo@example.org";
    private readonly TemporaryDirectory _data = new();
    private RunningServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await RunningServer.Start(_data.Path);
        await Done("user", "add", Juliet, "--password", "secret");
        await Done("user", "add", Romeo, "--password", "secret");
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public async Task A_locked_and_cleared_picture_is_gone_everywhere_and_cannot_be_set_by_chat()
    {
        await using var juliet = await ChatClient.LogIn(_server, Juliet);
        await juliet.SetPhoto(TestPicture.Png());
        (await Status(Juliet)).ShouldBe(HttpStatusCode.OK);

        await Done("avatar", "lock", Juliet, "--clear", "--reason", "no logos");

        (await Status(Juliet)).ShouldBe(HttpStatusCode.NotFound);
        (await juliet.Photo()).ShouldBeNull();
        var refused = await Should.ThrowAsync<StanzaErrorException>(() => juliet.SetPhoto(TestPicture.Png(80, 80)));
        (refused.Condition, refused.Message).ShouldBe((StanzaCondition.NotAllowed, "This picture is locked by the operator: no logos"));

        await Done("avatar", "unlock", Juliet);
        await juliet.SetPhoto(TestPicture.Png(80, 80));
        (await Status(Juliet)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_blocked_picture_is_taken_from_everybody_and_comes_back_on_no_way()
    {
        await using var juliet = await ChatClient.LogIn(_server, Juliet);
        await juliet.SetPhoto(TestPicture.Png());
        await Done("avatar", "set", Romeo, _data.Write("other.png", TestPicture.Png(32, 32)));
        var file = _data.Write("bad.png", TestPicture.Png());

        (await Done("avatar", "block", file, "--reason", "not a face")).ShouldContain("1 showed it");

        (await Status(Juliet)).ShouldBe(HttpStatusCode.NotFound);
        (await Status(Romeo)).ShouldBe(HttpStatusCode.OK);
        (await juliet.Photo()).ShouldBeNull();
        (await Should.ThrowAsync<StanzaErrorException>(() => juliet.SetPhoto(TestPicture.Png()))).Condition.ShouldBe(StanzaCondition.NotAcceptable);
        (await Run("avatar", "set", Romeo, file)).ErrorLines.ShouldHaveSingleItem().ShouldEndWith("blocked by the operator: not a face");
        (await Done("avatar", "blocked")).ShouldContain("itself  not a face");

        await Done("avatar", "unblock", file);
        await Done("avatar", "set", Juliet, file);
        (await Status(Juliet)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_picture_blocked_by_who_shows_it_is_blocked_in_all_its_forms()
    {
        await using var juliet = await ChatClient.LogIn(_server, Juliet);
        await Done("avatar", "set", Juliet, _data.Write("bad.png", TestPicture.Png()));
        var small = (await juliet.Photo()).ShouldNotBeNull();
        await Done("avatar", "set", Romeo, _data.File("bad.png"));

        (await Done("avatar", "block", Romeo)).ShouldContain("2 showed it");

        await Should.ThrowAsync<StanzaErrorException>(() => juliet.SetPhoto(small));
        (await Run("avatar", "set", Juliet, _data.File("bad.png"))).Code.ShouldBe(ExitCode.Failed);
        (await Status(Juliet)).ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("by person")]
    [InlineData("by file")]
    [InlineData("by hash")]
    public async Task Every_command_names_a_picture_by_the_id_that_chats_know(string way)
    {
        var file = _data.Write("face.png", TestPicture.Waves(700, 2));
        await using var juliet = await ChatClient.LogIn(_server, Juliet);
        var set = await Done("avatar", "set", Juliet, file);
        var id = PictureId.Of((await juliet.Photo())!).Hex;
        id.ShouldNotBe(PictureId.Of(await File.ReadAllBytesAsync(file)).Hex);

        set.ShouldContain(id);
        (await Done("avatar", "show", Juliet, "--columns", "4")).ShouldContain($"picture {id}");
        Row(await Done("avatar", "show", Juliet, "--json"))["id"].ShouldBe(id);
        Row(await Done("avatar", "list", "--json"))["id"].ShouldBe(id);
        (await Done("log", "--limit", "1")).ShouldContain(id);
        (await Done("avatar", "block", way switch { "by person" => Juliet, "by file" => file, _ => id })).ShouldStartWith($"{id} is blocked; 1 showed it");
        (await Done("avatar", "blocked")).ShouldStartWith(id);
        var blocked = Row(await Done("avatar", "blocked", "--json"));
        blocked["id"].ShouldBe(id);
        blocked["forms"].Split(',').ShouldContain(PictureId.Of(await File.ReadAllBytesAsync(file)).Hex);
        (await Done("avatar", "unblock", file)).ShouldStartWith(id);
        (await Done("avatar", "blocked")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_shows_a_picture_is_listed_by_domain_and_number()
    {
        await Done("avatar", "set", Romeo, _data.Write("one.png", TestPicture.Png()));
        await Done("avatar", "set", "anne@example.net", _data.File("one.png"), "--trust-addresses");
        await Done("avatar", "set", Juliet, _data.File("one.png"));
        await Done("avatar", "lock", Juliet);

        var all = (await Done("avatar", "list")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        all.Select(line => line.Split("  ")[0]).ShouldBe(["anne@example.net", Juliet, Romeo]);
        all[1].ShouldMatch($"^{Juliet}  [0-9a-f]{{40}}  image/png 64×64  public  20\\d\\d-\\d\\d-\\d\\d  locked$");
        (await Done("avatar", "list", "--domain", "example.org")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(2);
        Row(await Done("avatar", "list", "--domain", "Example.org", "--limit", "1", "--json"))["person"].ShouldBe(Juliet);
        (await Done("avatar", "list", "--domain", "example.com")).ShouldBeEmpty();
        (await Run("avatar", "list", "--domain", "nonsense domain")).Code.ShouldBe(ExitCode.Usage);
        (await Run("avatar", "list", "--limit", "0")).Code.ShouldBe(ExitCode.Usage);
    }

    [Fact]
    public async Task Near_copies_are_taken_away_and_refused_while_others_stay()
    {
        var (original, copy) = (_data.Write("bad.png", TestPicture.Waves(96, 2)), TestPicture.Waves(60, 2));
        await using var juliet = await ChatClient.LogIn(_server, Juliet);
        await juliet.SetPhoto(copy);
        await Done("avatar", "set", Romeo, _data.Write("good.png", TestPicture.Waves(96, 3)));

        var said = await Done("avatar", "block", original, "--near");

        said.ShouldContain("1 showed near copies");
        said.ShouldContain(Juliet);
        (await Status(Juliet)).ShouldBe(HttpStatusCode.NotFound);
        (await Status(Romeo)).ShouldBe(HttpStatusCode.OK);
        (await Should.ThrowAsync<StanzaErrorException>(() => juliet.SetPhoto(TestPicture.Waves(150, 2)))).Condition.ShouldBe(StanzaCondition.NotAcceptable);
        await juliet.SetPhoto(TestPicture.Waves(150, 5));
        (await Run("avatar", "block", _data.Write("plain.png", TestPicture.Plain(40)), "--near")).ErrorLines.ShouldHaveSingleItem().ShouldContain("too plain");
    }

    [Fact]
    public async Task The_log_says_who_did_what_to_whom_and_why()
    {
        await Done("avatar", "set", Juliet, _data.Write("face.png", TestPicture.Png()));
        await Done("avatar", "lock", Juliet, "--reason", "no logos");
        await Done("avatar", "clear", Juliet, "--reason", "asked to");
        await Done("user", "passwd", Romeo, "--password", "romeos-secret");

        var lines = (await Done("log", "--address", "Juliet@Example.org")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Select(line => line.Split("  ")[2]).ShouldBe(["avatar clear", "avatar lock", "avatar set", "user add"]);
        lines[1].ShouldEndWith($"Z  {Environment.UserName}  avatar lock  {Juliet}  \"no logos\"", Case.Sensitive);
        (await Done("log")).ShouldNotContain("secret");

        using var entry = JsonDocument.Parse(await Done("log", "--json", "--limit", "1"));
        entry.RootElement.GetProperty("action").GetString().ShouldBe("user passwd");
        (await Done("log", "--since", "2999-01-01")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("avatar", "unlock", Juliet)]
    [InlineData("avatar", "unblock", "58a8ca82092f68cfa7768eb2c097879aa6bdc556")]
    [InlineData("avatar", "block", "58a8ca82092f68cfa7768eb2c097879aa6bdc556", "--near")]
    [InlineData("avatar", "block", Juliet)]
    public async Task What_cannot_be_done_is_refused_in_one_line(params string[] arguments)
    {
        var ran = await Run(arguments);

        ran.Code.ShouldBe(ExitCode.Failed);
        ran.ErrorLines.ShouldHaveSingleItem();
    }

    private static Dictionary<string, string> Row(string json) => JsonSerializer.Deserialize<Dictionary<string, string>>(json)!;

    private Task<Ran> Run(params string[] arguments) => LikenessProgram.Run([.. arguments, "--data", _data.Path]);

    private async Task<string> Done(params string[] arguments)
    {
        var ran = await Run(arguments);
        ran.Code.ShouldBe(ExitCode.Done, ran.Error);
        return ran.Output;
    }

    private async Task<HttpStatusCode> Status(string address)
    {
        using var response = await _server.Web.GetAsync(_server.Avatar(address, "d=404"));
        return response.StatusCode;
    }
}
