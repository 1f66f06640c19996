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

    private static Task<Ran> Run(TemporaryDirectory data, params string[] arguments) => LikenessProgram.Run([.. arguments, "--data", data.Path]);
}
