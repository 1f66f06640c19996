using System.Globalization;
using System.Text;
using Likeness.Xmpp.Server.Tests.Hosting;
using Likeness.Xmpp.Server.Tests.Play;
using Likeness.Xmpp.Server.Tests.WebSockets;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Tests.Sessions;

/// <summary>Resources that are bound as a part of the login (XEP-0386).</summary>
public sealed class InlineBindingTests
{
    private const string Bind = "<bind xmlns='urn:xmpp:bind:0'><enable xmlns='urn:xmpp:carbons:2'/></bind>";

    [Fact]
    [Trait("Requirement", "K-24")]
    public async Task Between_the_end_of_the_archive_and_the_first_copy_no_message_is_missing()
    {
        const int logins = 40;
        await using var scene = new Scene();
        await Performance.Play(scene, Transcript.Parse("cast", ["juliet and romeo are users", "juliet/balcony comes online", "romeo/orchard connects"]));
        using var quiet = scene.Conversation.Pause();
        var (balcony, orchard) = (scene.Actor("juliet/balcony"), scene.Actor("romeo/orchard"));
        using var stop = new CancellationTokenSource();
        var writing = Write(orchard, stop.Token);
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var reading = Read(balcony, numbers);
        var ends = new List<(string? End, int First)>();
        for (var login = 0; login < logins; login++)
        {
            ends.Add(await LogIn(scene, $"mercutio {login}"));
        }

        await stop.CancelAsync();
        await orchard.Send("<message to='juliet@localhost' type='chat'><body>end</body></message>");
        await writing;
        await reading;

        ends.ShouldContain(end => end.End != null && end.First > 1, "messages came while clients logged in");
        foreach (var (end, first) in ends)
        {
            first.ShouldBeLessThanOrEqualTo((end is null ? 0 : numbers[end]) + 1);
        }
    }

    [Fact]
    [Trait("Requirement", "W-15")]
    [Trait("Requirement", "K-35")]
    public async Task A_browser_logs_in_and_binds_with_one_message_each_way()
    {
        await using var scene = await WebSocketStreamTests.Cast();
        await using var client = await WebClient.Connect(await scene.Server());
        (await client.Open()).Child("authentication", Ns.Sasl2)!.Child("inline")!.Child("bind", Ns.Bind2).ShouldNotBeNull();

        var success = await client.Ask($"<authenticate xmlns='{Ns.Sasl2}' mechanism='PLAIN'><initial-response>{Plain("juliet")}</initial-response>{Bind}</authenticate>");

        success.Is("success", Ns.Sasl2).ShouldBeTrue(client.Text);
        success.Child("bound", Ns.Bind2).ShouldNotBeNull();
        (await client.Receive()).ShouldNotBeNull().Is("features", Ns.Streams).ShouldBeTrue(client.Text);
        (await client.Ask("<iq xmlns='jabber:client' type='get' id='p' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>"))["to"].ShouldBe(success.Child("authorization-identifier")!.Text());
        scene.ServerErrors.ShouldBeEmpty();
    }

    [Fact]
    [Trait("Requirement", "K-35")]
    public async Task A_header_and_a_login_may_come_in_one_piece_and_so_may_stanzas_behind_them()
    {
        await using var scene = new Scene();
        await Performance.Play(scene, Transcript.Parse("cast", ["juliet is a user"]));
        var actor = await scene.Connect("mercutio");

        await actor.Send(
            "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='localhost' version='1.0'>"
            + $"<authenticate xmlns='{Ns.Sasl2}' mechanism='PLAIN'><initial-response>{Plain("juliet")}</initial-response>{Bind}</authenticate>"
            + "<iq type='get' id='p' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>");

        var names = new List<string>();
        for (var count = 0; count < 5; count++)
        {
            names.Add((await actor.Receive()).ShouldNotBeNull().Name);
        }

        names.ShouldBe(["stream", "features", "success", "features", "iq"]);
    }

    // Returns where the archive ended, and the number of the first message that came live.
    private static async Task<(string? End, int First)> LogIn(Scene scene, string name)
    {
        await using var actor = await scene.Connect(name);
        await actor.OpenStream();
        await actor.Receive();
        await actor.Send($"<authenticate xmlns='{Ns.Sasl2}' mechanism='PLAIN'><initial-response>{Plain("juliet")}</initial-response>{Bind}</authenticate>");
        var success = (await actor.Receive()).ShouldNotBeNull();
        success.Is("success", Ns.Sasl2).ShouldBeTrue(success.ToString());
        (await actor.Receive()).ShouldNotBeNull().Name.ShouldBe("features");
        var copied = (await actor.Receive()).ShouldNotBeNull().Child("received", Ns.Carbons)!.Child("forwarded", Ns.Forward)!.Child("message", Ns.Client)!;
        await actor.Send("</stream:stream>");
        return (success.Child("bound", Ns.Bind2)!.Child("metadata", Ns.Archive)!.Child("end")?["id"], NumberOf(copied));
    }

    private static async Task Write(Actor orchard, CancellationToken stop)
    {
        for (var number = 1; !stop.IsCancellationRequested; number++)
        {
            await orchard.Send($"<message to='juliet@localhost' type='chat'><body>{number}</body></message>");
            await orchard.Fence();
        }
    }

    private static async Task Read(Actor balcony, Dictionary<string, int> numbers)
    {
        while (await balcony.Receive() is { } message && message.Child("body")?.Text() != "end")
        {
            if (message.Child("body") is not null)
            {
                numbers.Add(message.Child("stanza-id", Ns.StanzaIds)!["id"]!, NumberOf(message));
            }
        }
    }

    private static int NumberOf(Element message) => int.Parse(message.Child("body")!.Text(), CultureInfo.InvariantCulture);

    private static string Plain(string user) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{user}\0{TestCredentials.Password}"));
}
