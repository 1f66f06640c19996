using System.Diagnostics;
using System.Globalization;
using System.Net;
using Likeness.Cli.Tests;
using Likeness.Interop.Tests.Hosting;
using Likeness.Xmpp.Client;
using Likeness.Xmpp.Client.Avatars;

namespace Likeness.Interop.Tests;

/// <summary>Pictures that crash, bomb or stop whoever decodes them cost one answer on the web; chats notice nothing.</summary>
[Trait("Category", "Integration")]
public sealed class HostilePictureTests : IDisposable
{
    /// <summary>Bytes of the server process, at its highest: twice what it needs, far below the bombs decoded.</summary>
    private const long MaxMemory = 256L * 1024 * 1024;

    private readonly HttpClient _web = new() { Timeout = TimeSpan.FromSeconds(60) };

    public void Dispose() => _web.Dispose();

    [Fact]
    [Trait("Requirement", "L-105")]
    public async Task Chats_go_on_while_pictures_crash_bomb_and_stop_the_renderers()
    {
        await using var stage = await Stage.Open();
        await using var juliet = await stage.LogIn(Stage.Juliet, "balcony");
        await using var romeo = await stage.LogIn(Stage.Romeo, "orchard");
        await using var vandal = await stage.LogIn(Stage.Romeo, "alley");
        await new AvatarPublisher(juliet).Publish(TestPicture.Png());
        using var stop = new CancellationTokenSource();
        var witnesses = new Witnesses(juliet, romeo);
        var chat = witnesses.ChatUntil(stop.Token);

        (await _web.Fetch(stage.Server.Http, Stage.Juliet, 77)).ShouldBe((HttpStatusCode.OK, "portrait"), stage.Server.Log);
        await RefusesHostileFiles(stage);
        await SurvivesWorkersKilledInTheMiddle(stage, vandal);
        await SurvivesWorkersKilledWhileIdle(stage);
        await SurvivesAStoppedWorker(stage, vandal);

        (await _web.Fetch(stage.Server.Http, Stage.Juliet, 77)).ShouldBe((HttpStatusCode.OK, "portrait"), stage.Server.Log);
        await stop.CancelAsync();
        await chat;
        witnesses.Exchanges.ShouldBeGreaterThan(100);
        stage.Server.IsRunning.ShouldBeTrue();
        stage.Server.PeakMemory.ShouldBeLessThan(MaxMemory);
    }

    private static async Task RefusesHostileFiles(Stage stage)
    {
        foreach (var (name, bytes) in HostilePictures.Refused)
        {
            var ran = await ExternalProgram.Likeness(stage.Data, "avatar", "set", Stage.Romeo, stage.Write(name, bytes));
            ran.Code.ShouldBe(1, $"{name}: {ran.Shown}");
        }
    }

    private async Task SurvivesWorkersKilledInTheMiddle(Stage stage, XmppClient vandal)
    {
        for (byte round = 1; round <= 6; round++)
        {
            await new AvatarPublisher(vandal).Publish(HostilePictures.Bomb(round));
            var victims = Enumerable.Range(100, 3).Select(size => _web.Fetch(stage.Server.Http, Stage.Romeo, size)).ToArray();
            while (!victims.All(victim => victim.IsCompleted))
            {
                await Kill(stage.Server.Workers);

                // Each round later in the middle: when one has worked for so long. What is rendered already is shown all the while.
                while (!victims.All(victim => victim.IsCompleted) && stage.Server.MostWorkOfWorkers < TimeSpan.FromMilliseconds(50 * round))
                {
                    (await _web.Fetch(stage.Server.Http, Stage.Juliet, 77)).ShouldBe((HttpStatusCode.OK, "portrait"), stage.Server.Log);
                }
            }

            foreach (var (status, source) in await Task.WhenAll(victims))
            {
                // Drawn in between, given up for this picture, or no worker came to life.
                (status, source).ShouldBeOneOf((HttpStatusCode.OK, "portrait"), (HttpStatusCode.NotFound, "none"), (HttpStatusCode.ServiceUnavailable, ""));
            }

            (await _web.Fetch(stage.Server.Http, Stage.Juliet, 40 + round)).ShouldBe((HttpStatusCode.OK, "portrait"), stage.Server.Log);
        }
    }

    private async Task SurvivesWorkersKilledWhileIdle(Stage stage)
    {
        stage.Server.Workers.ShouldNotBeEmpty();
        await Kill(stage.Server.Workers);

        (await _web.Fetch(stage.Server.Http, Stage.Juliet, 60)).ShouldBe((HttpStatusCode.OK, "portrait"), stage.Server.Log);
    }

    // Stopped by the machine or a person: not the picture's fault, so nobody else's face is shown for it.
    private async Task SurvivesAStoppedWorker(Stage stage, XmppClient vandal)
    {
        await new AvatarPublisher(vandal).Publish(HostilePictures.Bomb(200));
        var hanging = stage.Server.Workers;
        hanging.ShouldNotBeEmpty();
        foreach (var worker in hanging)
        {
            (await ExternalProgram.Run("/bin/kill", "-STOP", worker.ToString(CultureInfo.InvariantCulture))).Code.ShouldBe(0);
        }

        (await _web.Fetch(stage.Server.Http, Stage.Romeo, 90)).ShouldBe((HttpStatusCode.ServiceUnavailable, ""), stage.Server.Log);
        hanging.Except(stage.Server.Workers).Count().ShouldBe(1, "the one that was asked is gone");
        await Kill(hanging);
    }

    private static async Task Kill(IEnumerable<int> workers)
    {
        foreach (var worker in workers)
        {
            try
            {
                using var process = Process.GetProcessById(worker);
                process.Kill();
                await process.WaitForExitAsync();
            }
            catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
            {
                // It ended by itself.
            }
        }
    }
}
