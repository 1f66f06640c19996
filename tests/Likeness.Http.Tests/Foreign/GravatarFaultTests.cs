using System.Net;
using Likeness.Http.Tests.Hosting;
using Likeness.Imaging;
using Likeness.Libravatar.Fetching;
using Likeness.Libravatar.Tests.Fetching;
using static Likeness.Http.Tests.Avatars.AvatarImageTests;

namespace Likeness.Http.Tests.Foreign;

/// <summary>Whatever Gravatar does, visitors get the default, and soon something better.</summary>
[Trait("Requirement", "L-62")]
public sealed class GravatarFaultTests
{
    public static TheoryData<string> Faults { get; } =
    [
        "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 26\r\n\r\n<html>not a picture</html>",
        "HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 9\r\n\r\n<svg></sv",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1048577\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
        "HTTP/1.1 302 Found\r\nLocation: http://secure.gravatar.com/avatar/again\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 302 Found\r\nLocation: http://evil.example/\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 302 Found\r\nLocation: http://gravatar.com.evil.example/\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 302 Found\r\nLocation: http://evilgravatar.com/\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n",
        "SSH-2.0-OpenSSH\r\n",
        "",
    ];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_fault_shows_the_default_for_a_short_time(string fault)
    {
        var port = 0;
        await using var stage = await GravatarStage.Start(new StandInServer(async connection =>
        {
            if (await connection.ReadRequest() is not null)
            {
                await connection.Send(fault.Replace("gravatar.com/avatar/again", $"gravatar.com:{port}/avatar/again", StringComparison.Ordinal));
            }
        }));
        port = stage.Gravatar.Port;

        var answer = await stage.Get();

        answer.Body.ShouldBe(Face("mm", "", 80));
        answer["X-Avatar-Source"].ShouldBe("default");
        answer["Cache-Control"].ShouldBe("public, max-age=60");
        var asked = stage.Gravatar.Requests.Count;
        asked.ShouldBeLessThanOrEqualTo(4, "redirects are followed three times");
        await stage.Get("?s=40");
        stage.Gravatar.Requests.Count.ShouldBe(asked, "a failure is remembered");

        stage.Time.Advance(TimeSpan.FromSeconds(31));
        await stage.Get("?s=40");
        stage.Gravatar.Requests.Count.ShouldBeGreaterThan(asked);
    }

    [Fact]
    public async Task A_slow_one_is_waited_for_five_seconds()
    {
        var asked = new TaskCompletionSource();
        await using var stage = await GravatarStage.Start(new StandInServer(async connection =>
        {
            await connection.ReadRequest();
            asked.TrySetResult();
            await connection.Hang();
        }));

        var asking = stage.Get();
        await asked.Task;
        stage.Time.Advance(TimeSpan.FromSeconds(4.9));
        asking.IsCompleted.ShouldBeFalse();
        stage.Time.Advance(TimeSpan.FromSeconds(0.2));

        (await asking).Body.ShouldBe(Face("mm", "", 80));
    }

    [Fact]
    public async Task A_name_that_leads_into_the_own_network_is_not_dialled()
    {
        var answers = new Queue<IPAddress[]>([[IPAddress.Loopback], [IPAddress.Parse("10.0.0.1"), IPAddress.Parse("::1")], [IPAddress.Parse("169.254.169.254")]]);
        await using var stage = await GravatarStage.Start(
            StandInServer.Answering(_ => Answers.Picture(Answers.Png)),
            rules: rules => rules with { MayConnect = PublicAddress.IsPublic, Resolve = (_, _) => ValueTask.FromResult(answers.Dequeue()) });

        for (var number = 0; number < 3; number++)
        {
            (await stage.Get(hash: $"{number:x32}")).Body.ShouldBe(Face("mm", "", 80));
        }

        answers.ShouldBeEmpty();
        stage.Gravatar.Connections.ShouldBe(0);
    }

    [Fact]
    public async Task An_address_that_changes_after_it_was_checked_changes_nothing()
    {
        var asked = 0;
        await using var stage = await GravatarStage.Start(
            StandInServer.Answering(_ => Answers.Picture(Answers.Png)),
            rules: rules => rules with { Resolve = (_, _) => ValueTask.FromResult<IPAddress[]>([asked++ == 0 ? IPAddress.Loopback : IPAddress.Parse("192.0.2.1")]) });

        (await stage.Get())["X-Avatar-Source"].ShouldBe("gravatar");
        asked.ShouldBe(1);
    }

    [Fact]
    public async Task A_picture_that_no_decoder_takes_is_none()
    {
        await using var stage = await GravatarStage.Start(StandInServer.Answering(_ => Answers.Picture(Answers.Png)));
        stage.Server.Renderer.Failure = new ImageRefusedException(RefusalReason.Undecodable, "It is damaged.");

        (await stage.Get()).Body.ShouldBe(Face("mm", "", 80));
        (await stage.Get("?s=40")).Body.ShouldBe(Face("mm", "", 40));
        stage.Gravatar.Requests.Count.ShouldBe(1);
    }
}
