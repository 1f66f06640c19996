using System.Net;
using System.Net.Sockets;

namespace Likeness.Cli.Tests.Serving;

[Trait("Category", "Slow")]
public sealed class ServeProcessTests : IDisposable
{
    private readonly TemporaryDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    [Trait("Requirement", "C-227")]
    public async Task The_program_says_ready_when_it_accepts_and_ends_cleanly_when_it_is_told_to()
    {
        using var program = ServeProcess.Start(null, "serve", "--data", _data.Path, "--http", "127.0.0.1:0", "--xmpp", "127.0.0.1:0");
        var addresses = await program.Ready();
        using var web = new HttpClient();
        (await web.GetAsync(new Uri($"http://{addresses["http"]}/avatar/"))).StatusCode.ShouldNotBe(System.Net.HttpStatusCode.InternalServerError);
        addresses.ShouldContainKey("xmpp");

        (await program.Terminate()).ShouldBe(ExitCode.Done);
        Directory.GetFiles(_data.Path).ShouldNotContain(_data.File("control.sock"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Requirement", "C-227")]
    public async Task Clients_that_stay_do_not_make_its_end_a_failure(bool answers)
    {
        await LikenessProgram.Run("user", "add", "juliet@localhost", "--password", "secret", "--data", _data.Path);
        using var program = ServeProcess.Start(null, "serve", "--data", _data.Path, "--http", "127.0.0.1:0", "--xmpp", "127.0.0.1:0", "--metrics", "127.0.0.1:0");
        var addresses = await program.Ready();
        await using var juliet = answers ? await ChatClient.LogIn(IPEndPoint.Parse(addresses["xmpp"]), "juliet@localhost") : null;
        using var web = new TcpClient();
        await web.ConnectAsync(IPEndPoint.Parse(addresses["http"]));
        using var chat = new TcpClient();
        await chat.ConnectAsync(IPEndPoint.Parse(addresses["xmpp"]));
        using var metrics = new TcpClient();
        await metrics.ConnectAsync(IPEndPoint.Parse(addresses["metrics"]));
        using var control = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await control.ConnectAsync(new UnixDomainSocketEndPoint(_data.File("control.sock")));

        (await program.Terminate()).ShouldBe(ExitCode.Done);
    }

    [Fact]
    public async Task A_personal_node_serves_a_picture_without_anything_set_up()
    {
        var picture = _data.Write("face.png", TestPicture.Png());
        using var program = ServeProcess.Start(null, "serve", "--addr", "127.0.0.1:0", "--email", $"you@example.org={picture}");
        var addresses = await program.Ready();
        using var web = new HttpClient();

        using var response = await web.GetAsync(new Uri($"http://{addresses["http"]}/avatar/{Libravatar.AddressHash.Md5("you@example.org")}?d=404&s=40"));

        response.EnsureSuccessStatusCode();
        addresses.ShouldNotContainKey("xmpp");
        (await program.Terminate()).ShouldBe(ExitCode.Done);
    }

    [Fact]
    [Trait("Requirement", "L-130")]
    [Trait("Requirement", "L-131")]
    [Trait("Requirement", "L-132")]
    [Trait("Requirement", "L-133")]
    [Trait("Requirement", "L-61")]
    public async Task A_personal_node_takes_microavatars_flags()
    {
        var face = _data.Write("face.png", TestPicture.Png());
        var nobody = _data.Write("nobody.png", TestPicture.Png(40, 40));
        using var program = ServeProcess.Start(
            shell: null, "serve", "--addr", "127.0.0.1:0", "--cache-folder", _data.File("cache"), "--email", $"  You@Example.org ={face}",
            "--default", $"nobody={nobody}", "--default", $"club={nobody}", "--gravatar");
        var addresses = await program.Ready();
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var web = new HttpClient(handler) { BaseAddress = new Uri($"http://{addresses["http"]}/") };
        var you = $"avatar/{Libravatar.AddressHash.Sha256("you@example.org")}";

        (await Source(you + "?s=700")).ShouldBe("portrait 200");
        (await Source("avatar/00000000000000000000000000000000?f=y&d=club")).ShouldBe("default 200");
        using (var redirect = await web.GetAsync(new Uri("avatar/00000000000000000000000000000000?s=64&d=retro", UriKind.Relative)))
        {
            redirect.StatusCode.ShouldBe(System.Net.HttpStatusCode.TemporaryRedirect);
            redirect.Headers.Location!.AbsoluteUri.ShouldBe("https://secure.gravatar.com/avatar/00000000000000000000000000000000?s=64&r=g&d=retro");
        }

        (await Source("static/defaults/nobody.64.jpg")).ShouldBe("default 200");
        (await Source("static/defaults/nobody.513.jpg")).ShouldBe("- 400");

        File.Delete(face);
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (await Source(you) != "gravatar 307")
        {
            timeout.Token.ThrowIfCancellationRequested();
        }

        (await program.Terminate()).ShouldBe(ExitCode.Done);

        async Task<string> Source(string path)
        {
            using var response = await web.GetAsync(new Uri(path, UriKind.Relative));
            return $"{(response.Headers.TryGetValues("X-Avatar-Source", out var source) ? source.Single() : "-")} {(int)response.StatusCode}";
        }
    }

    [Theory]
    [Trait("Requirement", "C-222")]
    [InlineData("xmpp")]
    [InlineData("http")]
    public async Task More_idle_connections_than_files_may_be_open_stop_nothing_for_good(string flooded)
    {
        using var program = ServeProcess.Start("ulimit -n 700;", "serve", "--data", _data.Path, "--http", "127.0.0.1:0", "--xmpp", "127.0.0.1:0");
        var addresses = await program.Ready();
        var idle = new List<Socket>();
        for (var number = 0; number < 550; number++)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            idle.Add(socket);
            try
            {
                await socket.ConnectAsync(IPEndPoint.Parse(addresses[flooded]));
            }
            catch (SocketException) when (flooded == "xmpp")
            {
                // One too many: cut off at once.
            }
        }

        if (flooded == "xmpp")
        {
            await AnswersOnTheWeb(addresses["http"]);
        }

        idle.ForEach(socket => socket.Dispose());
        await AnswersOnTheWeb(addresses["http"]);
        await AnswersInChats(addresses["xmpp"]);
        program.Program.HasExited.ShouldBeFalse();
        (await program.Terminate()).ShouldBe(ExitCode.Done);
    }

    private static async Task AnswersOnTheWeb(string address)
    {
        using var web = new HttpClient { Timeout = TimeSpan.FromSeconds(20) };
        (await web.GetAsync(new Uri($"http://{address}/avatar/00000000000000000000000000000000"))).IsSuccessStatusCode.ShouldBeTrue();
    }

    // Those that hung up are noticed one after the other: who comes too early is cut off, and comes again.
    private static async Task AnswersInChats(string address)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            limit.Token.ThrowIfCancellationRequested();
            using var client = new TcpClient();
            await client.ConnectAsync(IPEndPoint.Parse(address), limit.Token);
            try
            {
                await client.GetStream().WriteAsync("<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='localhost' version='1.0'>"u8.ToArray(), limit.Token);
                var buffer = new byte[1024];
                if (await client.GetStream().ReadAsync(buffer, limit.Token) > 0)
                {
                    return;
                }
            }
            catch (IOException)
            {
                // Cut off.
            }
        }
    }
}
