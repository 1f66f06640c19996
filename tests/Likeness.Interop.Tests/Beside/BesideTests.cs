using System.Net;
using System.Text.RegularExpressions;
using Likeness.Accounts;
using Likeness.Beside;
using Likeness.Cli.Tests;
using Likeness.Interop.Tests.Hosting;
using Likeness.Limits;
using Likeness.Storage;
using Likeness.Xmpp;
using Likeness.Xmpp.Client;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Xml;

namespace Likeness.Interop.Tests.Beside;

/// <summary>The real program beside real chat servers.</summary>
[Trait("Category", "Integration")]
public sealed class BesideTests : IDisposable
{
    private const string Juliet = "juliet@localhost";
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);
    private readonly HttpClient _web = new();
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("likeness-beside-");

    [Theory]
    [Trait("Requirement", "B-1")]
    [Trait("Requirement", "B-4")]
    [Trait("Requirement", "B-30")]
    [Trait("Requirement", "B-31")]
    [Trait("Requirement", "B-35")]
    [Trait("Requirement", "B-53")]
    [Trait("Requirement", "B-6")]
    [Trait("Requirement", "B-18")]
    [Trait("Requirement", "B-54")]
    [InlineData("prosody")]
    [InlineData("prosody, contacts")]
    [InlineData("prosody, people's addresses")]
    [InlineData("ejabberd, contacts")]
    [InlineData("ejabberd, open nodes")]
    public async Task A_portrait_goes_both_ways_and_so_does_its_removal(string kind)
    {
        await using var peer = ChatPeer.Make(kind);
        await peer.Start();
        await peer.AddUser("juliet");
        await peer.AddUser("romeo");
        await using var server = await ServerProcess.Start(_data.FullName, ["--xmpp", "off", .. peer.Settings]);
        var juliet = await peer.LogIn("juliet");
        await Until(server, async () => (await Status(server)).Contains("\"accounts\":\"2\"", StringComparison.Ordinal) || kind.StartsWith("prosody", StringComparison.Ordinal));

        // Chat to web.
        var face = TestPicture.Waves(64, 1);
        await Publish(juliet, face);
        await Until(server, () => IsShown(server, HttpStatusCode.OK));

        // Removal in chat.
        await Request(juliet, "set", Item(Ns.AvatarMetadata, null, Xep0084UserAvatar.Metadata()));
        await Until(server, () => IsShown(server, HttpStatusCode.NotFound));

        // Web to chat.
        await SetHere(Juliet, 2);
        await Until(server, async () => await juliet.MetadataOf(Juliet) is [var id] && await juliet.PhotoOf(Juliet) is { } photo && Xep0084UserAvatar.IdOf(photo) == id);
        await IsBrought(server);

        // Removal on the web.
        (await ExternalProgram.Likeness(server.Data, "avatar", "clear", Juliet)).Code.ShouldBe(0);
        await Until(server, async () => (await juliet.MetadataOf(Juliet)).Count == 0 && await juliet.PhotoOf(Juliet) is null);
        await IsBrought(server);
        (await _web.Fetch(server.Http, Juliet, 80)).Status.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    [Trait("Requirement", "B-43")]
    [Trait("Requirement", "P-60")]
    public async Task Of_two_pictures_one_is_on_both_sides_and_the_other_among_the_earlier_ones()
    {
        const string Romeo = "romeo@localhost";
        byte[] romeosInChats = TestPicture.Waves(64, 1), julietsInChats = TestPicture.Waves(64, 2);
        await using var peer = ChatPeer.Make("prosody");
        await peer.Start();
        await peer.AddUser("juliet");
        await peer.AddUser("romeo");

        // Nobody tells of what Romeo sets, who was never seen: what is set here is later.
        await using (var server = await ServerProcess.Start(_data.FullName, ["--xmpp", "off", .. peer.Settings]))
        {
            var romeo = await peer.LogIn("romeo", isPresent: false);
            await Publish(romeo, romeosInChats);
            await SetHere(Romeo, 3);
            await Until(server, async () => await romeo.MetadataOf(Romeo) is [var id] && id != Xep0084UserAvatar.IdOf(romeosInChats));
            await IsBrought(server);
        }

        // What Juliet sets in chats is found after what was set here and could not be brought there.
        var hers = await SetHere(Juliet, 4);
        await Publish(await peer.LogIn("juliet"), julietsInChats);
        await using (var server = await ServerProcess.Start(_data.FullName, ["--xmpp", "off", .. peer.Settings]))
        {
            await Until(server, async () => await IdHere(server) == Xep0084UserAvatar.IdOf(julietsInChats));
        }

        await using var stores = await Database.Open(new StorageOptions { DataDirectory = _data.FullName });
        (await Earlier(Romeo)).ShouldBe([(Xep0084UserAvatar.IdOf(romeosInChats), Origin.Beside)]);
        (await Earlier(Juliet)).ShouldBe([(hers, Origin.Command)]);

        async Task<IEnumerable<(string Id, Origin Origin)>> Earlier(string person) =>
            (await stores.Albums.Find(new Identity(person))).Pictures.Where(picture => picture.Ended is not null).Select(picture => (picture.Picture!.Id.Hex, picture.Origin));
    }

    [Theory]
    [Trait("Requirement", "B-80")]
    [InlineData("prosody")]
    [InlineData("ejabberd, open nodes")]
    public async Task The_chats_password_is_asked_of_the_chat_server_and_guesses_are_counted(string kind)
    {
        await using var peer = ChatPeer.Make(kind);
        await peer.Start();
        await peer.AddUser("juliet");
        var check = new ChatPasswordCheck(peer.Clients, [ChatPeer.Domain], new LoginLimits(TimeProvider.System));
        var client = ClientKey.Of(IPAddress.Loopback);
        var account = Jid.Parse(Juliet);
        (await check.Check(account, ChatPeer.Password, client)).ShouldBe(ChatPasswordAnswer.Right);
        (await check.Check(account, "another one", client)).ShouldBe(ChatPasswordAnswer.Wrong);
        (await check.Check(Jid.Parse("juliet@example.org"), ChatPeer.Password, client)).ShouldBe(ChatPasswordAnswer.Unknown);

        var stranger = ClientKey.Of(IPAddress.Parse("192.0.2.1"));
        for (var guess = 0; guess < LoginLimits.PerAccount.Permits; guess++)
        {
            (await check.Check(account, "guess", stranger)).ShouldBe(ChatPasswordAnswer.Wrong);
        }

        (await check.Check(account, ChatPeer.Password, stranger)).ShouldBe(ChatPasswordAnswer.TooMany);
        (await check.Check(account, ChatPeer.Password, client)).ShouldBe(ChatPasswordAnswer.Right);
        await peer.Kill();
        (await check.Check(account, ChatPeer.Password, client)).ShouldBe(ChatPasswordAnswer.Unknown);
    }

    [Theory]
    [Trait("Requirement", "B-80")]
    [Trait("Requirement", "B-81")]
    [Trait("Requirement", "B-57")]
    [InlineData("prosody")]
    [InlineData("ejabberd, open nodes")]
    public async Task Who_signs_in_by_the_password_of_the_chats_or_a_code_in_them_is_told_when_the_picture_is_there(string kind)
    {
        await using var peer = ChatPeer.Make(kind);
        await peer.Start();
        await peer.AddUser("juliet");
        await using var server = await ServerProcess.Start(_data.FullName, ["--xmpp", "off", .. peer.Settings, "--beside-login", $"{peer.Clients.Host}:{peer.Clients.Port}"]);
        using var browser = new PageVisitor(server.Http);
        await browser.Get("/sign-in");
        (await browser.Send("/sign-in", ("name", Juliet), ("password", "orchard"))).Location.ShouldBeNull();
        (await browser.Send("/sign-in", ("name", Juliet), ("password", ChatPeer.Password))).Location.ShouldBe("/me");

        var juliet = await peer.LogIn("juliet");
        await SetHere(Juliet, 2);
        await Until(server, async () => (await browser.Get("/me")).Contains("data-place=\"chats\" class=\"yes\"", StringComparison.Ordinal));
        (await juliet.MetadataOf(Juliet)).ShouldHaveSingleItem();

        // The code needs no more rights than being a component.
        using var other = new PageVisitor(server.Http);
        await other.Get("/sign-in/chat");
        var asked = (await other.Send("/sign-in/chat", ("name", "juliet"))).Location.ShouldNotBeNull();
        await other.Get(asked);
        var message = await juliet.Expect(stanza => stanza.Name == "message" && stanza["from"] == ChatPeer.Component && stanza.Child("body") is not null);
        var code = Regex.Match(message.Child("body")!.Text(), "[a-z2-9]{5}-[a-z2-9]{5}").Value;
        (await other.Send("/sign-in/chat?handler=Code", ("id", asked.Split("id=")[1]), ("code", code))).Location.ShouldBe("/me");
    }

    [Fact]
    [Trait("Requirement", "B-42")]
    [Trait("Requirement", "B-43")]
    public async Task Where_cards_are_apart_from_nodes_the_picture_that_only_a_card_had_is_an_earlier_one()
    {
        var inCard = TestPicture.Waves(64, 1);
        await using var peer = ChatPeer.Make("prosody, cards apart");
        await peer.Start();
        await peer.AddUser("juliet");
        var juliet = await peer.LogIn("juliet", isPresent: false);
        await Request(juliet, "set", Xep0054VCard.WithPhoto(new Element("vCard", Ns.VCard).Add("FN", "Juliet"), inCard, "image/png"));
        await using (var server = await ServerProcess.Start(_data.FullName, ["--xmpp", "off", .. peer.Settings]))
        {
            var id = await SetHere(Juliet, 3);
            await Until(server, async () => await IdThere(juliet) == id && await juliet.PhotoOf(Juliet) is { } photo && Xep0084UserAvatar.IdOf(photo) == id);
            await IsBrought(server);
        }

        await using var stores = await Database.Open(new StorageOptions { DataDirectory = _data.FullName });
        (await stores.Albums.Find(new Identity(Juliet))).Pictures.Single(picture => picture.Ended is not null).Picture!.Id.Hex.ShouldBe(Xep0084UserAvatar.IdOf(inCard));
    }

    [Fact]
    [Trait("Requirement", "B-9")]
    public async Task The_chats_of_another_domain_are_served_in_the_same_process()
    {
        const string Own = "home.localhost";
        await using var peer = ChatPeer.Make("prosody");
        await peer.Start();
        await peer.AddUser("juliet");
        await using var server = await ServerProcess.Start(_data.FullName, [.. peer.Settings, "--domain", Own, "--xmpp", "127.0.0.1:0"]);
        (await ExternalProgram.Likeness(server.Data, "user", "add", $"romeo@{Own}", "--password-file", await PasswordFile())).Code.ShouldBe(0);

        // A picture of each side, on one web.
        await Publish(await peer.LogIn("juliet"), TestPicture.Waves(64, 1));
        await using var romeo = await XmppClient.Connect(Login($"romeo@{Own}/client", server));
        await Publish(romeo, TestPicture.Waves(64, 2));
        await Until(server, async () => (await _web.Fetch(server.Http, $"romeo@{Own}", 80)).Status == HttpStatusCode.OK);
        await Until(server, () => IsShown(server, HttpStatusCode.OK));

        // Her chats are not here, and nobody takes her name.
        (await Should.ThrowAsync<StreamErrorException>(() => XmppClient.Connect(Login(Juliet, server)))).Condition.ShouldBe("host-unknown");
    }

    [Theory]
    [Trait("Category", "Long")]
    [Trait("Requirement", "B-56")]
    [Trait("Requirement", "B-74")]
    [InlineData("prosody")]
    [InlineData("ejabberd, open nodes")]
    public async Task Either_side_is_killed_again_and_again_and_both_agree_afterwards(string kind)
    {
        await using var peer = ChatPeer.Make(kind);
        await peer.Start();
        await peer.AddUser("juliet");
        var server = await ServerProcess.Start(_data.FullName, ["--xmpp", "off", .. peer.Settings]);
        try
        {
            for (var round = 0; round < 20; round++)
            {
                var juliet = await peer.LogIn("juliet");
                var isInChat = round % 2 == 0;
                var killsPeer = round % 4 < 2;
                var expected = "";
                var picture = TestPicture.Waves(64, (round % 7) + 1);
                if (isInChat)
                {
                    await Publish(juliet, picture);
                    expected = Xep0084UserAvatar.IdOf(picture);
                }
                else
                {
                    expected = await SetHere(Juliet, (round % 7) + 1);
                }

                if (killsPeer)
                {
                    await peer.Kill();
                    await peer.Start();
                    juliet = await peer.LogIn("juliet");
                }
                else
                {
                    await server.Kill();
                    await server.DisposeAsync();
                    server = await ServerProcess.Start(_data.FullName, ["--xmpp", "off", .. peer.Settings]);
                }

                await Until(server, async () => await IdThere(juliet) == expected && (!isInChat || await IdHere(server) == expected));
            }
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    public void Dispose()
    {
        _web.Dispose();
        _data.Delete(recursive: true);
    }

    private async Task<string> PasswordFile()
    {
        var file = Path.Combine(_data.FullName, "password");
        await File.WriteAllTextAsync(file, ChatPeer.Password);
        return file;
    }

    /// <summary>The operator sets a picture on this side, whether the server is there or not; what it is called in chats.</summary>
    private async Task<string> SetHere(string person, int number)
    {
        var file = Path.Combine(_data.FullName, "face.png");
        await File.WriteAllBytesAsync(file, TestPicture.Waves(96, number));
        var set = await ExternalProgram.Likeness(_data.FullName, "avatar", "set", person, file);
        set.Code.ShouldBe(0, set.Shown);
        return set.Output.Split(' ').Single(word => word.Length == 40);
    }

    private static XmppClientOptions Login(string account, ServerProcess server) => new()
    {
        Account = Jid.Parse(account),
        Password = ChatPeer.Password,
        Host = "127.0.0.1",
        Port = server.Xmpp.Port,
        AcceptCertificate = XmppClientOptions.AcceptAny,
        Reconnects = false,
    };

    private static async Task Publish(XmppClient client, byte[] picture)
    {
        var id = Xep0084UserAvatar.IdOf(picture);
        await Request(client, "set", Item(Ns.AvatarData, id, Xep0084UserAvatar.Data(picture)));
        await Request(client, "set", Item(Ns.AvatarMetadata, id, Xep0084UserAvatar.Metadata(new AvatarInfo(id, "image/png", picture.Length, 64, 64))));
    }

    private static Element Item(string node, string? id, Element payload)
    {
        var options = new DataForm("submit", Ns.PubSubPublishOptions, [FormField.Of("pubsub#access_model", "open")]).ToElement();
        return new Element("pubsub", Ns.PubSub)
            .Add(new Element("publish", Ns.PubSub).Set("node", node).Add(new Element("item", Ns.PubSub).Set("id", id).Add(payload)))
            .Add(new Element("publish-options", Ns.PubSub).Add(options));
    }

    private static Task<Element> Request(XmppClient client, string type, Element payload) =>
        client.Request(new Element("iq", Ns.Client).Set("type", type).Add(payload));

    private static async Task<string> Status(ServerProcess server) => (await ExternalProgram.Likeness(server.Data, "beside", "status", "--json")).Output;

    private static Task IsBrought(ServerProcess server) => Until(server, async () => (await Status(server)).Contains("\"unwritten\":\"0\"", StringComparison.Ordinal));

    private static async Task<string?> IdThere(XmppClient juliet)
    {
        try
        {
            return await juliet.MetadataOf(Juliet) is [var id, ..] ? id : null;
        }
        catch (StanzaErrorException)
        {
            return null;
        }
    }

    private static async Task<string?> IdHere(ServerProcess server)
    {
        var file = Path.Combine(server.Data, "shown.png");
        var got = await ExternalProgram.Likeness(server.Data, "avatar", "get", Juliet, "-o", file);
        return got.Code == 0 ? Xep0084UserAvatar.IdOf(await File.ReadAllBytesAsync(file)) : null;
    }

    private async Task<bool> IsShown(ServerProcess server, HttpStatusCode status) => (await _web.Fetch(server.Http, Juliet, 80)).Status == status;

    // Nothing tells from outside when a change has gone its way.
    private static async Task Until(ServerProcess server, Func<Task<bool>> isSo)
    {
        using var late = new CancellationTokenSource(Timeout);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        try
        {
            while (!await isSo())
            {
                await pace.WaitForNextTickAsync(late.Token);
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"It did not become so within {Timeout.TotalSeconds} s.\n{await Status(server)}\n{server.Log}");
        }
    }
}
