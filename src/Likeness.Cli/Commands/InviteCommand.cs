using System.CommandLine;
using Likeness.Server.Administration;

namespace Likeness.Cli.Commands;

internal sealed class InviteCommand : TeachingCommand
{
    public InviteCommand(Terminal terminal)
        : base("invite", "Invites somebody to open an account, and prints the link, this once. It is good once, for a week.")
    {
        var account = new Argument<string?>("ACCOUNT")
        {
            Description = "name@domain: the name is kept for whoever gets the link; a domain: they choose one. Without it: of the first domain.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var inviter = new Option<string?>("--contact") { Description = "An account that becomes a contact of theirs, and they of it.", HelpName = "JID" };
        var days = new Option<int?>("--days") { Description = "How long it is good, 1 to 90 days; 7 without it.", HelpName = "DAYS" };
        Add(account);
        Add(inviter);
        Add(days);
        var json = JsonOption.AddTo(this);
        var common = CommonOptions.AddTo(this);
        Add(new ListCommand(terminal));
        Add(new RemoveCommand(terminal));
        SetAction(async (parsed, cancellationToken) =>
        {
            var answer = await common.Run(parsed, new Invite(parsed.GetValue(account), parsed.GetValue(inviter), parsed.GetValue(days)), cancellationToken);
            await json.Write(terminal, parsed, answer);
        });
        Examples =
        [
            "likeness invite",
            "likeness invite juliet@example.org --contact romeo@example.org",
            "likeness invite list",
        ];
    }

    private sealed class ListCommand : TeachingCommand
    {
        public ListCommand(Terminal terminal)
            : base("list", "Lists invitations that were not used yet, the oldest first; never their links.")
        {
            var json = JsonOption.AddTo(this);
            var common = CommonOptions.AddTo(this);
            SetAction(async (parsed, cancellationToken) => await json.Write(terminal, parsed, await common.Run(parsed, new ListInvitations(), cancellationToken)));
            Examples = ["likeness invite list"];
        }
    }

    private sealed class RemoveCommand : TeachingCommand
    {
        public RemoveCommand(Terminal terminal)
            : base("remove", "Takes an invitation back.")
        {
            var id = new Argument<string>("ID") { Description = "As 'invite list' shows it." };
            Add(id);
            var common = CommonOptions.AddTo(this);
            SetAction(async (parsed, cancellationToken) =>
                await terminal.Out.WriteLineAsync((await common.Run(parsed, new RemoveInvitation(parsed.GetRequiredValue(id)), cancellationToken)).Text));
            Examples = ["likeness invite remove 0f3a5b7c9d1e"];
        }
    }
}
