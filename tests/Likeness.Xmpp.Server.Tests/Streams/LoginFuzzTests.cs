using System.Text;
using Likeness.Xmpp.Sasl;
using Likeness.Xmpp.Server.Tests.Hosting;
using Likeness.Xmpp.Server.Tests.Play;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Tests.Streams;

/// <summary>Logins with everything along with them, spoilt at random: each is answered by a success, a failure or a stream error, and nobody gets in who should not.</summary>
public sealed class LoginFuzzTests
{
    private const string Agent = "<user-agent id='d4565fa7-4d72-4749-b3d3-740edbf87770'><software>Balcony</software></user-agent>";

    [Theory]
    [Trait("Requirement", "K-36")]
    [InlineData(1)]
    [InlineData(2)]
    public Task Spoilt_logins_end_in_one_of_three_ways(int seed) => Spoil(seed, 150);

    [Theory]
    [Trait("Category", "Long")]
    [InlineData(3)]
    public Task Many_spoilt_logins_end_in_one_of_three_ways(int seed) => Spoil(seed, 10_000);

    private static async Task Spoil(int seed, int rounds)
    {
        var random = new Random(seed);
        await using var scene = await LoginSteps.Scene(tlsRequired: false);
        using var quiet = scene.Conversation.Pause();
        for (var round = 0; round < rounds; round++)
        {
            var (spoilt, isRight) = Login(random);
            await using var actor = await scene.Open($"mercutio {round}");
            await actor.Send(spoilt);
            var answer = await actor.Receive();
            var shown = $"seed {seed}, round {round}: {spoilt}\n\n{answer}";
            (answer is null || answer.Name is "success" or "failure" or "challenge" or "error").ShouldBeTrue(shown);
            (answer?.Name == "success" && !isRight).ShouldBeFalse(shown);
            answer?.ToString().ShouldNotContain("internal-server-error", Case.Sensitive, shown);
        }

        scene.ServerErrors.ShouldBeEmpty();
    }

    // Parts are left out, doubled, changed or put elsewhere; is the password among them still the right one?
    private static (string Text, bool MayGetIn) Login(Random random)
    {
        var password = random.Next(3) == 0 ? TestCredentials.Password : "wrong";
        var plain = Encoding.UTF8.GetBytes($"\0juliet\0{password}");
        var message = random.Next(4) switch
        {
            0 => HashedToken.Request("juliet", "guess", []),
            1 => RandomBytes(random),
            _ => plain,
        };
        string[] mechanisms = ["PLAIN", "PLAIN", "HT-SHA-256-NONE", "SCRAM-SHA-1", "HT-SHA-256-EXPR", ""];
        var parts = new List<string>
        {
            $"<initial-response>{Convert.ToBase64String(message)}</initial-response>",
            Agent,
            "<bind xmlns='urn:xmpp:bind:0'><tag>a/b@c</tag><enable xmlns='urn:xmpp:sm:3' resume='true' max='99999999999'/><enable xmlns='urn:xmpp:sm:3'/><enable xmlns='urn:xmpp:carbons:2'/><disable xmlns='urn:xmpp:carbons:2'/><inactive xmlns='urn:xmpp:csi:0'/><active xmlns='urn:xmpp:csi:0'/></bind>",
            "<resume xmlns='urn:xmpp:sm:3' previd='x' h='4294967296'/>",
            "<resume xmlns='urn:xmpp:sm:3' h='0'/>",
            "<request-token xmlns='urn:xmpp:fast:0' mechanism='HT-SHA-256-NONE'/>",
            "<request-token xmlns='urn:xmpp:fast:0'/>",
            "<fast xmlns='urn:xmpp:fast:0' invalidate='true' count='-1'/>",
            "<user-agent id='' software='x'/>",
            "<initial-response>!</initial-response>",
            "<bind xmlns='urn:xmpp:bind:0'><tag>&#x10FFFD;</tag></bind>",
        };
        random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(parts));
        var text = $"<authenticate xmlns='{Ns.Sasl2}' mechanism='{mechanisms[random.Next(mechanisms.Length)]}'>{string.Concat(parts.Take(random.Next(parts.Count + 1)))}</authenticate>";
        if (random.Next(3) == 0)
        {
            var at = random.Next(text.Length);
            text = random.Next(2) == 0 ? text.Remove(at, 1) : text.Insert(at, ((char)random.Next(' ', '~')).ToString());
            text += " </authenticate></stream:stream>";
        }

        return (text, password == TestCredentials.Password);
    }

    private static byte[] RandomBytes(Random random)
    {
        var bytes = new byte[random.Next(80)];
        random.NextBytes(bytes);
        return bytes;
    }
}
