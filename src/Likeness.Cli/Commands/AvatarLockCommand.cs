using System.CommandLine;
using Likeness.Server.Administration;

namespace Likeness.Cli.Commands;

internal sealed class AvatarLockCommand : TeachingCommand
{
    public AvatarLockCommand(Terminal terminal)
        : base("lock", "Keeps a person from changing the picture, in chats and on the web.")
    {
        var address = new Argument<string>("ADDRESS") { Description = "An account, e-mail address or OpenID." };
        var clear = new Option<bool>("--clear") { Description = "Take the picture away as well." };
        Add(address);
        Add(clear);
        var reason = ReasonOption.AddTo(this, "Why; the person is told, and it is kept in the log.");
        var common = CommonOptions.AddTo(this);
        SetAction(async (parsed, cancellationToken) =>
        {
            var operation = new LockAvatar(parsed.GetRequiredValue(address), parsed.GetValue(reason), parsed.GetValue(clear));
            await terminal.Out.WriteLineAsync((await common.Run(parsed, operation, cancellationToken)).Text);
        });
        Examples = ["likeness avatar lock juliet@example.org", "likeness avatar lock juliet@example.org --clear --reason 'no advertising'"];
    }
}
