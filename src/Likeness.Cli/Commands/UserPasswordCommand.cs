using System.CommandLine;
using Likeness.Server.Administration;

namespace Likeness.Cli.Commands;

internal sealed class UserPasswordCommand : TeachingCommand
{
    public UserPasswordCommand(Terminal terminal)
        : base("passwd", "Gives an account another password.")
    {
        var account = new Argument<string>("JID") { Description = "name@domain" };
        Add(account);
        var common = CommonOptions.AddTo(this);
        var password = new PasswordOption(this, terminal);
        SetAction(async (parsed, cancellationToken) =>
        {
            var name = parsed.GetRequiredValue(account);
            var answer = await password.Run(parsed, common, new CheckAccount(name, Exists: true), said => new ChangePassword(name, said), cancellationToken);
            await terminal.Out.WriteLineAsync(answer.Text);
        });
        Examples = ["likeness user passwd juliet@example.org"];
    }
}
