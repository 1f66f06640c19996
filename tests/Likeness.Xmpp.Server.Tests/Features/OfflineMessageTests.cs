using System.Globalization;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Server.Tests.Play;
using Likeness.Xmpp.Xml;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Xmpp.Server.Tests.Features;

/// <summary>What waits for somebody is gone only when it was read.</summary>
public sealed class OfflineMessageTests
{
    private const int Several = 120;

    [Fact]
    [Trait("Requirement", "C-153")]
    [Trait("Category", "Slow")]
    public async Task A_reader_that_takes_its_time_gets_everything_and_is_not_cut_off()
    {
        const int count = 40, length = 480_000;
        await using var scene = await Cast("juliet and romeo are users", "juliet/balcony connects");
        using var quiet = scene.Conversation.Pause();
        var body = new string('x', length);
        await Send(scene, count, number => $"{number}:{body}");
        ((long)count * length).ShouldBeGreaterThan(2 * scene.Options.MaxUnsentBytes);

        await Performance.Play(scene, Transcript.Parse("login", ["romeo/orchard connects"]));
        var romeo = scene.Actor("romeo/orchard");
        await romeo.Send("<presence/>");

        // Time for the server to run ahead as far as it wants.
        for (var wait = 0; wait < 100; wait++)
        {
            await scene.Actor("juliet/balcony").Fence();
        }

        (await Bodies(romeo, count)).ShouldBe(Enumerable.Range(0, count).Select(number => $"{number}:{body}"));
        await ShouldKeep(scene, 0, romeo);
    }

    [Fact]
    [Trait("Requirement", "C-153")]
    public async Task What_a_client_did_not_say_it_read_comes_again_in_order_and_once()
    {
        await using var scene = await Cast("juliet and romeo are users", "juliet/balcony connects");
        using var quiet = scene.Conversation.Pause();
        await Send(scene, Several, number => Text(number));

        var lost = await Come(scene, "romeo/train", answersPings: false);
        (await Bodies(lost, 10)).ShouldBe(Numbers(0, 10));
        await lost.HangUp();

        var home = await Come(scene, "romeo/home");
        (await Bodies(home, Several)).ShouldBe(Numbers(0, Several));
        await ShouldKeep(scene, 0, home);
    }

    [Fact]
    [Trait("Requirement", "C-153")]
    public async Task Only_one_resource_reads_and_the_next_one_takes_over_when_it_ends()
    {
        await using var scene = await Cast("juliet and romeo are users", "juliet/balcony connects");
        using var quiet = scene.Conversation.Pause();
        await Send(scene, 3, number => Text(number));
        var train = await Come(scene, "romeo/train", answersPings: false);
        await train.Fence();
        var home = await Come(scene, "romeo/home");
        (await Bodies(train, 3)).ShouldBe(Numbers(0, 3));
        await scene.FenceAll();
        home.Kept.ShouldNotContain(stanza => stanza.Name == "message");

        await train.Send("</stream:stream>");
        (await Bodies(home, 3)).ShouldBe(Numbers(0, 3));
        await ShouldKeep(scene, 0, home);
    }

    [Fact]
    [Trait("Requirement", "C-153")]
    public async Task A_session_is_shown_no_message_twice_however_often_it_comes_and_goes()
    {
        await using var scene = await Cast("juliet and romeo are users", "juliet/balcony connects");
        using var quiet = scene.Conversation.Pause();
        await Send(scene, 3, number => Text(number));
        var romeo = await Come(scene, "romeo/orchard", answersPings: false);
        await romeo.Send("<presence type='unavailable'/><presence/><presence><priority>-1</priority></presence><presence><priority>1</priority></presence>");
        await romeo.Fence();
        var fence = romeo.Kept.Single(stanza => stanza["from"] == "localhost");
        await romeo.Send("<presence type='unavailable'/>");
        await romeo.Fence();
        await Send(scene, 2, number => Text(number + 3));
        await romeo.Send($"<iq type='error' id='{fence["id"]}' to='localhost'/>");
        await romeo.Send("<presence/>");
        romeo.AnswersPings = true;

        (await Bodies(romeo, 5)).ShouldBe(Numbers(0, 5));
        await ShouldKeep(scene, 0, romeo);
        romeo.Kept.ShouldNotContain(stanza => stanza.Name == "message");
    }

    [Fact]
    [Trait("Requirement", "R-14")]
    public async Task What_a_session_did_not_take_goes_to_another_resource_or_waits_or_comes_back()
    {
        await using var scene = await Cast("juliet and romeo are users", "juliet/balcony connects", "romeo/train comes online");
        var missed = await SessionOf(scene, "romeo", "train");
        var stanzas = Stanzas(
            "<message id='bare' type='chat' to='romeo@localhost'><body>bare</body></message>",
            "<message id='full' to='romeo@localhost/train'><body>full</body></message>",
            "<message id='typing' type='chat' to='romeo@localhost'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>",
            "<message id='news' type='headline' to='romeo@localhost'><body>news</body></message>",
            "<message id='room' type='groupchat' to='romeo@localhost/train'><body>room</body></message>",
            "<iq id='asked' type='get' to='romeo@localhost/train'><ping xmlns='urn:xmpp:ping'/></iq>",
            "<iq id='answered' type='result' to='romeo@localhost/train'/>",
            "<presence to='romeo@localhost'/>");

        // Nobody else is there: it waits.
        await Undelivered(scene, missed, stanzas);
        await Performance.Play(scene, Transcript.Parse("alone",
        [
            "juliet/balcony receives",
            "    <message id='room' type='error'><error><recipient-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>",
            "    <iq id='asked' type='error'><error><recipient-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
            "juliet/balcony receives nothing",
            "romeo/train receives nothing",
        ]));
        await ShouldKeep(scene, 2, scene.Actor("romeo/train"));

        // Somebody else is: it is shown there.
        await Performance.Play(scene, Transcript.Parse("home", ["romeo/home comes online", "romeo/home receives", "    <message id='bare'/>", "    <message id='full'/>"]));
        await Undelivered(scene, missed, stanzas);
        await Performance.Play(scene, Transcript.Parse("shown",
        [
            "romeo/home receives",
            "    <message id='bare' to='romeo@localhost'><delay xmlns='urn:xmpp:delay' from='localhost' stamp='1970-01-01T00:00:00.000Z'/></message>",
            "    <message id='full' to='romeo@localhost/train'/>",
            "    <message id='typing'/>",
            "romeo/home receives nothing",
        ]));
    }

    [Fact]
    [Trait("Requirement", "R-14")]
    public async Task What_was_sent_from_the_waiting_ones_and_not_taken_waits_once_and_not_twice()
    {
        await using var scene = await Cast("juliet and romeo are users", "juliet/balcony connects");
        await Send(scene, 2, number => Text(number));
        var train = await Come(scene, "romeo/train", answersPings: false);
        await train.Fence();
        var taken = train.Kept.Where(stanza => stanza.Name == "message").ToArray();
        taken.Length.ShouldBe(2);

        await Undelivered(scene, await SessionOf(scene, "romeo", "train"), taken);

        await ShouldKeep(scene, 2, train);
    }

    [Fact]
    [Trait("Requirement", "R-14")]
    public void A_stanza_for_several_resources_comes_back_when_none_of_them_took_it()
    {
        var shared = new PreparedStanza(new Element("message", Ns.Client)) { Recipients = 2 };
        shared.Miss().ShouldBeFalse();
        shared.Miss().ShouldBeTrue();
        new PreparedStanza(new Element("message", Ns.Client)).Miss().ShouldBeTrue();
    }

    private static async Task<Scene> Cast(params string[] lines)
    {
        var scene = new Scene();
        scene.Options = scene.Options with { MaxOfflineMessages = 200 };
        await Performance.Play(scene, Transcript.Parse("cast", lines));
        return scene;
    }

    private static async Task Send(Scene scene, int count, Func<int, string> body)
    {
        var juliet = scene.Actor("juliet/balcony");
        for (var number = 0; number < count; number++)
        {
            await juliet.Send($"<message to='romeo@localhost' type='chat'><body>{body(number)}</body></message>");
        }

        await juliet.Fence();
    }

    private static async Task<Actor> Come(Scene scene, string name, bool answersPings = true)
    {
        await Performance.Play(scene, Transcript.Parse("login", [$"{name} connects"]));
        var actor = scene.Actor(name);
        actor.AnswersPings = answersPings;
        await actor.Send("<presence/>");
        return actor;
    }

    private static async Task<List<string>> Bodies(Actor actor, int count)
    {
        var bodies = new List<string>();
        while (bodies.Count < count)
        {
            var stanza = (await actor.Receive()).ShouldNotBeNull($"the stream ended after {bodies.Count} messages");
            if (stanza.Name == "message")
            {
                stanza.Child("delay", Ns.Delay).ShouldNotBeNull();
                bodies.Add(stanza.Child("body")!.Text());
            }
        }

        return bodies;
    }

    // The server asks behind a page whether it was read, and removes it when it is told so: both may come after any one fence.
    private static async Task ShouldKeep(Scene scene, int count, Actor fenced)
    {
        var store = (await scene.Server()).Stores.Offline;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        int kept;
        do
        {
            await fenced.Fence();
            kept = (await store.Load(new Identity("romeo@localhost"), 0, long.MaxValue)).Count;
        }
        while (kept != count && !limit.IsCancellationRequested);
        kept.ShouldBe(count);
    }

    private static async Task<Session> SessionOf(Scene scene, string name, string resource) =>
        (await scene.Server()).Services.GetRequiredService<AccountDirectory>().FindLoaded($"{name}@localhost")!.SessionOf(resource)!;

    private static async Task Undelivered(Scene scene, Session session, Element[] stanzas) =>
        await (await scene.Server()).Services.GetRequiredService<ISessionHandler>().Undelivered(session, [.. stanzas.Select(stanza => new ReturnedStanza(stanza, DateTimeOffset.UnixEpoch))]);

    private static Element[] Stanzas(params string[] texts) =>
        [.. texts.Select(text => XmlStreamReader.ParseElement(text, Ns.Client).Set("from", "juliet@localhost/balcony"))];

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static IEnumerable<string> Numbers(int from, int to) => Enumerable.Range(from, to - from).Select(Text);
}
