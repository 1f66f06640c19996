using System.Net;
using Likeness.Libravatar.Resolving;
using Likeness.Libravatar.Tests.Fetching;
using Likeness.Libravatar.Tests.Resolving;

namespace Likeness.Cli.Tests.Federation;

public sealed class FetchCommandTests : IDisposable
{
    private readonly TemporaryDirectory _files = new();

    public void Dispose() => _files.Dispose();

    [Fact]
    [Trait("Requirement", "L-75")]
    public async Task The_picture_is_saved_as_it_came()
    {
        var picture = TestPicture.Png();
        await using var server = StandInServer.Answering(_ => Answers.Picture(picture));
        await using var dns = Dns(server.Port);

        var ran = await LikenessProgram.Run("fetch", "anne@example.org", "--size", "64", "-o", _files.File("anne.png"), "--dns", dns.Address);

        ran.Code.ShouldBe(ExitCode.Done, ran.Error);
        File.ReadAllBytes(_files.File("anne.png")).ShouldBe(picture);
        server.Requests.ShouldHaveSingleItem().ShouldContain("?s=64 HTTP/1.1\r\nHost: avatars.example.test:");
    }

    [Fact]
    public async Task The_picture_is_drawn_in_the_terminal()
    {
        await using var server = StandInServer.Answering(_ => Answers.Picture(TestPicture.Png()));
        await using var dns = Dns(server.Port);

        var ran = await LikenessProgram.Run("fetch", "anne@example.org", "--prefer-https", "--dns", dns.Address);

        ran.Output.Split('\n').Count(line => line.Length == 40).ShouldBe(20);
    }

    [Fact]
    public async Task A_person_without_a_picture_is_one_line_and_no_file()
    {
        await using var server = StandInServer.Answering(_ => Answers.Status(404));
        await using var dns = Dns(server.Port);

        var ran = await LikenessProgram.Run("fetch", "anne@example.org", "--http", "--default", "404", "-o", _files.File("anne.png"), "--dns", dns.Address);

        ran.Code.ShouldBe(ExitCode.HasNone);
        ran.Output.ShouldBeEmpty();
        ran.ErrorLines.ShouldHaveSingleItem().ShouldBe($"likeness: No picture of anne@example.org: http://avatars.example.test:{server.Port} has no picture.");
        File.Exists(_files.File("anne.png")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", "answers with HTTP status 503")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>", "sends something that is no JPEG, PNG, GIF or WebP")]
    [InlineData("nonsense\r\n\r\n", "does not speak HTTP as it should")]
    public async Task What_is_broken_is_told_and_is_not_as_if_there_were_none(string answer, string reason)
    {
        await using var server = StandInServer.Answering(answer);
        await using var dns = Dns(server.Port);

        var ran = await LikenessProgram.Run("fetch", "anne@example.org", "--http", "--dns", dns.Address);

        ran.Code.ShouldBe(ExitCode.Failed);
        ran.ErrorLines.ShouldHaveSingleItem().ShouldContain($"http://avatars.example.test:{server.Port} {reason}. To see more: likeness check anne@example.org");
    }

    [Fact]
    [Trait("Requirement", "L-73")]
    public async Task Http_is_not_used_where_only_https_is_wanted()
    {
        await using var server = StandInServer.Answering(_ => Answers.Picture(TestPicture.Png()));
        await using var dns = Dns(server.Port);

        var ran = await LikenessProgram.Run("fetch", "anne@example.org", "--https-only", "-o", _files.File("anne.png"), "--dns", dns.Address);

        ran.Code.ShouldBe(ExitCode.Failed);
        ran.ErrorLines.First().ShouldBe("likeness: example.org names no avatar server in DNS: https://seccdn.libravatar.org is asked instead.");
        server.Connections.ShouldBe(0);
    }

    private static TestDns Dns(int port) => new TestDns()
        .Add("_avatars._tcp.example.org", DnsType.Srv, DnsBytes.Srv(0, 5, port, "avatars.example.test."))
        .AddHost("avatars.example.test", IPAddress.Loopback);
}
