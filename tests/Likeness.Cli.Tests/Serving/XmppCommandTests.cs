using System.Text.Json;
using Likeness.Cli.Chats;
using Likeness.Cli.Checks;
using Likeness.Xmpp;
using Likeness.Xmpp.Client;
using Likeness.Xmpp.Payloads;
using Likeness.Xmpp.Xml;

namespace Likeness.Cli.Tests.Serving;

/// <summary>Pictures in chats, set and seen by the commands that work on any server.</summary>
[Trait("Category", "Slow")]
public sealed class XmppCommandTests : IDisposable
{
    private readonly TemporaryDirectory _data = new();
    private string[] _login = [];

    public void Dispose() => _data.Dispose();

    [Fact]
    [Trait("Requirement", "X84-2")]
    [Trait("Requirement", "X84-8")]
    public async Task A_picture_is_set_shown_checked_hidden_and_taken_away()
    {
        await using var server = await Start();
        var file = _data.Write("me.png", TestPicture.Png(400, 300));
        (await As("romeo", "xmpp", "show", "juliet@example.org")).Code.ShouldBe(ExitCode.HasNone);

        var set = Json(await As("juliet", "xmpp", "set", file, "--json"));
        set["conversion"].ShouldBe("yes");
        var saved = Path.Combine(_data.Path, "saved.png");
        var shown = Json(await As("romeo", "xmpp", "show", "juliet@example.org", "-o", saved, "--json"));
        shown["id"].ShouldBe(set["id"]);
        Xep0084UserAvatar.IdOf(await File.ReadAllBytesAsync(saved)).ShouldBe(set["id"]);
        (await As("romeo", "xmpp", "show", "juliet@example.org")).Output.Split('\n').Length.ShouldBeGreaterThan(10);

        var check = await As("romeo", "check", "juliet@example.org");
        check.Code.ShouldBe(ExitCode.Done, check.Output);
        check.Output.ShouldContain("Nodes and vCard show the same picture.");

        (await As("juliet", "xmpp", "visibility", "contacts")).Code.ShouldBe(ExitCode.Done);
        (await As("romeo", "xmpp", "show", "juliet@example.org")).Code.ShouldBe(ExitCode.HasNone);
        (await As("romeo", "check", "juliet@example.org")).Output.ShouldContain("is not for this account");

        // Another picture is not for more people than the one before.
        var other = _data.Write("other.png", TestPicture.Waves(100, 3));
        (await As("juliet", "xmpp", "set", other)).Code.ShouldBe(ExitCode.Done);
        (await As("romeo", "xmpp", "show", "juliet@example.org")).Code.ShouldBe(ExitCode.HasNone);
        (await As("juliet", "xmpp", "set", other, "--visibility", "public")).Code.ShouldBe(ExitCode.Done);
        (await As("romeo", "xmpp", "show", "juliet@example.org")).Code.ShouldBe(ExitCode.Done);

        (await As("juliet", "xmpp", "clear")).Code.ShouldBe(ExitCode.Done);
        (await As("romeo", "xmpp", "show", "juliet@example.org")).Error.ShouldContain("no picture");
    }

    [Fact]
    public async Task Changes_of_contacts_are_told_as_they_come_until_it_is_interrupted()
    {
        await using var server = await Start();
        await using var juliet = await ChatClient.LogIn(server, "juliet@example.org");
        await using (var romeo = await ChatClient.LogIn(server, "romeo@example.org"))
        {
            await romeo.Send(new Element("presence", Ns.Client));
            await romeo.Roster.Load();
            await juliet.Roster.Load();
            await romeo.Send(new Element("presence", Ns.Client).Set("type", "subscribe").Set("to", "juliet@example.org"));
            await juliet.Send(new Element("presence", Ns.Client));
            await juliet.Expect(stanza => stanza["type"] == "subscribe");
            await juliet.Send(new Element("presence", Ns.Client).Set("type", "subscribed").Set("to", "romeo@example.org"));
            await romeo.Expect(stanza => stanza["type"] == "subscribed");
        }

        using var stop = new CancellationTokenSource();
        var (output, lines) = (new Lines(), new List<Dictionary<string, string>>());
        var terminal = new Terminal(TextReader.Null, output, Console.Error, Interactive: false);
        var following = CommandLine.Run(["xmpp", "follow", "--json", .. Login(server, "romeo")], terminal, stop.Token);
        lines.Add(await NextOf("juliet@example.org"));
        await juliet.SetPhoto(TestPicture.Png(64, 64));
        lines.Add(await NextOf("juliet@example.org"));
        await juliet.SetPhoto([]);
        lines.Add(await NextOf("juliet@example.org"));
        await stop.CancelAsync();
        (await following).ShouldBe(ExitCode.Done);
        lines.Select(line => line["picture"]).ShouldBe(["none", "yes", "none"]);
        lines[1]["id"].ShouldBe(Xep0084UserAvatar.IdOf(TestPicture.Png(64, 64)));

        // The own picture is followed, too.
        async Task<Dictionary<string, string>> NextOf(string jid)
        {
            while (true)
            {
                var line = Json(await output.Next());
                if (line["jid"] == jid)
                {
                    return line;
                }
            }
        }
    }

    [Fact]
    public async Task What_presence_says_of_a_picture_is_checked_of_contacts_and_of_oneself()
    {
        await using var server = await Start();
        (await As("juliet", "xmpp", "set", _data.Write("me.png", TestPicture.Png(64, 64)))).Code.ShouldBe(ExitCode.Done);
        await using var juliet = await ChatClient.LogIn(server, "juliet@example.org");
        await juliet.Send(new Element("presence", Ns.Client));
        (await As("romeo", "check", "juliet@example.org")).Output.ShouldContain("Its presence is not shown to this account");
        await using (var romeo = await ChatClient.LogIn(server, "romeo@example.org"))
        {
            await romeo.Roster.Load();
            await romeo.Send(new Element("presence", Ns.Client).Set("type", "subscribe").Set("to", "juliet@example.org"));
            await juliet.Expect(stanza => stanza["type"] == "subscribe");
            await juliet.Send(new Element("presence", Ns.Client).Set("type", "subscribed").Set("to", "romeo@example.org"));
            await romeo.Expect(stanza => stanza["type"] == "subscribed");
        }

        (await As("romeo", "check", "juliet@example.org")).Output.ShouldContain("Presence says the hash of that picture (balcony).");
        (await As("juliet", "check", "juliet@example.org")).Output.ShouldContain("Presence says the hash of that picture (");

        // A client that wishes to show none is heard (XEP-0398 §4).
        await juliet.Send(XmlStreamReader.ParseElement("<presence><x xmlns='vcard-temp:x:update'><photo/></x></presence>", Ns.Client));
        await juliet.Photo();
        (await As("romeo", "check", "juliet@example.org")).Output.ShouldContain("Presence says that there is no picture, and there is one (balcony)");
        await juliet.Send(new Element("presence", Ns.Client).Set("type", "unavailable"));
        await juliet.Photo();
        (await As("romeo", "check", "juliet@example.org")).Output.ShouldContain("It is not online");
    }

    [Fact]
    [Trait("Requirement", "X84-25")]
    public async Task A_small_picture_is_not_drawn_larger_than_it_is()
    {
        await using var server = await Start();
        await using var juliet = await ChatClient.LogIn(server, "juliet@example.org");
        await juliet.SetPhoto(TestPicture.Png(8, 8));
        var shown = await As("romeo", "xmpp", "show", "juliet@example.org");
        shown.Code.ShouldBe(ExitCode.Done, shown.Error);
        shown.Output.TrimEnd('\n').Split('\n')[..^1].ShouldAllBe(line => line.Length == 8);
        Json(await As("romeo", "xmpp", "show", "juliet@example.org", "--json"))["width"].ShouldBe("8");
    }

    [Theory]
    [InlineData(PhotoUpdateKind.Picture, true, "chat-presence")]
    [InlineData(PhotoUpdateKind.Picture, false, "chat-presence-stale")]
    [InlineData(PhotoUpdateKind.NoPicture, true, "chat-presence-none")]
    [InlineData(PhotoUpdateKind.NoPicture, false, "chat-presence")]
    [InlineData(PhotoUpdateKind.NotReady, true, "chat-presence-silent")]
    [InlineData(PhotoUpdateKind.Absent, false, "chat-presence")]
    [InlineData(PhotoUpdateKind.Unusable, false, "chat-presence-unusable")]
    public void What_presence_says_is_judged_by_what_is_there(PhotoUpdateKind kind, bool isThere, string finding)
    {
        var hash = new string('a', 40);
        var said = new PhotoUpdate(kind, kind == PhotoUpdateKind.Picture ? hash : null);
        Finding Judge(params string[] pictures) => PresenceHashCheck.Judge("xmpp:a@example.org", said, "phone", pictures.ToHashSet(), converts: false);
        (isThere ? Judge(hash) : Judge()).Id.ShouldBe(finding);
        if (kind == PhotoUpdateKind.Picture)
        {
            Judge(new string('b', 40)).Level.ShouldBe(Level.Wrong);
        }
    }

    [Fact]
    public async Task What_a_server_refuses_is_one_line()
    {
        await using var server = await Start();
        var file = _data.Write("me.png", TestPicture.Png());
        var wrong = _data.Write("wrong", "wrong password");
        var refused = await LikenessProgram.Run(["xmpp", "clear", .. Login(server, "juliet").Select(word => word == Password ? wrong : word)]);
        refused.Code.ShouldBe(ExitCode.Failed);
        refused.ErrorLines.ShouldHaveSingleItem().ShouldContain("the account or its password is wrong");

        var unsafely = await LikenessProgram.Run([.. Login(server, "juliet").TakeWhile(word => word != "--ca").Prepend(file).Prepend("set").Prepend("xmpp")]);
        unsafely.ErrorLines.ShouldHaveSingleItem().ShouldContain("--ca");

        using var withoutTls = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        withoutTls.Start();
        var sends = SendInTheClear(withoutTls);
        var inTheClear = await LikenessProgram.Run("xmpp", "clear", "--jid", "juliet@example.org", "--password-file", Password, "--connect", withoutTls.LocalEndpoint.ToString()!);
        await sends;
        inTheClear.ErrorLines.ShouldHaveSingleItem().ShouldEndWith("The server offers no TLS. The password is not sent.");

        (await As("juliet", "xmpp", "visibility", "nobody")).ErrorLines.ShouldHaveSingleItem().ShouldContain("no picture yet");
        var noPicture = await As("juliet", "xmpp", "set", wrong);
        noPicture.Code.ShouldBe(ExitCode.Failed);
        noPicture.ErrorLines.ShouldHaveSingleItem();
    }

    private static async Task SendInTheClear(System.Net.Sockets.TcpListener listener)
    {
        using var client = await listener.AcceptTcpClientAsync();
        await client.GetStream().WriteAsync("""
            <?xml version='1.0'?><stream:stream from='example.org' id='1' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>
            <stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms></stream:features>
            """u8.ToArray());
        await client.GetStream().CopyToAsync(Stream.Null);
    }

    private string Password => Path.Combine(_data.Path, "password");

    private async Task<RunningServer> Start()
    {
        var server = await RunningServer.Start(_data.Path);
        foreach (var name in new[] { "juliet", "romeo" })
        {
            (await LikenessProgram.Run("user", "add", $"{name}@example.org", "--password", "secret", "--data", _data.Path)).Code.ShouldBe(ExitCode.Done);
        }

        await File.WriteAllTextAsync(Password, "secret\n");
        _login = Login(server, "NAME");
        return server;
    }

    private string[] Login(RunningServer server, string name) =>
        ["--jid", $"{name}@example.org", "--password-file", Password, "--connect", server.Host.Addresses.Xmpp[0].ToString(), "--ca", Path.Combine(_data.Path, "self-signed.pem")];

    private Task<Ran> As(string name, params string[] command) =>
        LikenessProgram.Run([.. command, .. _login.Select(word => word.Replace("NAME", name, StringComparison.Ordinal))]);

    private static Dictionary<string, string> Json(Ran ran)
    {
        ran.Code.ShouldBe(ExitCode.Done, ran.Error);
        return Json(ran.Output);
    }

    private static Dictionary<string, string> Json(string line) => JsonSerializer.Deserialize<Dictionary<string, string>>(line)!;

    /// <summary>What is written, line by line as it comes.</summary>
    private sealed class Lines : StringWriter
    {
        private readonly System.Threading.Channels.Channel<string> _lines = System.Threading.Channels.Channel.CreateUnbounded<string>();

        public async Task<string> Next() => await _lines.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30));

        public override Task WriteLineAsync(string? value)
        {
            _lines.Writer.TryWrite(value ?? "");
            return Task.CompletedTask;
        }
    }
}
