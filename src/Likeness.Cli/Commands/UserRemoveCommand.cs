using System.CommandLine;
using Likeness.Server.Administration;

namespace Likeness.Cli.Commands;

internal sealed class UserRemoveCommand : TeachingCommand
{
    public UserRemoveCommand(Terminal terminal)
        : base("remove", "Removes an account with its portrait, contacts and waiting messages.")
    {
        var account = new Argument<string>("JID") { Description = "name@domain" };
        Add(account);
        var common = CommonOptions.AddTo(this);
        SetAction(async (parsed, cancellationToken) =>
        {
            var answer = await common.Run(parsed, new RemoveUser(parsed.GetRequiredValue(account)), cancellationToken);
            await terminal.Out.WriteLineAsync(answer.Text);
        });
        Examples = ["likeness user remove juliet@example.org"];
    }
}
