using System.Globalization;
using Likeness.Xmpp.Sasl;
using Likeness.Xmpp.Server.Tests.Hosting;

namespace Likeness.Xmpp.Server.Tests.Streams;

/// <summary>Whoever asks more than it reads waits for itself: it is neither cut off nor does the server keep its answers.</summary>
public sealed class SlowReaderTests
{
    private const int Questions = 3000;
    private const int PictureBytes = 8 * 1024;

    // Chats carry what has a picture's beginning; the rest only has to be long.
    private static readonly byte[] Picture =
        [.. Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42mP4z8AAAAMBAQD3A0FDAAAAAElFTkSuQmCC"), .. new byte[PictureBytes]];

    [Theory]
    [Trait("Requirement", "C-2B")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_asks_thousands_of_times_and_reads_slowly_gets_every_answer_in_order(bool tls)
    {
        await using var scene = await LoginSteps.Scene(tls);
        var greedy = tls ? await scene.OpenSecured("greedy") : await scene.Open("greedy");
        (await greedy.Authenticate(new PlainClient("juliet", TestCredentials.Password))).ShouldBe("success");
        await greedy.Bind("balcony");
        var other = tls ? await scene.OpenSecured("other") : await scene.Open("other");
        (await other.Authenticate(new PlainClient("juliet", TestCredentials.Password))).ShouldBe("success");
        await other.Bind("chamber");
        using var quiet = scene.Conversation.Pause();
        await greedy.Send($"<iq type='set' id='card'><vCard xmlns='{Ns.VCard}'><PHOTO><BINVAL>{Convert.ToBase64String(Picture)}</BINVAL></PHOTO></vCard></iq>");
        var stored = (await greedy.Receive()).ShouldNotBeNull();
        stored["type"].ShouldBe("result", stored.ToString());

        // Far more than the server would keep for a reader that others write to.
        (Questions * (long)PictureBytes).ShouldBeGreaterThan(2 * scene.Options.MaxUnsentBytes);
        var sending = greedy.Send(string.Concat(Enumerable.Range(0, Questions).Select(Question)));
        for (var number = 0; number < Questions; number++)
        {
            if (number < 100)
            {
                // Gives the server all the time it wants to run ahead; and others are served meanwhile.
                await other.Fence();
            }

            var answer = (await greedy.Receive()).ShouldNotBeNull($"cut off before answer {number}");
            answer["id"].ShouldBe(number.ToString(CultureInfo.InvariantCulture));
            answer.Child("vCard", Ns.VCard)!.Child("PHOTO")!.Child("BINVAL")!.Text().Length.ShouldBeGreaterThan(PictureBytes);
        }

        await sending;
    }

    private static string Question(int number) =>
        string.Create(CultureInfo.InvariantCulture, $"<iq type='get' id='{number}' to='juliet@localhost'><vCard xmlns='{Ns.VCard}'/></iq>");
}
