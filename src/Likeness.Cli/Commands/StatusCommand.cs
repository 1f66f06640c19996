using Likeness.Server.Administration;

namespace Likeness.Cli.Commands;

internal sealed class StatusCommand : TeachingCommand
{
    public StatusCommand(Terminal terminal)
        : base("status", "Says how the running server is; fails when something does not work.")
    {
        var common = CommonOptions.AddTo(this);
        SetAction(async (parsed, cancellationToken) =>
        {
            var answer = await common.Run(parsed, new ShowStatus(), cancellationToken);
            foreach (var line in answer.Lines ?? [])
            {
                await terminal.Out.WriteLineAsync(line);
            }
        });
        Examples = ["likeness status"];
    }
}
