using Likeness.Server.Administration;

namespace Likeness.Cli.Commands;

internal sealed class StatusCommand : TeachingCommand
{
    public StatusCommand(Terminal terminal)
        : base("status", "Says how the running server is; fails when something does not work.")
    {
        var json = JsonOption.AddTo(this);
        var common = CommonOptions.AddTo(this);
        SetAction(async (parsed, cancellationToken) =>
        {
            var answer = await common.Run(parsed, new ShowStatus(json.Wanted(parsed)), cancellationToken);
            await json.Write(terminal, parsed, answer);
            return answer.Count == 0 ? ExitCode.Done : ExitCode.Failed;
        });
        Examples = ["likeness status"];
    }
}
