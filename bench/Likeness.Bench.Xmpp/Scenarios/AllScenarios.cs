using Likeness.Bench.Xmpp.Following;
using Likeness.Bench.Xmpp.Sessions;

namespace Likeness.Bench.Xmpp.Scenarios;

/// <summary>All scenarios, in the order of the report.</summary>
static class AllScenarios
{
    public static readonly IReadOnlyList<IScenario> List =
    [
        new Logins("login-plain", LoginKind.Plain),
        new Logins("login-tls", LoginKind.PlainOverTls),
        new Logins("login-scram", LoginKind.ScramInTheClear),
        new Logins("login-fast", LoginKind.FastInTheClear),
        new IdleMemory("memory", LoginKind.ScramInTheClear),
        new IdleMemory("memory-tls", LoginKind.ScramOverTls),
        new WebSocketMemory("memory-ws"),
        new AwayMemory("memory-away", LoginKind.ScramInTheClear),
        new LoginStorm("storm", LoginKind.ScramInTheClear),
        new LoginStorm("storm-tls", LoginKind.ScramOverTls),
        new Departure("departure", LoginKind.ScramInTheClear),
        new Star(20),
        new Star(200),
        new Star(900),
        new Star(2000),
        new Messages("messages-1", LoginKind.ScramInTheClear, Window: 1),
        new Messages("messages-16", LoginKind.ScramInTheClear, Window: 16),
        new Messages("messages-1-tls", LoginKind.ScramOverTls, Window: 1),
        new Messages("messages-16-tls", LoginKind.ScramOverTls, Window: 16),
        new Messages("archive-1", LoginKind.ScramInTheClear, Window: 1, Archives: true),
        new Messages("archive-16", LoginKind.ScramInTheClear, Window: 16, Archives: true),
        new Messages("archive-1-tls", LoginKind.ScramOverTls, Window: 1, Archives: true),
        new Messages("archive-16-tls", LoginKind.ScramOverTls, Window: 16, Archives: true),
        new FanOut("fanout", LoginKind.ScramInTheClear),
        new FanOut("fanout-tls", LoginKind.ScramOverTls),
        new AvatarPublish("avatar", LoginKind.ScramInTheClear),
        new AvatarPublish("avatar-tls", LoginKind.ScramOverTls),
        new Followed("followed"),
        new VCardGet("vcard", LoginKind.ScramInTheClear),
        new VCardGet("vcard-tls", LoginKind.ScramOverTls),
        new RoomMessages("room", LoginKind.ScramInTheClear),
        new RoomMessages("room-tls", LoginKind.ScramOverTls),
        new RoomJoins("joins", LoginKind.ScramInTheClear),
        new RoomJoins("joins-tls", LoginKind.ScramOverTls),
        new BigRoom("big-room", LoginKind.ScramInTheClear),
        new BigJoin("big-join", LoginKind.ScramInTheClear),
        new IdleRooms("idle-rooms", LoginKind.ScramInTheClear),
        new Link("s2s-1", Window: 1),
        new Link("s2s-16", Window: 16),
        new Links("s2s-domains"),
    ];
}
