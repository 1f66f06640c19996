using Likeness.Cli.Tests.Serving;
using Likeness.Storage;
using Likeness.Stores;
using Likeness.Xmpp;
using Likeness.Xmpp.Client;
using Likeness.Xmpp.Sasl;
using Likeness.Xmpp.Xml;

namespace Likeness.Cli.Tests.Importing;

/// <summary>People come from another chat server with everything of theirs (XEP-0227), on a whole server.</summary>
[Trait("Requirement", "U-29")]
public sealed class AccountImportTests : IAsyncLifetime
{
    private const string Juliet = "juliet@example.org";
    private const string Romeo = "romeo@example.org";
    private readonly TemporaryDirectory _data = new();
    private readonly TemporaryDirectory _export = new();
    private readonly byte[] _face = TestPicture.Png();
    private RunningServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await Start();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _data.Dispose();
        _export.Dispose();
    }

    [Fact]
    public async Task People_log_in_and_find_what_they_had()
    {
        Write("export.xml", Whole());

        var ran = await Import("export.xml");

        ran.Error.ShouldBeEmpty();
        ran.Output.ShouldContain("imported   juliet@example.org  1 blocked, 2 contacts, 3 items, 3 messages, 2 nodes, 1 private elements, 1 requests, 1 vCard, 1 waiting");
        ran.Output.ShouldContain("2 accounts imported, 0 continued, 0 unchanged, 0 refused.");
        ran.Code.ShouldBe(ExitCode.Done);
        await using var juliet = await ChatClient.LogIn(_server, Juliet);
        await juliet.Send(new Element("presence", Ns.Client));
        var request = await juliet.Expect(stanza => stanza.Name == "presence" && stanza["type"] == "subscribe");
        request["from"].ShouldBe("tybalt@elsewhere.example");
        var waiting = await juliet.Expect(stanza => stanza.Name == "message");
        (waiting["id"], waiting.Child("body")!.Text(), waiting.Child("delay", Ns.Delay)!["stamp"]).ShouldBe(("w", "Soft, awake!", "2024-07-10T23:10:00Z"));

        var roster = (await Get(juliet, new Element("query", Ns.Roster))).Child("query", Ns.Roster)!;
        roster.Select(item => $"{item["jid"]} {item["name"]} {item["subscription"]} {string.Join(',', item.Select(group => group.Text()))}").Order()
            .ShouldBe(["nurse@elsewhere.example Nurse to Friends,Family", "romeo@example.org Romeo both "]);
        var card = (await Get(juliet, new Element("vCard", Ns.VCard))).Child("vCard", Ns.VCard)!;
        card.Child("FN")!.Text().ShouldBe("Juliet Capulet");
        (await juliet.Photo()).ShouldBe(_face, "byte by byte");
        (await Get(juliet, new Element("query", Ns.PrivateStorage).Add(new Element("exodus", "exodus:prefs")))).ToString().ShouldContain("Hamlet");
        (await Get(juliet, new Element("blocklist", Ns.Blocking))).ToString().ShouldContain("paris@elsewhere.example");
        var marks = (await Get(juliet, new Element("pubsub", Ns.PubSub).Add(new Element("items", Ns.PubSub).Set("node", "urn:xmpp:bookmarks:1")))).ToString();
        marks.ShouldContain("theplay@conference.example.org");
        marks.ShouldContain("orchard@conference.example.org");
        using var shown = await _server.Web.GetAsync(_server.Avatar(Juliet, "d=404"));
        shown.IsSuccessStatusCode.ShouldBeTrue("a picture that came along is on the web");
    }

    [Fact]
    public async Task What_was_said_comes_in_its_order_with_its_times()
    {
        Write("export.xml", Whole());
        await Import("export.xml");
        await using var juliet = await ChatClient.LogIn(_server, Juliet);

        var found = new List<Element>();
        var asked = juliet.Request(new Element("iq", Ns.Client).Set("type", "set").Add(new Element("query", "urn:xmpp:mam:2")));
        for (var number = 0; number < 3; number++)
        {
            found.Add((await juliet.Expect(stanza => stanza.Child("result", "urn:xmpp:mam:2") is not null)).Child("result", "urn:xmpp:mam:2")!.Child("forwarded", Ns.Forward)!);
        }

        await asked;
        found.Select(one => $"{one.Child("delay", Ns.Delay)!["stamp"]} {one.Child("message", Ns.Client)!.Child("body")!.Text()}").ShouldBe(
        [
            "2024-07-10T23:08:25.000Z Call me but love",
            "2024-07-10T23:09:32.000Z What man art thou?",
            "2024-07-10T23:10:00.000Z Soft, awake!",
        ]);
        found.ShouldAllBe(one => !one.ToString().Contains("old-id", StringComparison.Ordinal), "ids of the old archive are none of this one");

        // What waited says where it is in the archive: it is not shown twice.
        await juliet.Send(new Element("presence", Ns.Client));
        var waiting = await juliet.Expect(stanza => stanza.Name == "message" && stanza["id"] == "w");
        waiting.Child("stanza-id", Ns.StanzaIds)!["by"].ShouldBe(Juliet);
    }

    [Fact]
    public async Task It_is_said_before_it_is_done_and_done_once()
    {
        Write("export.xml", Whole());

        var dry = await Import("export.xml", "--dry-run");
        dry.Output.ShouldContain("imported   juliet@example.org  1 blocked, 2 contacts, 3 items");
        dry.Output.ShouldContain("Would be: 2 accounts imported");
        (await Run("user", "list")).Output.ShouldBeEmpty();

        await Import("export.xml");
        var again = await Import("export.xml");
        again.Output.Trim().ShouldBe("0 accounts imported, 0 continued, 2 unchanged, 0 refused.");

        // What the old server archived since is added.
        Write("export.xml", Whole(more: Said("2024-07-11T08:00:00Z", Romeo, Juliet, "late", "It was the lark")));
        (await Import("export.xml", "--json")).Output.ShouldContain("""{"action":"continued","account":"juliet@example.org","messages":"1","problems":""}""");
        (await Import("export.xml")).Output.ShouldContain("2 unchanged");
    }

    [Fact]
    public async Task What_broke_off_goes_on_where_it_ended()
    {
        Write("export.xml", Whole());
        await Import("export.xml");
        var account = new Identity(Juliet);
        await _server.DisposeAsync();
        await using (var stores = await Database.Open(new StorageOptions { DataDirectory = _data.Path }))
        {
            (await stores.Documents.Find(account, "import", ""))!.Content.ShouldBe("1 3 3 1");
            await stores.Documents.Save(new AccountDocument(account, "import", "", "0 3 3 0"));
            await stores.Nodes.Remove(account, "urn:xmpp:bookmarks:1");
        }

        _server = await Start();
        var ran = await Import("export.xml");

        ran.Output.ShouldContain("continued  juliet@example.org");
        ran.Error.ShouldBeEmpty();
        await _server.DisposeAsync();
        await using (var after = await Database.Open(new StorageOptions { DataDirectory = _data.Path }))
        {
            (await after.Documents.Find(account, "import", ""))!.Content.ShouldBe("1 3 3 1");
            (await after.Nodes.Load(account)).ShouldContain(node => node.Node == "urn:xmpp:bookmarks:1");
            (await after.Archives.Open(Juliet)).Last.ShouldBe(3, "no message twice");
        }

        _server = await Start();
    }

    [Fact]
    public async Task Nobody_takes_the_place_of_who_is_there_and_nothing_is_put_behind_what_was_said_since()
    {
        (await Run("user", "add", Romeo, "--password", "secret")).Code.ShouldBe(ExitCode.Done);
        Write("export.xml", Whole());

        var ran = await Import("export.xml", "--domain", "example.org");
        ran.Code.ShouldBe(ExitCode.Failed);
        ran.ErrorLines.ShouldBe(["romeo@example.org: romeo@example.org exists already, and was not imported."]);

        await using (var romeo = await ChatClient.LogIn(_server, Romeo))
        await using (var juliet = await ChatClient.LogIn(_server, Juliet))
        {
            await juliet.Send(new Element("presence", Ns.Client));
            await romeo.Send(new Element("message", Ns.Client).Set("to", Juliet).Set("type", "chat").Add("body", "new"));
            await juliet.Expect(stanza => stanza.Child("body")?.Text() == "new");
        }

        Write("export.xml", Whole(more: Said("2024-07-11T08:00:00Z", Romeo, Juliet, "late", "It was the lark")));
        (await Import("export.xml")).ErrorLines.ShouldContain("juliet@example.org: The archive has messages that were not imported; older ones cannot come behind them.");
    }

    [Fact]
    public async Task A_folder_and_what_a_file_includes_are_read_but_nothing_outside()
    {
        Write("main.xml", "<server-data xmlns='urn:xmpp:pie:0' xmlns:xi='http://www.w3.org/2001/XInclude'><xi:include href='example.org.xml'/></server-data>");
        Write("example.org.xml", "<host xmlns='urn:xmpp:pie:0' xmlns:xi='http://www.w3.org/2001/XInclude' jid='example.org'><xi:include href='example.org/juliet.xml'/><xi:include href='../secret.xml'/></host>");
        Directory.CreateDirectory(Path.Combine(_export.Path, "example.org"));
        Write("example.org/juliet.xml", "<user xmlns='urn:xmpp:pie:0' name='juliet' password='secret'><query xmlns='jabber:iq:private'><a xmlns='urn:a'><xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='x'/></a></query></user>");

        var ran = await Run("import", _export.Path);

        ran.Output.ShouldContain("imported   juliet@example.org  1 private elements");
        ran.Error.ShouldContain("'../secret.xml' is outside the folder of the export, and not read.");
        await using var juliet = await ChatClient.LogIn(_server, Juliet);
        (await Get(juliet, new Element("query", Ns.PrivateStorage).Add(new Element("a", "urn:a")))).ToString().ShouldContain("XInclude", Case.Sensitive, "what people keep is not followed");
    }

    [Theory]
    [InlineData("SCRAM-SHA-1", false)]
    [InlineData("SCRAM-SHA-256", false)]
    [InlineData("SCRAM-SHA-1", true)]
    public async Task Passwords_come_as_keys(string mechanism, bool isOfEjabberd)
    {
        var hash = mechanism == "SCRAM-SHA-1" ? ScramHash.Sha1 : ScramHash.Sha256;
        var keys = ScramKeyDerivation.Derive("secret", hash, 4096);
        string Text(byte[] bytes) => Convert.ToBase64String(bytes);
        var user = isOfEjabberd
            ? $"<user name='juliet' password='scram:{Text(keys.StoredKey)},{Text(keys.ServerKey)},{Text(keys.Salt)},4096'/>"
            : $"<user name='juliet'><scram-credentials xmlns='urn:xmpp:pie:0#scram' mechanism='{mechanism}'><iter-count>4096</iter-count><salt>{Text(keys.Salt)}</salt><server-key>{Text(keys.ServerKey)}</server-key><stored-key>{Text(keys.StoredKey)}</stored-key></scram-credentials></user>";
        Write("export.xml", Export(user));

        (await Import("export.xml")).Error.ShouldBeEmpty();

        await using var juliet = await ChatClient.LogIn(_server, Juliet);
        (await juliet.Photo()).ShouldBeNull();
    }

    [Fact]
    public async Task What_cannot_be_taken_is_said_person_by_person()
    {
        Write("export.xml", Export("""
            <user name='juliet' password='secret'>
              <query xmlns='jabber:iq:roster'><item jid='@'/><item jid='romeo@example.org' subscription='both'/></query>
              <vCard xmlns='vcard-temp'><PHOTO><BINVAL>no base64</BINVAL></PHOTO></vCard>
              <pubsub xmlns='http://jabber.org/protocol/pubsub#owner'><configure node='n'><x xmlns='jabber:x:data' type='submit'><field var='pubsub#access_model'><value>authorize</value></field><field var='pubsub#nonsense'><value>1</value></field></x></configure></pubsub>
              <pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='urn:xmpp:bookmarks:1'><item id='no room'><conference xmlns='urn:xmpp:bookmarks:1'/></item></items></pubsub>
              <weather xmlns='urn:weather'/>
            </user>
            <user name='a b'/>
            <user name='tybalt'/>
            """));

        var ran = await Import("export.xml");

        ran.Code.ShouldBe(ExitCode.Failed);
        ran.ErrorLines.ShouldContain("juliet@example.org: The contact '@' has no address of somebody else.");
        ran.ErrorLines.ShouldContain("juliet@example.org: <weather xmlns='urn:weather'/> is nothing that is known here.");
        ran.ErrorLines.ShouldContain("juliet@example.org: The node n: the access model 'authorize' is not known here; its owner alone reads it.");
        ran.ErrorLines.ShouldContain("a b@example.org: 'a b@example.org' is not an account; expected name@domain.");
        ran.ErrorLines.ShouldContain("tybalt@example.org: It has no password that is known here: likeness user passwd gives it one.");
        ran.Output.ShouldContain("2 accounts imported, 0 continued, 0 unchanged, 1 refused.");
        await using var juliet = await ChatClient.LogIn(_server, Juliet);
        (await Get(juliet, new Element("pubsub", Ns.PubSubOwner).Add(new Element("configure", Ns.PubSubOwner).Set("node", "n")))).ToString().ShouldContain("<value>whitelist</value>");
    }

    [Fact]
    public async Task What_is_older_than_messages_are_kept_is_left_where_it_was()
    {
        await _server.DisposeAsync();
        _server = await RunningServer.Start(_data.Path);
        Write("export.xml", Whole(more: Said(DateTimeOffset.UtcNow.AddDays(-1).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture), Romeo, Juliet, "late", "It was the lark")));

        var ran = await Import("export.xml");

        ran.ErrorLines.ShouldBe(["juliet@example.org: A message is older than messages are kept here (archive-days). (3 times)"]);
        ran.Output.ShouldContain(" 1 messages,");
        (await Import("export.xml")).Output.ShouldContain("2 unchanged");
    }

    [Theory]
    [InlineData("prosody-0.12")]
    [InlineData("ejabberd-23.01")]
    public async Task What_other_servers_really_write_comes_in(string export)
    {
        var ran = await Run("import", Path.Combine(AppContext.BaseDirectory, "Importing", "Exports", export));

        ran.Error.ShouldBeEmpty();
        ran.Output.ShouldContain("2 accounts imported, 0 continued, 0 unchanged, 0 refused.");
        await using var juliet = await ChatClient.LogIn(_server, Juliet);
        (await Get(juliet, new Element("query", Ns.Roster))).ToString().ShouldContain("<item jid='romeo@example.org' name='Romeo' subscription='both'><group>F</group></item>");
        (await Get(juliet, new Element("query", Ns.PrivateStorage).Add(new Element("exodus", "exodus:prefs")))).ToString().ShouldContain("<x>1</x>");
        await using var romeo = await ChatClient.LogIn(_server, Romeo);
        var nick = new Element("pubsub", Ns.PubSub).Add(new Element("items", Ns.PubSub).Set("node", "http://jabber.org/protocol/nick"));
        (await IsAnswered(romeo, nick)).ShouldBe(export.StartsWith("prosody", StringComparison.Ordinal), "contacts read what they could read before");
    }

    private static async Task<bool> IsAnswered(XmppClient client, Element payload)
    {
        try
        {
            await client.Request(new Element("iq", Ns.Client).Set("type", "get").Set("to", Juliet).Add(payload));
            return true;
        }
        catch (StanzaErrorException)
        {
            return false;
        }
    }

    [Fact]
    public async Task Without_a_server_nobody_is_imported()
    {
        using var other = new TemporaryDirectory();
        Write("export.xml", Whole());

        var ran = await LikenessProgram.Run("import", Path.Combine(_export.Path, "export.xml"), "--data", other.Path);

        ran.Code.ShouldBe(ExitCode.Failed);
        ran.ErrorLines.ShouldContain("juliet@example.org: People are imported while the server runs, and serves chats: likeness serve.");
    }

    // For good, or nothing of then would be taken.
    private Task<RunningServer> Start() => RunningServer.Start(_data.Path, options => options with { Policy = options.Policy with { ArchiveDays = 0 } });

    private Task<Ran> Import(string file, params string[] more) => Run(["import", Path.Combine(_export.Path, file), .. more]);

    private Task<Ran> Run(params string[] arguments) => LikenessProgram.Run([.. arguments, "--data", _data.Path]);

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_export.Path, name), text);

    private static Task<Element> Get(XmppClient client, Element payload) => client.Request(new Element("iq", Ns.Client).Set("type", "get").Add(payload));

    private static string Export(string users) => $"<?xml version='1.0' encoding='UTF-8'?><server-data xmlns='urn:xmpp:pie:0'><host jid='example.org'>{users}</host></server-data>";

    private static string Said(string stamp, string from, string to, string id, string body) => $"""
        <result xmlns='urn:xmpp:mam:2' id='{id}'><forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='{stamp}'/><message xmlns='jabber:client' to='{to}/x' from='{from}/y' type='chat' id='{id}'><body>{body}</body><stanza-id xmlns='urn:xmpp:sid:0' id='old-id' by='{Juliet}'/></message></forwarded></result>
        """;

    // In an order that nothing may depend on, as exports are.
    private string Whole(string more = "") => Export($"""
        <user name='juliet' password='secret'>
          <archive xmlns='urn:xmpp:pie:0#mam'>
            {Said("2024-07-10T23:08:25Z", Romeo, Juliet, "a", "Call me but love")}
            {Said("2024-07-10T23:09:32Z", Juliet, Romeo, "b", "What man art thou?")}
            {Said("2024-07-10T23:10:00Z", Romeo, Juliet, "w", "Soft, awake!")}
            {more}
          </archive>
          <offline-messages>
            <message xmlns='jabber:client' from='{Romeo}/orchard' to='{Juliet}' type='chat' id='w'><body>Soft, awake!</body><delay xmlns='urn:xmpp:delay' from='example.org' stamp='2024-07-10T23:10:00Z'>Offline Storage</delay></message>
          </offline-messages>
          <pubsub xmlns='http://jabber.org/protocol/pubsub'>
            <items node='urn:xmpp:bookmarks:1'>
              <item id='theplay@conference.example.org'><conference xmlns='urn:xmpp:bookmarks:1' name='The Play' autojoin='true'><nick>Romeo</nick></conference></item>
              <item id='orchard@conference.example.org'><conference xmlns='urn:xmpp:bookmarks:1' name='The Orchard'/></item>
            </items>
            <items node='http://jabber.org/protocol/nick'><item id='current'><nick xmlns='http://jabber.org/protocol/nick'>Jule</nick></item></items>
          </pubsub>
          <pubsub xmlns='http://jabber.org/protocol/pubsub#owner'>
            <configure node='urn:xmpp:bookmarks:1'><x xmlns='jabber:x:data' type='form'><field var='FORM_TYPE' type='hidden'><value>http://jabber.org/protocol/pubsub#node_config</value></field><field var='pubsub#access_model'><value>whitelist</value></field><field var='pubsub#max_items'><value>100000</value></field></x></configure>
            <configure node='http://jabber.org/protocol/nick'><x xmlns='jabber:x:data' type='form'><field var='pubsub#access_model'><value>open</value></field></x></configure>
          </pubsub>
          <query xmlns='jabber:iq:private'><exodus xmlns='exodus:prefs'><defaultnick>Hamlet</defaultnick></exodus></query>
          <vCard xmlns='vcard-temp'><FN>Juliet Capulet</FN><PHOTO><TYPE>image/png</TYPE><BINVAL>{Convert.ToBase64String(_face)}</BINVAL></PHOTO></vCard>
          <query xmlns='jabber:iq:privacy'><default name='public'/><list name='private'><item type='jid' value='friar@elsewhere.example' action='deny' order='1'/></list><list name='public'><item type='jid' value='paris@elsewhere.example' action='deny' order='1'/><item action='allow' order='2'/></list></query>
          <presence xmlns='jabber:client' type='subscribe' from='tybalt@elsewhere.example'><nick xmlns='http://jabber.org/protocol/nick'>Tybalt</nick></presence>
          <query xmlns='jabber:iq:roster'>
            <item jid='{Romeo}' name='Romeo' subscription='both'/>
            <item jid='nurse@elsewhere.example' name='Nurse' subscription='to'><group>Friends</group><group>Family</group></item>
          </query>
        </user>
        <user name='romeo' password='secret'/>
        """);
}
