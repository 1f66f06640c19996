using System.CommandLine;
using Likeness.Server.Administration;

namespace Likeness.Cli.Commands;

internal sealed class UserSecondFactorCommand : TeachingCommand
{
    public UserSecondFactorCommand(Terminal terminal)
        : base("second-factor", "Lets in by the password alone who lost the authenticator and the recovery codes.")
    {
        var account = new Argument<string>("JID") { Description = "The account." };
        var off = new Option<bool>("--off") { Description = "Turns it off; the person turns it on again on the pages.", Required = true };
        Add(account);
        Add(off);
        var common = CommonOptions.AddTo(this);
        SetAction(async (parsed, cancellationToken) =>
            await terminal.Out.WriteLineAsync((await common.Run(parsed, new EndSecondFactor(parsed.GetRequiredValue(account)), cancellationToken)).Text));
        Examples = ["likeness user second-factor juliet@example.org --off"];
    }
}
