using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Likeness.Cli.Tests.Serving;

[Trait("Category", "Slow")]
public sealed class WebhookCommandTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _data = new();
    private readonly TcpListener _receiver = new(IPAddress.Loopback, 0);
    private RunningServer _server = null!;

    private string Url => $"http://{_receiver.LocalEndpoint}/hook";

    public async ValueTask InitializeAsync()
    {
        _receiver.Start();
        _server = await RunningServer.Start(_data.Path);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _receiver.Dispose();
        _data.Dispose();
    }

    [Fact]
    public async Task A_hook_added_to_the_running_server_is_told_of_the_next_change()
    {
        (await Run("webhook", "add", "cdn", Url)).Output.Trim().ShouldMatch("^lkw_[A-Za-z0-9_-]{43}$");
        var told = Answer("204 No Content");

        await Run("avatar", "set", "juliet@example.org", _data.Write("face.png", TestPicture.Png()));

        var request = await told;
        request.ShouldContain("portrait.changed");
        request.ShouldContain("X-Likeness-Signature: t=");
        (await Run("webhook", "remove", "cdn")).Code.ShouldBe(ExitCode.Done);
        (await Run("webhook", "list")).Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_test_says_how_it_went()
    {
        await Run("webhook", "add", "cdn", Url);
        var told = Answer("200 OK");
        (await Run("webhook", "test", "cdn")).Output.ShouldContain("took the message");
        (await told).ShouldContain("ping");

        told = Answer("500 Internal Server Error");
        (await Run("webhook", "test", "cdn")).ErrorLines.ShouldHaveSingleItem().ShouldContain("500");
        await told;
        _receiver.Stop();
        (await Run("webhook", "test", "cdn")).Code.ShouldBe(ExitCode.Failed);
    }

    [Theory]
    [InlineData("webhook", "add", "cdn", "ftp://cdn.example/")]
    [InlineData("webhook", "add", "cdn", "https://user:secret@cdn.example/")]
    [InlineData("webhook", "add", "cdn", "cdn.example")]
    [InlineData("webhook", "test", "nobody")]
    [InlineData("webhook", "remove", "nobody")]
    public async Task What_cannot_be_done_is_refused_in_one_line(params string[] arguments)
    {
        var ran = await Run(arguments);

        ran.Code.ShouldBe(ExitCode.Failed);
        ran.ErrorLines.ShouldHaveSingleItem();
    }

    private async Task<string> Answer(string status)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var connection = await _receiver.AcceptTcpClientAsync(timeout.Token);
        var stream = connection.GetStream();
        var request = new StringBuilder();
        var piece = new byte[8192];
        while (!request.ToString().EndsWith('}'))
        {
            var read = await stream.ReadAsync(piece, timeout.Token);
            request.Append(Encoding.UTF8.GetString(piece, 0, read > 0 ? read : throw new EndOfStreamException()));
        }

        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), timeout.Token);
        return request.ToString();
    }

    private Task<Ran> Run(params string[] arguments) => LikenessProgram.Run([.. arguments, "--data", _data.Path]);
}
