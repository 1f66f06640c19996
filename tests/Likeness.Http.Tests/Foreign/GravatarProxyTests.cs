using Likeness.Http.Tests.Hosting;
using Likeness.Imaging;
using Likeness.Libravatar.Tests.Fetching;
using static Likeness.Http.Tests.Avatars.AvatarImageTests;

namespace Likeness.Http.Tests.Foreign;

[Trait("Requirement", "L-62")]
public sealed class GravatarProxyTests
{
    private static readonly string Shown = EchoRenderer.Text(RenderJob.Photo, Answers.Png, 80, ImageFormat.Png);

    [Fact]
    public async Task A_stranger_is_shown_as_Gravatar_knows_them_rendered_anew_and_asked_for_once()
    {
        await using var stage = await GravatarStage.Start(StandInServer.Answering(_ => Answers.Picture(Answers.Png, "Content-Type: image/png\r\nLast-Modified: Tue, 03 Feb 2026 04:05:06 GMT\r\n")));
        for (var round = 0; round < 4; round++)
        {
            var answer = await stage.Get();

            answer.Status.ShouldBe(200);
            answer["X-Avatar-Source"].ShouldBe("gravatar");
            answer["Cache-Control"].ShouldBe("public, max-age=300");
            answer["Last-Modified"].ShouldBe("Tue, 03 Feb 2026 04:05:06 GMT");
            answer.Headers.ShouldContainKey("ETag");
            answer["Access-Control-Allow-Origin"].ShouldBe("*");
        }

        (await stage.Get()).Body.ShouldStartWith("Photo 80");
        stage.Gravatar.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Nothing_of_the_visitor_or_of_the_request_leaves()
    {
        await using var stage = await GravatarStage.Start(StandInServer.Answering(_ => Answers.Picture(Answers.Png)));

        await stage.Get(
            "?s=99&d=https%3A%2F%2Fx.example%2F&name=Secret&r=x&gravatarproxy=y",
            headers: ["Cookie: secret=1", "Referer: https://secret.example/", "User-Agent: Secret", "X-Forwarded-For: 198.51.100.7", "Authorization: Basic c2VjcmV0", "Accept-Language: tlh", "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"]);

        stage.Gravatar.Requests.ShouldHaveSingleItem().ShouldBe(
            $"GET /avatar/{GravatarStage.Stranger}?s=99&d=404&r=g HTTP/1.1\r\nHost: {GravatarStage.Host}:{stage.Gravatar.Port}\r\nUser-Agent: Likeness\r\nAccept: image/*\r\n\r\n");
    }

    [Fact]
    public async Task A_no_is_believed_for_a_while()
    {
        await using var stage = await GravatarStage.Start(StandInServer.Answering(_ => Answers.Status(404)));
        foreach (var query in new[] { "", "", "?s=40", "?d=identicon", "?d=404" })
        {
            (await stage.Get(query))["X-Avatar-Source"].ShouldBe(query == "?d=404" ? "none" : "default");
        }

        stage.Gravatar.Requests.Count.ShouldBe(1);
        (await stage.Get())["Cache-Control"].ShouldBe("public, max-age=300");

        stage.Time.Advance(TimeSpan.FromMinutes(6));
        await stage.Get();
        stage.Gravatar.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Whoever_is_known_here_or_forces_the_default_is_not_asked_for()
    {
        await using var stage = await GravatarStage.Start(StandInServer.Answering(_ => Answers.Picture(Answers.Png)));
        await stage.Server.Give(AvatarServer.Juliet, "a rose");

        (await stage.Get(hash: AvatarServer.HashOf(AvatarServer.Juliet)))["X-Avatar-Source"].ShouldBe("portrait");
        (await stage.Get("?f=y"))["X-Avatar-Source"].ShouldBe("default");
        (await stage.Get("?gravatarproxy=n"))["X-Avatar-Source"].ShouldBe("default");
        (await stage.Get(hash: "nobody"))["X-Avatar-Source"].ShouldBe("default");

        stage.Gravatar.Connections.ShouldBe(0);
    }

    [Fact]
    public async Task Without_a_picture_here_Gravatar_comes_before_the_default()
    {
        await using var stage = await GravatarStage.Start(StandInServer.Answering(_ => Answers.Picture(Answers.Png)));

        (await stage.Get("?d=404", AvatarServer.HashOf(AvatarServer.Juliet)))["X-Avatar-Source"].ShouldBe("gravatar");
    }

    [Fact]
    [Trait("Requirement", "L-60")]
    public async Task Without_being_told_to_nothing_goes_out()
    {
        await using var stage = await GravatarStage.Start(StandInServer.Answering(_ => Answers.Picture(Answers.Png)), GravatarMode.Off);

        foreach (var query in new[] { "", "?gravatarredirect=y", "?gravatarproxy=y", "?d=404", "?d=https%3A%2F%2Fsecure.gravatar.com%2F" })
        {
            var answer = await stage.Get(query);
            answer.Status.ShouldBe(query == "?d=404" ? 404 : 200);
            answer["X-Avatar-Source"].ShouldBe(query == "?d=404" ? "none" : "default");
        }

        stage.Gravatar.Connections.ShouldBe(0);
    }

    [Fact]
    public async Task Simultaneous_requests_ask_once()
    {
        var gate = new TaskCompletionSource();
        var asked = new TaskCompletionSource();
        await using var stage = await GravatarStage.Start(new StandInServer(async connection =>
        {
            await connection.ReadRequest();
            asked.TrySetResult();
            await gate.Task;
            await connection.Send(Answers.Picture(Answers.Png));
        }));

        var requests = Enumerable.Range(0, 20).Select(number => stage.Get($"?n={number}")).ToList();
        await asked.Task;
        gate.SetResult();

        (await Task.WhenAll(requests)).ShouldAllBe(answer => answer["X-Avatar-Source"] == "gravatar");
        stage.Gravatar.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Only_so_many_fetches_run_and_nobody_waits_for_one()
    {
        var gate = new TaskCompletionSource();
        await using var stage = await GravatarStage.Start(
            new StandInServer(async connection =>
            {
                await connection.ReadRequest();
                await gate.Task;
                await connection.Send(Answers.Picture(Answers.Png));
            }),
            change: options => options with { MaxFetches = 2 });

        var requests = Enumerable.Range(0, 10).Select(number => stage.Get(hash: $"{number:x32}")).ToList();
        while (requests.Count(request => request.IsCompleted) < 8)
        {
            await Task.WhenAny(requests.Where(request => !request.IsCompleted));
        }

        foreach (var answer in requests.Where(request => request.IsCompleted).Select(request => request.Result))
        {
            answer.Body.ShouldBe(Face("mm", "", 80));
            answer["Cache-Control"].ShouldBe("public, max-age=60");
        }

        gate.SetResult();
        (await Task.WhenAll(requests)).Count(answer => answer["X-Avatar-Source"] == "gravatar").ShouldBe(2);
    }

    [Fact]
    public async Task Strangers_do_not_push_out_people()
    {
        await using var stage = await GravatarStage.Start(StandInServer.Answering(_ => Answers.Picture(Answers.Png)), change: options => options with { Memory = 10_000 });
        await stage.Server.Give(AvatarServer.Juliet, "a rose");
        await stage.Get("?s=64", AvatarServer.HashOf(AvatarServer.Juliet));
        for (var number = 0; number < 200; number++)
        {
            await stage.Get(hash: $"{number:x32}");
        }

        var before = stage.Server.Renderer.Count;
        await stage.Get("?s=64&again", AvatarServer.HashOf(AvatarServer.Juliet));

        stage.Server.Renderer.Count.ShouldBe(before);
    }

    [Fact]
    public async Task The_extension_selects_the_type_here_too()
    {
        await using var stage = await GravatarStage.Start(StandInServer.Answering(_ => Answers.Picture(Answers.Png)));

        (await stage.Get(".webp"))["Content-Type"].ShouldBe("image/webp");
        (await stage.Get())["Content-Type"].ShouldBe("image/png");
        (await stage.Get()).Body.ShouldBe(Shown);
    }
}
