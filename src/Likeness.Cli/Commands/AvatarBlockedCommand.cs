using Likeness.Server.Administration;

namespace Likeness.Cli.Commands;

internal sealed class AvatarBlockedCommand : TeachingCommand
{
    public AvatarBlockedCommand(Terminal terminal)
        : base("blocked", "Lists the blocked pictures, one per line.")
    {
        var json = JsonOption.AddTo(this);
        var common = CommonOptions.AddTo(this);
        SetAction(async (parsed, cancellationToken) => await json.Write(terminal, parsed, await common.Run(parsed, new ListBlocks(), cancellationToken)));
        Examples = ["likeness avatar blocked", "likeness avatar blocked --json"];
    }
}
