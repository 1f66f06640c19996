using System.Net;
using Likeness.Storage;

namespace Likeness.Cli.Tests.Serving;

[Trait("Category", "Slow")]
public sealed class RunningServerTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _data = new();
    private RunningServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await RunningServer.Start(_data.Path);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _data.Dispose();
    }

    [Fact]
    public async Task Commands_work_while_the_server_has_the_data_open()
    {
        (await Run("user", "add", "juliet@example.org", "--password", "secret")).Code.ShouldBe(ExitCode.Done);
        (await Run("user", "list")).Output.Trim().ShouldBe("juliet@example.org");

        var refused = await Run("user", "add", "juliet@example.net", "--password", "secret");
        refused.Code.ShouldBe(ExitCode.Failed);
        refused.ErrorLines.ShouldHaveSingleItem().ShouldContain("served: example.org");
    }

    [Fact]
    public async Task A_picture_set_and_cleared_by_command_shows_on_the_web_at_once()
    {
        await Run("user", "add", "juliet@example.org", "--password", "secret");
        (await Status("d=404")).ShouldBe(HttpStatusCode.NotFound);

        (await Run("avatar", "set", "juliet@example.org", _data.Write("face.png", TestPicture.Png()))).Code.ShouldBe(ExitCode.Done);
        (await Status("d=404")).ShouldBe(HttpStatusCode.OK);

        (await Run("avatar", "clear", "juliet@example.org")).Code.ShouldBe(ExitCode.Done);
        (await Status("d=404")).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_removed_account_is_forgotten_on_the_web_at_once()
    {
        await Run("user", "add", "juliet@example.org", "--password", "secret");
        await Run("avatar", "set", "juliet@example.org", _data.Write("face.png", TestPicture.Png()));
        (await Status("d=404")).ShouldBe(HttpStatusCode.OK);

        await Run("user", "remove", "juliet@example.org");

        (await Status("d=404")).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public void The_control_socket_is_for_the_owner_only() =>
        File.GetUnixFileMode(_data.File("control.sock")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);

    [Fact]
    public async Task A_second_server_on_the_same_data_is_refused() =>
        await Should.ThrowAsync<DataDirectoryInUseException>(async () => await RunningServer.Start(_data.Path));

    [Fact]
    public async Task Without_the_socket_a_command_says_that_the_data_is_in_use()
    {
        File.Delete(_data.File("control.sock"));

        var ran = await Run("user", "list", "--domain", "example.org");

        ran.Code.ShouldBe(ExitCode.Failed);
        ran.ErrorLines.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_data_directory_with_a_long_name_has_its_socket_elsewhere()
    {
        var data = Directory.CreateDirectory(_data.File(new string('d', 120))).FullName;
        await using var server = await RunningServer.Start(data);

        (await LikenessProgram.Run("user", "add", "juliet@example.org", "--password", "secret", "--data", data)).Code.ShouldBe(ExitCode.Done);
        File.Exists(Path.Combine(data, "control.sock")).ShouldBeFalse();
    }

    private Task<Ran> Run(params string[] arguments) => LikenessProgram.Run([.. arguments, "--data", _data.Path]);

    private async Task<HttpStatusCode> Status(string query)
    {
        using var response = await _server.Web.GetAsync(_server.Avatar("juliet@example.org", query));
        return response.StatusCode;
    }
}
