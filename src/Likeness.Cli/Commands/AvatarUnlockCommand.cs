using System.CommandLine;
using Likeness.Server.Administration;

namespace Likeness.Cli.Commands;

internal sealed class AvatarUnlockCommand : TeachingCommand
{
    public AvatarUnlockCommand(Terminal terminal)
        : base("unlock", "Lets a person change the picture again.")
    {
        var address = new Argument<string>("ADDRESS") { Description = "An account, e-mail address or OpenID." };
        Add(address);
        var common = CommonOptions.AddTo(this);
        SetAction(async (parsed, cancellationToken) =>
        {
            var answer = await common.Run(parsed, new UnlockAvatar(parsed.GetRequiredValue(address)), cancellationToken);
            await terminal.Out.WriteLineAsync(answer.Text);
        });
        Examples = ["likeness avatar unlock juliet@example.org"];
    }
}
