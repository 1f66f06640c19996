using System.CommandLine;
using Likeness.Server.Administration;

namespace Likeness.Cli.Commands;

internal sealed class UserListCommand : TeachingCommand
{
    public UserListCommand(Terminal terminal)
        : base("list", "Lists accounts, one per line.")
    {
        var domain = new Option<string?>("--domain") { Description = "Only this domain. Without it: every served one.", HelpName = "NAME" };
        var disabled = new Option<bool>("--disabled") { Description = "Those that are disabled only." };
        Add(domain);
        Add(disabled);
        var json = JsonOption.AddTo(this);
        var common = CommonOptions.AddTo(this);
        SetAction(async (parsed, cancellationToken) =>
        {
            var answer = await common.Run(parsed, new ListUsers(parsed.GetValue(domain), parsed.GetValue(disabled)), cancellationToken);
            await json.Write(terminal, parsed, answer);
        });
        Examples = ["likeness user list", "likeness user list --domain example.org"];
    }
}
