using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.RegularExpressions;
using Likeness.Xmpp;

namespace Likeness.Cli.Tests.Serving;

/// <summary>From the operator's command to an account: link, page, chat program.</summary>
[Trait("Requirement", "U-F")]
public sealed partial class InvitationTests : IDisposable
{
    private readonly TemporaryDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    [Trait("Requirement", "U-10")]
    public async Task Whoever_gets_the_link_reads_what_to_do_and_opens_the_account()
    {
        await using var server = await RunningServer.Start(_data.Path, options => options with { PublicUrl = new Uri("https://faces.example.org/") });
        await Done("user", "add", "romeo@example.org", "--password", "secret");
        var links = (await Done("invite", "nurse@example.org", "--contact", "romeo@example.org")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var token = TokenIn(links[1]);
        links.ShouldBe([$"https://faces.example.org/invite/{token}", $"xmpp:nurse@example.org?register;preauth={token}"]);
        var id = (await Done("invite", "list"))[..12];

        var page = await server.Web.GetAsync(PageOf(server, token));
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        page.Headers.CacheControl!.NoStore.ShouldBeTrue();
        page.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
        var text = await page.Content.ReadAsStringAsync();
        text.ShouldContain("<b>romeo@example.org</b> invites you");
        text.ShouldContain("<b>nurse@example.org</b>");
        text.ShouldContain($"href=\"{links[1]}\"");

        using (var socket = await Open(server))
        {
            (await Ask(socket, $"<iq xmlns='jabber:client' type='set' id='1'><preauth xmlns='urn:xmpp:pars:0' token='{token}'/></iq>")).ShouldContain("type='result'");
            (await Ask(socket, "<iq xmlns='jabber:client' type='set' id='2'><query xmlns='jabber:iq:register'><username>nurse</username><password>forty winks at noon</password></query></iq>"))
                .ShouldContain("type='result'");
        }

        (await server.Web.GetAsync(PageOf(server, token))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await Done("user", "list")).ShouldContain("nurse@example.org");
        (await LikenessProgram.Run("invite", "remove", id, "--data", _data.Path)).Code.ShouldNotBe(ExitCode.Done);
        (await Done("log", "--address", "nurse@example.org")).ShouldContain("user register");
    }

    [Fact]
    public async Task An_invitation_is_taken_back_and_none_is_made_for_who_is_there()
    {
        await using var server = await RunningServer.Start(_data.Path);
        await Done("user", "add", "romeo@example.org", "--password", "secret");
        (await LikenessProgram.Run("invite", "romeo@example.org", "--data", _data.Path)).Error.ShouldContain("romeo@example.org is taken");
        (await LikenessProgram.Run("invite", "--contact", "nobody@example.org", "--data", _data.Path)).Error.ShouldContain("There is no account");
        (await LikenessProgram.Run("invite", "--days", "91", "--data", _data.Path)).Error.ShouldContain("1 to 90 days");
        (await LikenessProgram.Run("invite", "example.net", "--data", _data.Path)).Error.ShouldContain("not served here");

        var token = TokenIn(await Done("invite"));
        (await server.Web.GetAsync(PageOf(server, token))).StatusCode.ShouldBe(HttpStatusCode.OK);
        await Done("invite", "remove", (await Done("invite", "list"))[..12]);
        (await server.Web.GetAsync(PageOf(server, token))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await Done("invite", "list")).ShouldBeEmpty();
    }

    [Fact]
    [Trait("Requirement", "D-34")]
    public async Task Who_is_to_administer_is_invited_anew_at_each_start_until_the_account_is_there()
    {
        var first = "";
        await using (var server = await Start())
        {
            first = TokenIn(server.Host.AdminInvitation!);
        }

        await using (var server = await Start())
        {
            TokenIn(server.Host.AdminInvitation!).ShouldNotBe(first);
            (await server.Web.GetAsync(PageOf(server, first))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
            await Done("user", "add", "juliet@example.org", "--password", "secret");
        }

        await using var last = await Start();
        last.Host.AdminInvitation.ShouldBeNull();

        Task<RunningServer> Start() => RunningServer.Start(_data.Path, options => options with { AdminInvite = "juliet@example.org" });
    }

    private async Task<string> Done(params string[] command)
    {
        var ran = await LikenessProgram.Run([.. command, "--data", _data.Path]);
        ran.Error.ShouldBeEmpty();
        ran.Code.ShouldBe(ExitCode.Done);
        return ran.Output;
    }

    private static string TokenIn(string links) => Preauth().Match(links).Groups["token"].Value;

    private static Uri PageOf(RunningServer server, string token) => new($"http://{server.Host.Addresses.Http[0]}/invite/{token}");

    private static async Task<ClientWebSocket> Open(RunningServer server)
    {
#pragma warning disable CA5359 // The server is of this test, its certificate made a moment ago.
        using var client = new HttpMessageInvoker(new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true } });
#pragma warning restore CA5359
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("xmpp");
        await socket.ConnectAsync(new Uri($"wss://{server.Host.Addresses.Https[0]}/xmpp-websocket"), client, Limit());
        await Ask(socket, $"<open xmlns='{Ns.Framing}' to='example.org' version='1.0'/>");
        (await Receive(socket)).ShouldContain(Ns.RegistrationToken);
        return socket;
    }

    private static async Task<string> Ask(ClientWebSocket socket, string element)
    {
        await socket.SendAsync(Encoding.UTF8.GetBytes(element), WebSocketMessageType.Text, endOfMessage: true, Limit());
        return await Receive(socket);
    }

    private static async Task<string> Receive(ClientWebSocket socket)
    {
        var buffer = new byte[16 * 1024];
        var received = await socket.ReceiveAsync(buffer, Limit());
        return Encoding.UTF8.GetString(buffer, 0, received.Count);
    }

    private static CancellationToken Limit() => new CancellationTokenSource(TimeSpan.FromSeconds(15)).Token;

    [GeneratedRegex("preauth=(?<token>[A-Za-z0-9]{24})", RegexOptions.ExplicitCapture)]
    private static partial Regex Preauth();
}
