using System.Net;
using Likeness.Xmpp;
using Likeness.Xmpp.Client;
using Likeness.Xmpp.Xml;

namespace Likeness.Cli.Tests.Serving;

/// <summary>What an operator does with rooms, with and without a running server.</summary>
[Trait("Requirement", "M-4E")]
[Trait("Category", "Slow")]
public sealed class RoomCommandTests : IDisposable
{
    private const string Garden = "garden@rooms.example.org";
    private readonly TemporaryDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Occupants_see_at_once_what_the_operator_does()
    {
        await using var server = await RunningServer.Start(_data.Path);
        await Done("user", "add", "juliet@example.org", "--password", "secret");
        await Done("room", "create", Garden, "--owner", "romeo@example.org", "roomname=The garden", "publicroom=1");
        await using var juliet = await ChatClient.LogIn(server, "juliet@example.org");
        await Enter(juliet, Garden);

        await Done("room", "affiliation", Garden, "juliet@example.org", "admin");
        (await juliet.Expect(stanza => Item(stanza)?["affiliation"] == "admin"))["from"].ShouldBe($"{Garden}/juliet");

        await Done("room", "set", Garden, "moderatedroom=1", "whois=anyone");
        await juliet.Expect(stanza => Codes(stanza) is ["104", "172"]);
        (await Done("room", "list")).Trim().ShouldBe($"{Garden}  The garden");
        var shown = (await Done("room", "show", Garden)).Split('\n', StringSplitOptions.TrimEntries);
        shown.ShouldContain("moderatedroom=1");
        shown.ShouldContain("occupants=1");
        shown.ShouldContain("admin=juliet@example.org");
        shown.ShouldContain("owner=romeo@example.org");

        await Done("room", "destroy", Garden, "--reason", "Too dark", "--alternate", "orchard@rooms.example.org");
        var gone = await juliet.Expect(stanza => stanza["type"] == "unavailable" && stanza["from"] == $"{Garden}/juliet");
        gone.Child("x", Ns.MucUser)!.Child("destroy")!["jid"].ShouldBe("orchard@rooms.example.org");
        (await Done("room", "list")).ShouldBeEmpty();
        (await Done("log", "--address", Garden)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(4);
    }

    [Fact]
    [Trait("Requirement", "U-28")]
    public async Task Rooms_have_the_addresses_that_the_operator_says()
    {
        const string Moved = "garden@conference.example.org";
        await using var server = await RunningServer.Start(_data.Path, options => options with { Chat = options.Chat with { Rooms = options.Chat.Rooms with { Services = ["conference.example.org"] } } });
        await Done("user", "add", "juliet@example.org", "--password", "secret");
        await Done("room", "create", Moved, "--owner", "juliet@example.org");
        await using var juliet = await ChatClient.LogIn(server, "juliet@example.org");

        var items = await juliet.Request(new Element("iq", Ns.Client).Set("type", "get").Set("to", "example.org").Add(new Element("query", Ns.DiscoItems)));
        var services = items.Child("query", Ns.DiscoItems)!.Select(item => item["jid"]).ToArray();
        services.ShouldContain("conference.example.org");
        services.ShouldNotContain("rooms.example.org");
        await Enter(juliet, Moved);
    }

    [Fact]
    [Trait("Requirement", "M-54")]
    public async Task A_rooms_picture_shows_in_the_chat_and_on_the_web_while_the_room_is_public()
    {
        await using var server = await RunningServer.Start(_data.Path);
        await Done("user", "add", "juliet@example.org", "--password", "secret");
        await Done("room", "create", Garden, "--owner", "juliet@example.org");
        await using var juliet = await ChatClient.LogIn(server, "juliet@example.org");
        await Enter(juliet, Garden);

        await Done("avatar", "set", Garden, _data.Write("garden.png", TestPicture.Png()));

        await juliet.Expect(stanza => Codes(stanza) is ["104"]);
        var card = await juliet.Request(new Element("iq", Ns.Client).Set("type", "get").Set("to", Garden).Add(new Element("vCard", Ns.VCard)));
        card.Child("vCard", Ns.VCard)!.Child("PHOTO").ShouldNotBeNull();
        (await Status(server)).ShouldBe(HttpStatusCode.NotFound, "the room is hidden");

        await Done("room", "set", Garden, "publicroom=1");
        (await Status(server)).ShouldBe(HttpStatusCode.OK);

        await Done("room", "destroy", Garden);
        (await Status(server)).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Without_a_server_rooms_are_made_changed_and_destroyed_all_the_same()
    {
        _data.Write("likeness.json", """{ "domain": ["example.org"] }""");
        await Done("room", "create", Garden, "--owner", "juliet@example.org", "getmemberlist=moderator,participant");
        await Done("room", "affiliation", Garden, "example.net", "outcast");

        (await Done("room", "show", Garden)).ShouldContain("outcast=example.net");
        Refused(await Run("room", "create", Garden, "--owner", "juliet@example.org")).ShouldContain("already");
        Refused(await Run("room", "create", "garden@example.org", "--owner", "juliet@example.org")).ShouldContain("NAME@rooms.example.org");
        Refused(await Run("room", "create", "hall@rooms.example.org", "--owner", "example.net")).ShouldContain("whole domain");
        Refused(await Run("room", "create", "hall@rooms.example.org", "--owner", "juliet@example.org", "persistentroom=0")).ShouldContain("gone at once");
        Refused(await Run("room", "show", "hall@rooms.example.org")).ShouldContain("no room");
        Refused(await Run("room", "set", Garden, "persistentroom=0")).ShouldContain("gone at once");
        Refused(await Run("room", "destroy", Garden, "--reason", new string('x', 501))).ShouldContain("at most 500");
        Refused(await Run("room", "set", Garden, "colour=red")).ShouldContain("roomname");
        Refused(await Run("room", "set", Garden, "whois=me")).ShouldContain("moderators, anyone");
        Refused(await Run("room", "set", Garden, "whois")).ShouldContain("NAME=VALUE");
        Refused(await Run("room", "affiliation", Garden, "juliet@example.org", "member")).ShouldContain("one owner");
        Refused(await Run("room", "affiliation", Garden, "example.net", "member")).ShouldContain("only be banned");
        Refused(await Run("room", "affiliation", Garden, "romeo@example.org", "king")).ShouldContain("no affiliation");
        Refused(await Run("avatar", "set", "orchard@rooms.example.org", _data.Write("a.png", TestPicture.Png()))).ShouldContain("No room");

        await Done("room", "destroy", Garden);
        Refused(await Run("room", "show", Garden)).ShouldContain("no room");
        Refused(await Run("room", "show", "garden")).ShouldContain("garden@rooms.example.org");
    }

    [Fact]
    [Trait("Requirement", "M-25")]
    public async Task Whoever_is_in_a_room_when_the_server_goes_is_told()
    {
        var server = await RunningServer.Start(_data.Path);
        await Done("user", "add", "juliet@example.org", "--password", "secret");
        await using var juliet = await ChatClient.LogIn(server, "juliet@example.org");
        await Enter(juliet, Garden);

        await server.DisposeAsync();

        (await juliet.Expect(stanza => stanza["type"] == "unavailable" && Codes(stanza) is ["332", "110"]))["from"].ShouldBe($"{Garden}/juliet");
    }

    [Fact]
    [Trait("Requirement", "M-25")]
    [Trait("Requirement", "M-56")]
    public async Task A_room_that_is_kept_is_there_again_after_a_restart_with_what_was_said_last()
    {
        await using (var server = await RunningServer.Start(_data.Path))
        {
            await Done("user", "add", "juliet@example.org", "--password", "secret");
            await Done("room", "create", Garden, "--owner", "juliet@example.org");
            await using var juliet = await ChatClient.LogIn(server, "juliet@example.org");
            await Enter(juliet, Garden);
            await juliet.Send(new Element("message", Ns.Client).Set("to", Garden).Set("type", "groupchat").Add("body", "By any other name"));
            await juliet.Expect(stanza => stanza.Child("body")?.Text() == "By any other name");
        }

        await using var again = await RunningServer.Start(_data.Path);
        (await Done("room", "show", Garden)).ShouldContain("occupants=0");
        await using var back = await ChatClient.LogIn(again, "juliet@example.org");
        await back.Send(new Element("presence", Ns.Client).Set("to", $"{Garden}/juliet").Add(new Element("x", Ns.Muc)));
        (await back.Expect(stanza => Codes(stanza).Contains("110"))).Child("x", Ns.MucUser)!.Child("item")!["affiliation"].ShouldBe("owner");
        (await back.Expect(stanza => stanza.Child("body") is not null)).Child("delay", Ns.Delay).ShouldNotBeNull();
    }

    private static async Task Enter(XmppClient client, string room)
    {
        await client.Send(new Element("presence", Ns.Client).Set("to", $"{room}/juliet").Add(new Element("x", Ns.Muc)));
        await client.Expect(stanza => Codes(stanza).Contains("110"));
    }

    private static Element? Item(Element stanza) => stanza.Child("x", Ns.MucUser)?.Child("item");

    private static string[] Codes(Element stanza) =>
        [.. stanza.Child("x", Ns.MucUser)?.Where(child => child.Name == "status").Select(status => status["code"]!) ?? []];

    private static async Task<HttpStatusCode> Status(RunningServer server)
    {
        using var response = await server.Web.GetAsync(server.Avatar(Garden, "d=404"));
        return response.StatusCode;
    }

    private static string Refused(Ran ran)
    {
        ran.Code.ShouldBe(ExitCode.Failed);
        return ran.ErrorLines.ShouldHaveSingleItem();
    }

    private async Task<string> Done(params string[] arguments)
    {
        var ran = await Run(arguments);
        ran.Code.ShouldBe(ExitCode.Done, ran.Error);
        return ran.Output;
    }

    private Task<Ran> Run(params string[] arguments) => LikenessProgram.Run([.. arguments, "--data", _data.Path]);
}
