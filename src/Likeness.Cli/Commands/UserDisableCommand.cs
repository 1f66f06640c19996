using System.CommandLine;
using Likeness.Server.Administration;

namespace Likeness.Cli.Commands;

internal sealed class UserDisableCommand : TeachingCommand
{
    public UserDisableCommand(Terminal terminal)
        : base("disable", "Logs a person out and lets nobody log in to the account; everything of it stays.")
    {
        var account = new Argument<string>("JID") { Description = "name@domain" };
        Add(account);
        var reason = ReasonOption.AddTo(this, "Why, for the log.");
        var common = CommonOptions.AddTo(this);
        SetAction(async (parsed, cancellationToken) =>
        {
            var answer = await common.Run(parsed, new DisableUser(parsed.GetRequiredValue(account), parsed.GetValue(reason)), cancellationToken);
            await terminal.Out.WriteLineAsync(answer.Text);
        });
        Examples = ["likeness user disable tybalt@example.org --reason 'spam'", "likeness user list --disabled"];
    }
}

internal sealed class UserEnableCommand : TeachingCommand
{
    public UserEnableCommand(Terminal terminal)
        : base("enable", "Lets people log in again to an account that was disabled.")
    {
        var account = new Argument<string>("JID") { Description = "name@domain" };
        Add(account);
        var common = CommonOptions.AddTo(this);
        SetAction(async (parsed, cancellationToken) =>
        {
            var answer = await common.Run(parsed, new EnableUser(parsed.GetRequiredValue(account)), cancellationToken);
            await terminal.Out.WriteLineAsync(answer.Text);
        });
        Examples = ["likeness user enable tybalt@example.org"];
    }
}
