using Likeness.Server.Administration;

namespace Likeness.Cli.Commands;

internal sealed class S2sCommand : TeachingCommand
{
    public S2sCommand(Terminal terminal)
        : base("s2s", "Other chat servers.")
    {
        Add(new S2sStatusCommand(terminal));
        Examples = ["likeness s2s status"];
    }

    private sealed class S2sStatusCommand : TeachingCommand
    {
        public S2sStatusCommand(Terminal terminal)
            : base("status", "Lists the servers that the running server is connected with, or tries to be: direction, since when, TLS, how it is known who they are, what waits, what failed last.")
        {
            var json = JsonOption.AddTo(this);
            var common = CommonOptions.AddTo(this);
            SetAction(async (parsed, cancellationToken) => await json.Write(terminal, parsed, await common.Run(parsed, new ShowFederation(), cancellationToken)));
            Examples = ["likeness s2s status", "likeness s2s status --json"];
        }
    }
}
