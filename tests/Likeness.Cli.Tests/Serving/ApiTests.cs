using System.Net;
using System.Net.Http.Headers;
using Likeness.Cli.Demo;

namespace Likeness.Cli.Tests.Serving;

public sealed class ApiTests
{
    [Fact]
    public async Task A_picture_put_by_a_program_shows_on_the_web_and_in_chat()
    {
        using var data = new TemporaryDirectory();
        await using var server = await RunningServer.Start(data.Path, options => options with { Domains = [DemoStage.Domain] });
        var juliet = $"juliet@{DemoStage.Domain}";
        await Run(data, "user", "add", juliet, "--password", DemoPerson.Password);
        await using var chat = await DemoPerson.Arrive("juliet", server.Host.Addresses.Xmpp[0], CancellationToken.None);
        server.Web.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await Run(data, "token", "add", "intranet", "--domain", DemoStage.Domain)).Output.Trim());
        var path = new Uri($"http://{server.Host.Addresses.Http[0]}/api/v1/portraits/{juliet}");
        using var picture = new ByteArrayContent(TestPicture.Png());
        picture.Headers.ContentType = new MediaTypeHeaderValue("image/png");

        (await server.Web.PutAsync(path, picture)).StatusCode.ShouldBe(HttpStatusCode.Created);

        var told = await chat.NextNotification(chat, CancellationToken.None);
        var described = await server.Web.GetStringAsync(path);
        described.ShouldContain(told.ShouldHaveSingleItem().Id);
        (await server.Web.GetAsync(server.Avatar(juliet, "d=404&s=40"))).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await server.Web.DeleteAsync(path)).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await chat.NextNotification(chat, CancellationToken.None)).ShouldBeEmpty();
        (await server.Web.GetAsync(server.Avatar(juliet, "d=404&s=40"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);

        (await Run(data, "token", "remove", "intranet")).Code.ShouldBe(ExitCode.Done);
        (await server.Web.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_program_and_a_command_do_the_same_and_leave_the_same_in_the_log()
    {
        using var data = new TemporaryDirectory();
        await using var server = await RunningServer.Start(data.Path);
        await Run(data, "user", "add", "juliet@example.org", "--password", DemoPerson.Password);
        await Run(data, "user", "add", "romeo@example.org", "--password", DemoPerson.Password);
        server.Web.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await Run(data, "token", "add", "intranet")).Output.Trim());
        var api = $"http://{server.Host.Addresses.Http[0]}/api/v1";
        var face = data.Write("face.png", TestPicture.Png());

        // The same picture, or the same address, a second time: nothing is done, and the log says nothing.
        foreach (var _ in new[] { 1, 2 })
        {
            await Run(data, "avatar", "set", "juliet@example.org", face);
            await Run(data, "address", "add", "juliet@example.org", "j@example.org");
            using var picture = new ByteArrayContent(TestPicture.Png());
            picture.Headers.ContentType = new MediaTypeHeaderValue("image/png");
            (await server.Web.PutAsync(new Uri($"{api}/portraits/romeo@example.org"), picture)).IsSuccessStatusCode.ShouldBeTrue();
            using var address = new StringContent("""{"address":"r@example.org"}""", new MediaTypeHeaderValue("application/json"));
            (await server.Web.PostAsync(new Uri($"{api}/people/romeo@example.org/addresses"), address)).IsSuccessStatusCode.ShouldBeTrue();
        }

        foreach (var _ in new[] { 1, 2 })
        {
            await Run(data, "avatar", "clear", "juliet@example.org");
            await Run(data, "address", "remove", "juliet@example.org", "j@example.org");
            await server.Web.DeleteAsync(new Uri($"{api}/portraits/romeo@example.org"));
            await server.Web.DeleteAsync(new Uri($"{api}/people/romeo@example.org/addresses/r@example.org"));
        }

        var juliets = await Log(data, "juliet@example.org");
        var romeos = await Log(data, "romeo@example.org");
        juliets.Select(line => line.Split("  ")[2]).ShouldBe(["address remove", "avatar clear", "address add", "avatar set", "user add"]);
        juliets.Select(line => Neutral(line, Environment.UserName, "juliet", "j@")).ShouldBe(romeos.Select(line => Neutral(line, line.Contains("user add", StringComparison.Ordinal) ? Environment.UserName : "token intranet", "romeo", "r@")));
    }

    private static async Task<string[]> Log(TemporaryDirectory data, string address) =>
        (await Run(data, "log", "--address", address)).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static string Neutral(string line, string by, string name, string second) =>
        string.Join("  ", line.Split("  ")[1..]).Replace(by, "BY", StringComparison.Ordinal).Replace(name, "WHO", StringComparison.Ordinal).Replace(second, "OTHER@", StringComparison.Ordinal);

    private static Task<Ran> Run(TemporaryDirectory data, params string[] arguments) => LikenessProgram.Run([.. arguments, "--data", data.Path]);
}
