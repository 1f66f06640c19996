using Likeness.Interop.Tests.Hosting;
using Likeness.Xmpp;
using Likeness.Xmpp.Client;
using Likeness.Xmpp.Client.Avatars;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Xml;

namespace Likeness.Interop.Tests.Federation;

/// <summary>People of this server talk to those of Prosody, of ejabberd and of another server of this kind, found by real DNS.</summary>
[Trait("Category", "Integration")]
public sealed class FederationTests(ChatNames names) : IClassFixture<ChatNames>
{
    [Theory]
    [InlineData("other", true)]
    [InlineData("other", false)]
    [InlineData("prosody", true)]
    [InlineData("prosody", false)]
    [InlineData("ejabberd", true)]
    [InlineData("ejabberd", false)]
    [Trait("Requirement", "F-1")]
    [Trait("Requirement", "F-37")]
    public async Task Messages_and_questions_go_both_ways(string kind, bool isSigned)
    {
        await using var both = await ChatPair.Open(names, kind, isSigned);
        var (here, there, juliet, romeo) = both;
        await both.Within(40, async cancellationToken =>
        {
            await juliet.Send(Message($"romeo@{there.Domain}", "Ay me!"), cancellationToken);
            (await romeo.Expect(stanza => Body(stanza) == "Ay me!", cancellationToken))["from"].ShouldBe(juliet.Address.Text);
            await romeo.Send(Message($"juliet@{here.Domain}", "She speaks."), cancellationToken);
            (await juliet.Expect(stanza => Body(stanza) == "She speaks.", cancellationToken))["from"].ShouldBe(romeo.Address.Text);
            (await juliet.Request(Ping(there.Domain), cancellationToken))["type"].ShouldBe("result");
            (await romeo.Request(Ping(here.Domain), cancellationToken))["type"].ShouldBe("result");
        });
    }

    [Theory]
    [InlineData("other")]
    [InlineData("prosody")]
    [InlineData("ejabberd")]
    [Trait("Requirement", "F-22")]
    [Trait("Requirement", "F-37")]
    public async Task Contacts_see_each_other_and_each_others_pictures(string kind)
    {
        await using var both = await ChatPair.Open(names, kind, presence: Listening, answer: Describe);
        var (here, there, juliet, romeo) = both;
        await both.Within(60, async cancellationToken =>
        {
            await Stage.Befriend(juliet, romeo);
            await juliet.Expect(stanza => stanza.Name == "presence" && stanza["type"] is null && stanza["from"] == romeo.Address.Text, cancellationToken);
            await romeo.Expect(stanza => stanza.Name == "presence" && stanza["type"] is null && stanza["from"] == juliet.Address.Text, cancellationToken);
            foreach (var (showing, seeing) in new[] { (juliet, romeo), (romeo, juliet) })
            {
                var id = showing == juliet ? await new AvatarPublisher(juliet).Publish(Picture, "presence", cancellationToken: cancellationToken) : await Publish(romeo, cancellationToken);
                await seeing.Expect(stanza => IsTold(stanza, showing.Address.BareText, id), cancellationToken);
                var data = await seeing.Request(Items(showing.Address.BareText, id), cancellationToken);
                data.Child("pubsub", Ns.PubSub)!.FirstChild()!.FirstChild()!.FirstChild()!.Text().Trim().ShouldBe(Convert.ToBase64String(Picture));
            }

            // Shown to contacts only: somebody else sees nothing.
            await there.AddUser("tybalt");
            await using var tybalt = await there.LogIn("tybalt");
            await Should.ThrowAsync<StanzaErrorException>(() => tybalt.Request(Items(juliet.Address.BareText, Convert.ToHexStringLower(System.Security.Cryptography.SHA1.HashData(Picture))), cancellationToken));
            await juliet.Send(new Element("presence", Ns.Client).Set("type", "unavailable"), cancellationToken);
            await romeo.Expect(stanza => stanza["type"] == "unavailable" && stanza["from"] == juliet.Address.Text, cancellationToken);
        });
    }

    [Theory]
    [InlineData("other")]
    [InlineData("prosody")]
    [InlineData("ejabberd")]
    [Trait("Requirement", "M-5A")]
    [Trait("Requirement", "F-40")]
    public async Task Rooms_of_either_server_have_people_of_both(string kind)
    {
        await using var both = await ChatPair.Open(names, kind);
        var (here, there, juliet, romeo) = both;
        await both.Within(60, async cancellationToken =>
        {
            foreach (var (domain, first, second) in new[] { (here.Domain, juliet, romeo), (there.Domain, romeo, juliet) })
            {
                var room = $"verona@rooms.{domain}";
                await Enter(first, room, "first", cancellationToken);
                await first.Request(XmlStreamReader.ParseElement($"<iq type='set' to='{room}'><query xmlns='{Ns.MucOwner}'><x xmlns='jabber:x:data' type='submit'/></query></iq>", Ns.Client), cancellationToken);
                await Enter(second, room, "second", cancellationToken);
                for (var number = 0; number < 20; number++)
                {
                    await second.Send(Message(room, $"{number}").Set("type", "groupchat"), cancellationToken);
                }

                for (var number = 0; number < 20; number++)
                {
                    var heard = await first.Expect(stanza => stanza["type"] == "groupchat" && Body(stanza) is not null && stanza["from"]!.StartsWith(room, StringComparison.Ordinal), cancellationToken);
                    (Body(heard), heard["from"]).ShouldBe(($"{number}", $"{room}/second"));
                }

                if (domain == here.Domain)
                {
                    // Whether there is a card the other server says, through the room; it must say something.
                    (await CardOf(first, $"{room}/second", cancellationToken)).ShouldBeOneOf("result", "error");
                }

                await second.Send(new Element("presence", Ns.Client).Set("to", $"{room}/second").Set("type", "unavailable"), cancellationToken);
                await first.Expect(stanza => stanza["type"] == "unavailable" && stanza["from"] == $"{room}/second", cancellationToken);
            }
        });
    }

    [Theory]
    [InlineData("other")]
    [InlineData("prosody")]
    [InlineData("ejabberd")]
    [Trait("Requirement", "F-33")]
    public async Task The_doctor_finds_nothing_wrong_with_where_servers_connect(string kind)
    {
        await using var there = ChatServer.Make(kind, names, isSigned: true);
        await there.Start();

        var ran = await ExternalProgram.Run(Path.Combine(AppContext.BaseDirectory, "Likeness.Cli"), "check", there.Domain, "--dns", names.Resolver.ToString(), "--ca", names.AuthorityFile);

        ran.Lines.Count(line => line.Contains("answers other servers that ask about its keys", StringComparison.Ordinal)).ShouldBe(2, $"{ran.Shown}\n{there.Log}");
        ran.Lines.ShouldAllBe(line => !line.StartsWith("wrong ", StringComparison.Ordinal) || !line.Contains("127.0.0.1", StringComparison.Ordinal), ran.Shown);
    }

    [Theory]
    [InlineData("other")]
    [InlineData("prosody")]
    [InlineData("ejabberd")]
    [Trait("Requirement", "F-13")]
    [Trait("Requirement", "F-14")]
    public async Task What_is_said_while_a_server_restarts_arrives_in_order_or_comes_back(string kind)
    {
        await using var both = await ChatPair.Open(names, kind);
        var (here, there, juliet, romeo) = both;
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        await juliet.Send(Message($"romeo@{there.Domain}", "before"), late.Token);
        await romeo.Expect(stanza => Body(stanza) == "before", late.Token);
        await romeo.DisposeAsync();

        await there.Stop();
        for (var number = 0; number < 10; number++)
        {
            await juliet.Send(Message($"romeo@{there.Domain}", $"{number}").Set("id", $"{number}"), late.Token);
        }

        // Nobody is there: each comes back, with the reason.
        var back = new List<string?>();
        while (back.Count < 10)
        {
            back.Add((await juliet.Expect(stanza => stanza.Name == "message" && stanza["type"] == "error", late.Token))["id"]);
        }

        back.ShouldBe(Enumerable.Range(0, 10).Select(number => $"{number}"));
        await there.Start();
        await using var again = await there.LogIn("romeo");

        // It calls us, so it is tried again at once.
        await again.Send(Message($"juliet@{here.Domain}", "I am back."), late.Token);
        await juliet.Expect(stanza => Body(stanza) == "I am back.", late.Token);
        for (var number = 0; number < 10; number++)
        {
            await juliet.Send(Message($"romeo@{there.Domain}", $"after {number}"), late.Token);
        }

        for (var number = 0; number < 10; number++)
        {
            Body(await again.Expect(stanza => Body(stanza) is not null, late.Token)).ShouldBe($"after {number}");
        }
    }

    private static string Listening => new Element("presence", Ns.Client).Add(Xep0115EntityCapabilities.ToElement("urn:example:client", DiscoInfo.Read(Description(null))!)).ToString();

    private static readonly byte[] Picture = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=");

    private static Element? Describe(Element asked) =>
        asked.FirstChild() is { Namespace: Ns.DiscoInfo } query ? StanzaReply.Result(asked, Description(query["node"])) : null;

    private static Element Description(string? node) => XmlStreamReader.ParseElement(
        $"<query xmlns='{Ns.DiscoInfo}'><identity category='client' type='pc'/><feature var='{Ns.DiscoInfo}'/><feature var='{Ns.Caps}'/><feature var='{Ns.AvatarMetadata}+notify'/></query>").Set("node", node);

    // Without the options that the client library asks for: not every server knows them.
    private static async Task<string> Publish(XmppClient client, CancellationToken cancellationToken)
    {
        var id = Convert.ToHexStringLower(System.Security.Cryptography.SHA1.HashData(Picture));
        foreach (var (node, payload) in new[]
        {
            (Ns.AvatarData, $"<data xmlns='{Ns.AvatarData}'>{Convert.ToBase64String(Picture)}</data>"),
            (Ns.AvatarMetadata, $"<metadata xmlns='{Ns.AvatarMetadata}'><info id='{id}' bytes='{Picture.Length}' type='image/png' width='1' height='1'/></metadata>"),
        })
        {
            await client.Request(XmlStreamReader.ParseElement($"<iq type='set'><pubsub xmlns='{Ns.PubSub}'><publish node='{node}'><item id='{id}'>{payload}</item></publish></pubsub></iq>", Ns.Client), cancellationToken);
        }

        return id;
    }

    private static bool IsTold(Element stanza, string by, string id) =>
        stanza.Name == "message" && stanza["from"] == by && stanza.Child("event", Ns.PubSubEvent)?.FirstChild()?.FirstChild()?["id"] == id;

    private static Element Items(string of, string id) =>
        XmlStreamReader.ParseElement($"<iq type='get' to='{of}'><pubsub xmlns='{Ns.PubSub}'><items node='{Ns.AvatarData}'><item id='{id}'/></items></pubsub></iq>", Ns.Client);

    private static async Task Enter(XmppClient client, string room, string nick, CancellationToken cancellationToken)
    {
        await client.Send(XmlStreamReader.ParseElement($"<presence to='{room}/{nick}'><x xmlns='{Ns.Muc}'><history maxstanzas='0'/></x></presence>", Ns.Client), cancellationToken);
        var entered = await client.Expect(stanza => stanza.Name == "presence" && stanza["from"] == $"{room}/{nick}", cancellationToken);
        entered["type"].ShouldBeNull(entered.ToString());
        await client.Expect(stanza => stanza["type"] == "groupchat" && stanza.Child("subject") is not null, cancellationToken);
    }

    private static async Task<string?> CardOf(XmppClient client, string occupant, CancellationToken cancellationToken)
    {
        try
        {
            return (await client.Request(new Element("iq", Ns.Client).Set("to", occupant).Set("type", "get").Add(new Element("vCard", Ns.VCard)), cancellationToken))["type"];
        }
        catch (StanzaErrorException refusal)
        {
            return refusal.Condition.Name is "remote-server-timeout" or "remote-server-not-found" ? "lost" : "error";
        }
    }

    private static Element Message(string to, string body) => new Element("message", Ns.Client).Set("to", to).Set("type", "chat").Add("body", body);

    private static string? Body(Element stanza) => stanza.Name == "message" ? stanza.Child("body")?.Text() : null;

    private static Element Ping(string to) => new Element("iq", Ns.Client).Set("to", to).Set("type", "get").Add(new Element("ping", Ns.Ping));
}
