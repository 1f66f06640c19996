using System.Net;
using System.Net.Http.Headers;
using Likeness.Cli.Tests;
using Likeness.Interop.Tests.Hosting;
using Likeness.Xmpp.Client.Avatars;

namespace Likeness.Interop.Tests;

/// <summary>Uploads that are too large, too slow, too many or broken off: each gets its refusal, and everybody else notices nothing.</summary>
[Trait("Category", "Integration")]
public sealed class HostileUploadTests : IDisposable
{
    /// <summary>Bytes of the server process, at its highest: a few files of ten mebibytes, never all that arrive.</summary>
    private const long MaxMemory = 320L * 1024 * 1024;

    /// <summary>Bytes; the limit of every worker.</summary>
    private const long MaxMemoryOfWorker = 512L * 1024 * 1024;

    private const int Fifty = 50_000_000;

    // A client that begins to send before the server has refused, since the machine is busy, loses the refusal with the connection.
    private readonly HttpClient _web = new(new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(3) }) { Timeout = TimeSpan.FromMinutes(3) };

    public void Dispose() => _web.Dispose();

    [Fact]
    [Trait("Requirement", "L-105")]
    public async Task Fifty_megabytes_by_command_are_refused_in_one_line()
    {
        await using var stage = await Stage.Open();
        byte[] large = [.. TestPicture.Png(), .. new byte[Fifty]];
        byte[] tooLarge = [.. TestPicture.Png(), .. new byte[11 * 1024 * 1024]];

        var refused = await ExternalProgram.Likeness(stage.Data, "avatar", "set", Stage.Juliet, stage.Write("large.png", large));
        var gate = await ExternalProgram.Likeness(stage.Data, "avatar", "set", Stage.Juliet, stage.Write("too-large.png", tooLarge));

        refused.Code.ShouldBe(1, refused.Shown);
        refused.Error.Trim().Split('\n').ShouldHaveSingleItem().ShouldContain("largest-file");
        gate.Code.ShouldBe(1, gate.Shown);
        gate.Error.Trim().Split('\n').ShouldHaveSingleItem().ShouldContain("at most 10,485,760 are allowed");
        stage.Server.PeakMemory.ShouldBeLessThan(MaxMemory);
    }

    [Fact]
    [Trait("Requirement", "L-105")]
    public async Task Chats_and_avatars_go_on_while_uploads_are_too_large_too_slow_too_many_and_broken_off()
    {
        await using var stage = await Stage.Open();
        await using var juliet = await stage.LogIn(Stage.Juliet, "balcony");
        await using var romeo = await stage.LogIn(Stage.Romeo, "orchard");
        await new AvatarPublisher(juliet).Publish(TestPicture.Png());
        var token = (await ExternalProgram.Likeness(stage.Data, "token", "add", "vandal")).Output.Trim();
        using var stop = new CancellationTokenSource();
        var witnesses = new Witnesses(juliet, romeo);
        Task[] goOn = [witnesses.ChatUntil(stop.Token), LookUntil(stage, stop.Token)];

        var slow = Drip(stage, token);
        (await Announce(stage, token)).ShouldBe(413);
        (await Pour(stage, token)).ShouldBe(413);
        await BreakOff(stage, token);
        var many = await Task.WhenAll(Enumerable.Range(0, 200).Select(number => Upload(stage, token, number)));
        (await slow).ShouldBe(408);

        many.Distinct().Order().ShouldBe([200, 413, 415, 422], ignoreOrder: true, stage.Server.Log);
        await stop.CancelAsync();
        await Task.WhenAll(goOn);
        witnesses.Exchanges.ShouldBeGreaterThan(20);
        stage.Server.IsRunning.ShouldBeTrue();
        stage.Server.PeakMemory.ShouldBeLessThan(MaxMemory);
        stage.Server.PeakMemoryOfWorkers.ShouldBeLessThan(MaxMemoryOfWorker);
        stage.Server.Log.ShouldNotContain("request of the REST interface failed");
    }

    /// <summary>Fifty megabytes by their length, of which only the first are ever sent.</summary>
    private static async Task<int> Announce(Stage stage, string token)
    {
        using var upload = await RawUpload.Begin(stage.Server.Http, token, Stage.Romeo, $"Content-Length: {Fifty}");
        await upload.TrySend(new byte[100_000]);
        return await upload.Answer();
    }

    /// <summary>Fifty megabytes without a length.</summary>
    private static async Task<int> Pour(Stage stage, string token)
    {
        using var upload = await RawUpload.Begin(stage.Server.Http, token, Stage.Romeo, "Transfer-Encoding: chunked");
        await upload.SendChunks(Fifty);
        return await upload.Answer();
    }

    /// <summary>A length, one byte, and then nothing.</summary>
    private static async Task<int> Drip(Stage stage, string token)
    {
        using var upload = await RawUpload.Begin(stage.Server.Http, token, Stage.Romeo, "Content-Length: 1000000");
        await upload.TrySend(new byte[1]);
        return await upload.Answer();
    }

    /// <summary>Half a picture, and the connection ends.</summary>
    private static async Task BreakOff(Stage stage, string token)
    {
        for (var round = 0; round < 20; round++)
        {
            using var upload = await RawUpload.Begin(stage.Server.Http, token, Stage.Romeo, "Content-Length: 1000000");
            await upload.TrySend(new byte[500_000]);
        }
    }

    private async Task<int> Upload(Stage stage, string token, int number)
    {
        byte[] body = (number % 4) switch
        {
            0 => Padded(10_000_000),
            1 => Padded(12_000_000),
            2 => HostilePictures.Refused["lying.png"],
            _ => "<script>alert(1)</script>"u8.ToArray(),
        };
        using var request = new HttpRequestMessage(HttpMethod.Put, $"http://{stage.Server.Http}/api/v1/portraits/{Stage.Romeo}")
        {
            Content = new ByteArrayContent(body),
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token), ExpectContinue = true },
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        using var response = await _web.SendAsync(request);
        return (int)response.StatusCode is 201 ? 200 : (int)response.StatusCode;
    }

    private static byte[] Padded(int length)
    {
        var padded = new byte[length];
        TestPicture.Png().CopyTo(padded, 0);
        return padded;
    }

    /// <summary>Asks for an avatar, one after the other, in changing sizes.</summary>
    private async Task LookUntil(Stage stage, CancellationToken stop)
    {
        for (var size = 20; !stop.IsCancellationRequested; size++)
        {
            (await _web.Fetch(stage.Server.Http, Stage.Juliet, 20 + (size % 50))).ShouldBe((HttpStatusCode.OK, "portrait"), stage.Server.Log);
        }
    }
}
