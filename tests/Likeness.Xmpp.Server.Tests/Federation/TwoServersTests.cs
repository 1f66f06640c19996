using Likeness.Xmpp.Server.Federation;
using Likeness.Xmpp.Server.Tests.Play;
using Likeness.Xmpp.Xml;

namespace Likeness.Xmpp.Server.Tests.Federation;

/// <summary>People of two servers of this kind, that talk to each other over TCP and TLS.</summary>
public sealed class TwoServersTests
{
    [Fact]
    [Trait("Requirement", "F-9")]
    [Trait("Requirement", "F-25")]
    [Trait("Requirement", "C-191")]
    public async Task With_certificates_one_stream_serves_both_ways()
    {
        await using var both = await TwoServers.Start();
        var juliet = await both.ComeOnline("juliet", TwoServers.Here);
        var romeo = await both.ComeOnline("romeo", TwoServers.There);

        await juliet.Send($"<message to='romeo@{TwoServers.There}' type='chat' id='1'><body>Ay me!</body></message>");
        (await romeo.Receive()).ShouldBeMessage("1", $"juliet@{TwoServers.Here}/client");
        await romeo.Send($"<message to='juliet@{TwoServers.Here}/client' type='chat' id='2'><body>She speaks.</body></message>");
        (await juliet.Receive()).ShouldBeMessage("2", $"romeo@{TwoServers.There}/client");

        var stream = TwoServers.PeersOf(both.Capulet).OpenStreams.ShouldHaveSingleItem();
        stream.ShouldBeOfType<OutgoingStream>();
        stream.AuthenticatedBy.ShouldBe("EXTERNAL");
        stream.IsBidirectional.ShouldBeTrue();
        TwoServers.PeersOf(both.Montague).OpenStreams.ShouldHaveSingleItem().ShouldBeOfType<IncomingStream>();
    }

    [Fact]
    [Trait("Requirement", "F-4")]
    [Trait("Requirement", "F-14")]
    public async Task What_is_written_fast_arrives_whole_and_in_order_over_one_stream()
    {
        await using var both = await TwoServers.Start(change: federation => federation with { MaxWaitingStanzas = 500 });
        var juliet = await both.ComeOnline("juliet", TwoServers.Here);
        var romeo = await both.ComeOnline("romeo", TwoServers.There);
        await juliet.Send($"<message to='romeo@{TwoServers.There}/client' type='chat' id='first'><body>Good night!</body></message>");
        (await romeo.Receive())!["id"].ShouldBe("first");

        var sending = Task.Run(async () =>
        {
            for (var number = 0; number < 10_000; number += 100)
            {
                await juliet.Send(string.Concat(Enumerable.Range(number, 100).Select(one =>
                    $"<message to='romeo@{TwoServers.There}/client' type='chat' id='{one}'><body>Parting is such sweet sorrow, that I shall say good night till it be morrow.</body><no-store xmlns='{Ns.Hints}'/></message>")));
            }
        });
        for (var number = 0; number < 10_000; number++)
        {
            (await romeo.Receive())!["id"].ShouldBe($"{number}");
        }

        await sending;
        TwoServers.PeersOf(both.Capulet).OpenStreams.ShouldHaveSingleItem();
    }

    [Fact]
    [Trait("Requirement", "F-11")]
    [Trait("Requirement", "F-23")]
    [Trait("Requirement", "C-191")]
    public async Task Without_certificates_dialback_says_who_is_who_over_a_stream_for_each_direction()
    {
        await using var both = await TwoServers.Start(areCertified: false);
        var juliet = await both.ComeOnline("juliet", TwoServers.Here);
        var romeo = await both.ComeOnline("romeo", TwoServers.There);

        await juliet.Send($"<message to='romeo@{TwoServers.There}' type='chat' id='1'><body>Ay me!</body></message>");
        (await romeo.Receive()).ShouldBeMessage("1", $"juliet@{TwoServers.Here}/client");
        await romeo.Send($"<message to='juliet@{TwoServers.Here}/client' type='chat' id='2'><body>She speaks.</body></message>");
        (await juliet.Receive()).ShouldBeMessage("2", $"romeo@{TwoServers.There}/client");

        TwoServers.PeersOf(both.Capulet).OpenStreams.Where(stream => stream.AuthenticatedBy is not null).Select(stream => (stream.GetType().Name, stream.AuthenticatedBy))
            .ShouldBe([(nameof(IncomingStream), "dialback"), (nameof(OutgoingStream), "dialback")], ignoreOrder: true);
    }
}

/// <summary>What is looked for in what came.</summary>
internal static class Received
{
    public static void ShouldBeMessage(this Element? element, string id, string from)
    {
        element.ShouldNotBeNull();
        (element.Name, element["id"], element["from"], element["type"]).ShouldBe(("message", id, from, "chat"));
    }
}
