using System.CommandLine;
using Likeness.Server.Administration;

namespace Likeness.Cli.Commands;

internal sealed class TokenRemoveCommand : TeachingCommand
{
    public TokenRemoveCommand(Terminal terminal)
        : base("remove", "Removes a token; it is refused from then on.")
    {
        var name = new Argument<string>("NAME") { Description = "As listed." };
        Add(name);
        var common = CommonOptions.AddTo(this);
        SetAction(async (parsed, cancellationToken) =>
            await terminal.Out.WriteLineAsync((await common.Run(parsed, new RemoveToken(parsed.GetRequiredValue(name)), cancellationToken)).Text));
        Examples = ["likeness token remove intranet"];
    }
}
