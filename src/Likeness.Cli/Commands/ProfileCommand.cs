using System.CommandLine;
using Likeness.Server.Administration;

namespace Likeness.Cli.Commands;

internal sealed class ProfileCommand : TeachingCommand
{
    public ProfileCommand(Terminal terminal)
        : base("profile", "Pages on which people tell of themselves, if they want one.")
    {
        Add(new ProfileClearCommand(terminal));
        Examples = ["likeness profile clear juliet@example.org --reason 'advertises'"];
    }

    private sealed class ProfileClearCommand : TeachingCommand
    {
        public ProfileClearCommand(Terminal terminal)
            : base("clear", "Takes a person's profile page away with everything on it; the picture stays.")
        {
            var address = new Argument<string>("ADDRESS") { Description = "An account, e-mail address or OpenID." };
            Add(address);
            var reason = ReasonOption.AddTo(this, "Why; kept in the log.");
            var common = CommonOptions.AddTo(this);
            SetAction(async (parsed, cancellationToken) =>
                await terminal.Out.WriteLineAsync((await common.Run(parsed, new ClearProfile(parsed.GetRequiredValue(address), parsed.GetValue(reason)), cancellationToken)).Text));
            Examples = ["likeness profile clear juliet@example.org", "likeness profile clear juliet@example.org --reason 'advertises'"];
        }
    }
}
