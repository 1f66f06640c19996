using System.CommandLine;
using Likeness.Server.Administration;

namespace Likeness.Cli.Commands;

internal sealed class UserAddCommand : TeachingCommand
{
    public UserAddCommand(Terminal terminal)
        : base("add", "Makes an account. Works with a running server and without one.")
    {
        var account = new Argument<string>("JID") { Description = "name@domain" };
        Add(account);
        var common = CommonOptions.AddTo(this);
        var password = new PasswordOption(this, terminal);
        SetAction(async (parsed, cancellationToken) =>
        {
            var name = parsed.GetRequiredValue(account);
            var answer = await password.Run(parsed, common, new CheckAccount(name, Exists: false), said => new AddUser(name, said), cancellationToken);
            await terminal.Out.WriteLineAsync(answer.Text);
        });
        Examples =
        [
            "likeness user add juliet@example.org",
            "likeness user add juliet@example.org --password-file juliet.password --data /var/lib/likeness",
            "pass show juliet | likeness user add juliet@example.org",
        ];
    }
}
