using System.CommandLine;
using Likeness.Server;
using Likeness.Server.Administration;

namespace Likeness.Cli.Commands;

internal sealed class RoomCommand : TeachingCommand
{
    public RoomCommand(Terminal terminal)
        : base("room", "Chat rooms (XEP-0045).")
    {
        Add(new RoomListCommand(terminal));
        Add(new RoomShowCommand(terminal));
        Add(new RoomCreateCommand(terminal));
        Add(new RoomSetCommand(terminal));
        Add(new RoomDestroyCommand(terminal));
        Add(new RoomAffiliationCommand(terminal));
        Examples =
        [
            "likeness room create garden@rooms.example.org --owner juliet@example.org publicroom=1 roomname='The garden'",
            "likeness room affiliation garden@rooms.example.org romeo@example.org admin",
        ];
    }

    private static Argument<string> RoomOf(Command command)
    {
        var room = new Argument<string>("ROOM") { Description = "The room's address, such as garden@rooms.example.org." };
        command.Add(room);
        return room;
    }

    private static Argument<string[]> SettingsOf(Command command, ArgumentArity arity)
    {
        var settings = new Argument<string[]>("NAME=VALUE")
        {
            Description = "A setting by its name in the form that clients show, as 'room show' lists them.",
            Arity = arity,
        };
        command.Add(settings);
        return settings;
    }

    private static Dictionary<string, string> Read(string[] settings)
    {
        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var setting in settings)
        {
            var sign = setting.IndexOf('=', StringComparison.Ordinal);
            read[sign > 0 ? setting[..sign] : throw new OperationRefusedException($"'{setting}' is no setting: NAME=VALUE.")] = setting[(sign + 1)..];
        }

        return read;
    }

    private sealed class RoomListCommand : TeachingCommand
    {
        public RoomListCommand(Terminal terminal)
            : base("list", "Lists rooms, one per line: those that are kept, then those somebody is in.")
        {
            var json = JsonOption.AddTo(this);
            var common = CommonOptions.AddTo(this);
            SetAction(async (parsed, cancellationToken) => await json.Write(terminal, parsed, await common.Run(parsed, new ListRooms(), cancellationToken)));
            Examples = ["likeness room list"];
        }
    }

    private sealed class RoomShowCommand : TeachingCommand
    {
        public RoomShowCommand(Terminal terminal)
            : base("show", "Shows the settings of a room, and who is what in it.")
        {
            var room = RoomOf(this);
            var json = JsonOption.AddTo(this);
            var common = CommonOptions.AddTo(this);
            SetAction(async (parsed, cancellationToken) =>
                await json.Write(terminal, parsed, await common.Run(parsed, new ShowRoom(parsed.GetRequiredValue(room)), cancellationToken)));
            Examples = ["likeness room show garden@rooms.example.org"];
        }
    }

    private sealed class RoomCreateCommand : TeachingCommand
    {
        public RoomCreateCommand(Terminal terminal)
            : base("create", "Makes a room that stays when nobody is in it.")
        {
            var room = RoomOf(this);
            var settings = SettingsOf(this, ArgumentArity.ZeroOrMore);
            var owner = new Option<string>("--owner") { Description = "Who owns it.", HelpName = "JID", Required = true };
            Add(owner);
            var common = CommonOptions.AddTo(this);
            SetAction(async (parsed, cancellationToken) =>
            {
                var operation = new CreateRoom(parsed.GetRequiredValue(room), parsed.GetRequiredValue(owner), Read(parsed.GetValue(settings) ?? []));
                await terminal.Out.WriteLineAsync((await common.Run(parsed, operation, cancellationToken)).Text);
            });
            Examples = ["likeness room create garden@rooms.example.org --owner juliet@example.org publicroom=1"];
        }
    }

    private sealed class RoomSetCommand : TeachingCommand
    {
        public RoomSetCommand(Terminal terminal)
            : base("set", "Changes settings of a room; its occupants see it at once.")
        {
            var room = RoomOf(this);
            var settings = SettingsOf(this, ArgumentArity.OneOrMore);
            var common = CommonOptions.AddTo(this);
            SetAction(async (parsed, cancellationToken) =>
            {
                var operation = new SetRoom(parsed.GetRequiredValue(room), Read(parsed.GetRequiredValue(settings)));
                await terminal.Out.WriteLineAsync((await common.Run(parsed, operation, cancellationToken)).Text);
            });
            Examples = ["likeness room set garden@rooms.example.org moderatedroom=1 maxusers=500"];
        }
    }

    private sealed class RoomDestroyCommand : TeachingCommand
    {
        public RoomDestroyCommand(Terminal terminal)
            : base("destroy", "Puts everybody out and removes the room with everything kept for it.")
        {
            var room = RoomOf(this);
            var alternate = new Option<string?>("--alternate") { Description = "The room where it goes on; newcomers are told for a day.", HelpName = "ROOM" };
            Add(alternate);
            var reason = ReasonOption.AddTo(this, "Why; its occupants read it.");
            var common = CommonOptions.AddTo(this);
            SetAction(async (parsed, cancellationToken) =>
            {
                var operation = new DestroyRoom(parsed.GetRequiredValue(room), parsed.GetValue(alternate), parsed.GetValue(reason));
                await terminal.Out.WriteLineAsync((await common.Run(parsed, operation, cancellationToken)).Text);
            });
            Examples = ["likeness room destroy garden@rooms.example.org --alternate orchard@rooms.example.org"];
        }
    }

    private sealed class RoomAffiliationCommand : TeachingCommand
    {
        public RoomAffiliationCommand(Terminal terminal)
            : base("affiliation", "Makes a person owner, admin, member or outcast of a room, or none of them.")
        {
            var room = RoomOf(this);
            var person = new Argument<string>("PERSON") { Description = "The account's address; a domain can be banned whole." };
            var affiliation = new Argument<string>("AFFILIATION") { Description = "owner, admin, member, outcast or none." };
            Add(person);
            Add(affiliation);
            var reason = ReasonOption.AddTo(this, "Why; occupants read it.");
            var common = CommonOptions.AddTo(this);
            SetAction(async (parsed, cancellationToken) =>
            {
                var operation = new AffiliatePerson(
                    parsed.GetRequiredValue(room), parsed.GetRequiredValue(person), parsed.GetRequiredValue(affiliation), parsed.GetValue(reason));
                await terminal.Out.WriteLineAsync((await common.Run(parsed, operation, cancellationToken)).Text);
            });
            Examples = ["likeness room affiliation garden@rooms.example.org tybalt@example.org outcast --reason fights"];
        }
    }
}
