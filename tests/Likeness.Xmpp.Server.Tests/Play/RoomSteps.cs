using Likeness.Xmpp.Server.Rooms;
using Likeness.Xmpp.Server.Tests.Hosting;
using Likeness.Xmpp.Xml;
using Microsoft.Extensions.DependencyInjection;

namespace Likeness.Xmpp.Server.Tests.Play;

/// <summary>Who is in a room when the play begins to talk about it.</summary>
internal static class RoomSteps
{
    public static readonly Step[] All =
    [
        new("* enters * as *", (scene, words, _) => Enter(scene, words[0], words[1], words[2])),
        new("* answers everything with an error from *", (scene, words, _) => Refuse(scene, words[0], words[1])),
        new("* has heard *", (scene, words, _) => Heard(scene, words[0], words[1], true)),
        new("* has never heard *", (scene, words, _) => Heard(scene, words[0], words[1], false)),
        new("rooms that were left are read anew", (scene, _, _) => Forget(scene)),
        new("* configures *", (scene, words, block) => Configure(scene, words[0], words[1], block)),
    ];

    private static string AddressOf(string room) => $"{room}@rooms.{TestServer.Domain}";

    // A new room is as it is by default. What everybody is shown of it is taken as read.
    private static async Task Enter(Scene scene, string name, string room, string nick)
    {
        await scene.FenceAll();
        var actor = scene.Actor(name);
        await actor.Send($"<presence to='{AddressOf(room)}/{nick}'><x xmlns='{Ns.Muc}'/></presence>");
        await actor.Fence();
        var presence = actor.Kept.FirstOrDefault(element => element["type"] is null && Codes(element).Contains("110"))
            ?? throw new TranscriptException($"{name} could not enter {room}: {string.Join('\n', actor.Kept)}");
        if (Codes(presence).Contains("201"))
        {
            await actor.Send($"<iq type='set' id='instant' to='{AddressOf(room)}'><query xmlns='{Ns.MucOwner}'><x xmlns='{Ns.DataForms}' type='submit'/></query></iq>");
        }

        await TakeAsRead(scene, room);
    }

    // Rooms nobody is in are read anew.
    private static async Task Forget(Scene scene)
    {
        await scene.FenceAll();
        await (await scene.Server()).Services.GetRequiredService<RoomDirectory>().ForgetEmpty();
    }

    private static async Task Refuse(Scene scene, string name, string by)
    {
        var actor = scene.Actor(name);
        foreach (var asked in actor.Kept.Where(element => element is { Name: "iq" } && element["type"] is "get" or "set").ToArray())
        {
            await actor.Send(
                $"<iq type='error' id='{asked["id"]}' to='{asked["from"]}' from='{by}'>{asked.FirstChild()}<error type='cancel' by='{by}'><service-unavailable xmlns='{Ns.StanzaErrors}'/></error></iq>");
        }

        await scene.FenceAll();
    }

    private static async Task Heard(Scene scene, string name, string text, bool expected)
    {
        await scene.FenceAll();
        if (scene.Conversation.HasHeard(name, text) != expected)
        {
            throw new TranscriptException($"{name} {(expected ? "never heard" : "heard")} of {text}.");
        }
    }

    // A line for each field, such as "moderatedroom 1".
    private static async Task Configure(Scene scene, string name, string room, string block)
    {
        var fields = block.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Field);
        await scene.Actor(name).Send(
            $"<iq type='set' id='configure' to='{AddressOf(room)}'><query xmlns='{Ns.MucOwner}'><x xmlns='{Ns.DataForms}' type='submit'>{string.Concat(fields)}</x></query></iq>");
        await TakeAsRead(scene, room);
    }

    private static string Field(string line)
    {
        var words = line.Split(' ', 2);
        var values = words[1].Split(", ").Select(value => $"<value>{value}</value>");
        return $"<field var='muc#roomconfig_{words[0]}'>{string.Concat(values)}</field>";
    }

    private static async Task TakeAsRead(Scene scene, string room)
    {
        await scene.FenceAll();
        foreach (var actor in scene.Actors)
        {
            actor.Drop(element => element["type"] != "error" && element["from"]?.StartsWith(AddressOf(room), StringComparison.Ordinal) == true);
        }
    }

    private static IEnumerable<string?> Codes(Element presence) =>
        presence.Child("x", Ns.MucUser)?.Where(child => child.Name == "status").Select(status => status["code"]) ?? [];
}
