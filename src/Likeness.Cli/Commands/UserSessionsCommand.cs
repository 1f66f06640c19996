using System.CommandLine;
using Likeness.Server.Administration;

namespace Likeness.Cli.Commands;

internal sealed class UserSessionsCommand : TeachingCommand
{
    public UserSessionsCommand(Terminal terminal)
        : base("sessions", "Shows who is logged in to an account, and which clients may log in without its password.")
    {
        var account = new Argument<string>("JID") { Description = "name@domain" };
        var revoke = new Option<bool>("--revoke") { Description = "Ends all sessions; every client needs the password then." };
        Add(account);
        Add(revoke);
        var json = JsonOption.AddTo(this);
        var common = CommonOptions.AddTo(this);
        SetAction(async (parsed, cancellationToken) =>
        {
            var name = parsed.GetRequiredValue(account);
            if (parsed.GetValue(revoke))
            {
                await terminal.Out.WriteLineAsync((await common.Run(parsed, new RevokeSessions(name), cancellationToken)).Text);
                return;
            }

            await json.Write(terminal, parsed, await common.Run(parsed, new ListSessions(name), cancellationToken));
        });
        Examples = ["likeness user sessions juliet@example.org", "likeness user sessions juliet@example.org --revoke"];
    }
}
