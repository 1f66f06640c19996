using System.Globalization;
using Likeness.Xmpp.Sasl;
using Likeness.Xmpp.Server.Sessions;
using Likeness.Xmpp.Server.Tests.Features;
using Likeness.Xmpp.Server.Tests.Hosting;
using Likeness.Xmpp.Server.Tests.Play;
using Likeness.Xmpp.Server.Tests.Streams;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Tests.Routing;

/// <summary>The next message of a stream begins while the one before waits for the disk, and nobody can tell.</summary>
public sealed class MessageOrderTests
{
    [Fact]
    [Trait("Requirement", "C-2B")]
    public async Task What_is_durable_first_is_not_delivered_before_what_was_sent_first()
    {
        await using var scene = new Scene();
        var disk = SlowDisk.Under(scene);
        var (juliet, romeo) = await Talking(disk);

        await juliet.Send(Message(1) + Message(2) + Message(3));
        await disk.Reached(3);
        disk.Release(2);
        disk.Release(3);
        await romeo.Fence();
        romeo.Kept.ShouldBeEmpty();
        disk.Release(1);

        await ShouldReceive(romeo, 1, 2, 3);
    }

    [Theory]
    [Trait("Requirement", "C-2B")]
    [InlineData("<iq type='result' id='2' to='romeo@localhost/here'/>")]
    [InlineData("<presence id='2' to='romeo@localhost/here'/>")]
    public async Task Whatever_else_is_sent_waits_until_the_messages_before_are_delivered(string stanza)
    {
        await using var scene = new Scene();
        var disk = SlowDisk.Under(scene);
        var (juliet, romeo) = await Talking(disk);

        await juliet.Send(Message(1) + stanza + Message(3));
        await disk.Reached(1);
        await romeo.Fence();
        romeo.Kept.ShouldBeEmpty();
        disk.Release(1);
        await disk.Reached(2);
        disk.Release(2);

        await ShouldReceive(romeo, 1, 2, 3);
    }

    [Fact]
    [Trait("Requirement", "C-2B")]
    [Trait("Requirement", "A-21")]
    public async Task What_is_refused_at_once_is_told_behind_what_the_disk_refuses_later()
    {
        await using var scene = new Scene();
        var disk = SlowDisk.Under(scene);
        var (juliet, romeo) = await Talking(disk);

        await juliet.Send(Message(1) + Message(2, "nobody@localhost") + Message(3, "@") + Message(4));
        await disk.Reached(1);
        disk.Refuse(1);
        await disk.Reached(2);
        disk.Release(2);

        foreach (var number in new[] { 1, 2, 3 })
        {
            var error = (await juliet.Receive()).ShouldNotBeNull();
            (error["type"], error["id"]).ShouldBe(("error", $"{number}"));
        }

        await ShouldReceive(romeo, 4);
    }

    [Fact]
    [Trait("Requirement", "C-2B")]
    public async Task What_needs_no_disk_is_not_delivered_before_what_waits_for_it()
    {
        await using var scene = new Scene();
        var disk = SlowDisk.Under(scene);
        var (juliet, romeo) = await Talking(disk);

        await juliet.Send(Message(1) + "<message to='romeo@localhost/here' type='chat' id='2'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>" + Message(3));
        await disk.Reached(2);
        await romeo.Fence();
        romeo.Kept.ShouldBeEmpty();
        disk.Release(2);
        disk.Release(1);

        await ShouldReceive(romeo, 1, 2, 3);
    }

    [Fact]
    [Trait("Requirement", "A-21")]
    public async Task A_question_behind_messages_is_answered_with_as_many_as_are_durable()
    {
        await using var scene = new Scene();
        var disk = SlowDisk.Under(scene);
        var (juliet, romeo) = await Talking(disk);
        await juliet.Send($"<enable xmlns='{Ns.StreamManagement}'/>");
        (await juliet.Receive()).ShouldNotBeNull().Name.ShouldBe("enabled");

        foreach (var number in new[] { 1, 2 })
        {
            await juliet.Send(Message(number));
            await juliet.Send($"<r xmlns='{Ns.StreamManagement}'/>");
        }

        await disk.Reached(2);
        disk.Release(2);
        disk.Release(1);

        foreach (var handled in new[] { "1", "2" })
        {
            var answer = (await juliet.Receive()).ShouldNotBeNull();
            (answer.Name, answer["h"]).ShouldBe(("a", handled));
        }

        await ShouldReceive(romeo, 1, 2);
    }

    [Fact]
    [Trait("Requirement", "A-21")]
    public async Task A_stream_that_breaks_a_rule_behind_a_message_ends_when_the_message_is_delivered()
    {
        await using var scene = new Scene();
        var disk = SlowDisk.Under(scene);
        var (juliet, romeo) = await Talking(disk);
        await juliet.Send($"<enable xmlns='{Ns.StreamManagement}'/>");
        (await juliet.Receive()).ShouldNotBeNull().Name.ShouldBe("enabled");

        await juliet.Send($"{Message(1)}<a xmlns='{Ns.StreamManagement}' h='999'/>{Message(2)}");
        await disk.Reached(2);
        disk.Release(2);
        disk.Release(1);

        (await juliet.Until(element => element.Name == "error")).Child("undefined-condition", Ns.StreamErrors).ShouldNotBeNull();
        await ShouldReceive(romeo, 1, 2);
    }

    [Fact]
    [Trait("Requirement", "R-12")]
    [Trait("Requirement", "A-21")]
    public async Task Whoever_comes_back_is_told_what_was_handled_when_nothing_waits_for_the_disk_any_more()
    {
        await using var scene = new Scene();
        var disk = SlowDisk.Under(scene);
        var (juliet, romeo) = await Talking(disk);
        await juliet.Send($"<enable xmlns='{Ns.StreamManagement}' resume='true'/>");
        var id = (await juliet.Receive()).ShouldNotBeNull()["id"];
        await juliet.Send(Message(1) + Message(2));
        await disk.Reached(2);
        juliet.Cut();

        var again = await scene.Open("juliet/again");
        (await again.Authenticate(new PlainClient("juliet", TestCredentials.Password))).ShouldBe("success");
        again.Restart();
        await again.OpenStream();
        await again.Send($"<resume xmlns='{Ns.StreamManagement}' previd='{id}' h='0'/>");
        disk.Release(2);
        for (var round = 0; round < 30; round++)
        {
            // Long enough for an answer that comes too early.
            await romeo.Fence();
        }

        disk.Release(1);

        var resumed = await again.Until(element => element.Namespace == Ns.StreamManagement);
        (resumed.Name, resumed["h"]).ShouldBe(("resumed", "2"));
        await ShouldReceive(romeo, 1, 2);
    }

    [Fact]
    [Trait("Requirement", "C-2B")]
    public async Task A_stream_is_not_read_on_when_as_many_messages_as_may_wait_for_the_disk()
    {
        await using var scene = new Scene();
        var disk = SlowDisk.Under(scene);
        var (juliet, romeo) = await Talking(disk);
        var all = Enumerable.Range(1, MessagesAhead.Max + 1).ToArray();

        await juliet.Send(string.Concat(all.Select(number => Message(number))));
        await disk.Reached(MessagesAhead.Max);
        await romeo.Fence();
        disk.Added.ShouldBe(MessagesAhead.Max);
        foreach (var number in all)
        {
            disk.Release(number);
        }

        await ShouldReceive(romeo, all);
    }

    [Fact]
    [Trait("Requirement", "C-2B")]
    public async Task A_stream_is_not_read_on_when_as_many_bytes_as_may_wait_for_the_disk()
    {
        await using var scene = new Scene();
        var disk = SlowDisk.Under(scene);
        var (juliet, romeo) = await Talking(disk);
        var half = new string('x', MessagesAhead.MaxBytes / 2);

        await juliet.Send(Message(1, text: half) + Message(2, text: half) + Message(3));
        await disk.Reached(2);
        await romeo.Fence();
        disk.Added.ShouldBe(2);
        disk.Release(1);
        disk.Release(2);
        disk.Release(3);

        await ShouldReceive(romeo, 1, 2, 3);
    }

    // Whose archives are open: the first message of all waits for that.
    private static async Task<(Actor Juliet, Actor Romeo)> Talking(SlowDisk disk)
    {
        var (juliet, romeo) = (await disk.LogIn("juliet"), await disk.LogIn("romeo"));
        disk.IsFast = true;
        await juliet.Send(Message(0));
        await ShouldReceive(romeo, 0);
        await juliet.Fence();
        disk.IsFast = false;
        return (juliet, romeo);
    }

    private static string Message(int number, string to = "romeo@localhost/here", string text = "hi") => $"<message to='{to}' type='chat' id='{number}'><body>{text}</body></message>";

    private static async Task ShouldReceive(Actor actor, params int[] numbers)
    {
        foreach (var number in numbers)
        {
            (await actor.Receive()).ShouldNotBeNull()["id"].ShouldBe(number.ToString(CultureInfo.InvariantCulture));
        }
    }
}
