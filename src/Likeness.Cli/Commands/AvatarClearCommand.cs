using System.CommandLine;
using Likeness.Server.Administration;

namespace Likeness.Cli.Commands;

internal sealed class AvatarClearCommand : TeachingCommand
{
    public AvatarClearCommand(Terminal terminal)
        : base("clear", "Takes a person's picture away, on the web and in chats at once.")
    {
        var address = new Argument<string>("ADDRESS") { Description = "An account, e-mail address or OpenID." };
        Add(address);
        var reason = ReasonOption.AddTo(this, "Why; kept in the log.");
        var common = CommonOptions.AddTo(this);
        SetAction(async (parsed, cancellationToken) =>
        {
            var answer = await common.Run(parsed, new ClearAvatar(parsed.GetRequiredValue(address), parsed.GetValue(reason)), cancellationToken);
            await terminal.Out.WriteLineAsync(answer.Text);
        });
        Examples = ["likeness avatar clear juliet@example.org", "likeness avatar clear juliet@example.org --reason 'asked to by herself'"];
    }
}
