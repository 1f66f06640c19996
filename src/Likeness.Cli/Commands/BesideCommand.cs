using System.CommandLine;
using Likeness.Server.Administration;

namespace Likeness.Cli.Commands;

internal sealed class BesideCommand : TeachingCommand
{
    public BesideCommand(Terminal terminal)
        : base("beside", "The chat servers that this one stands beside.")
    {
        Add(new BesideStatusCommand(terminal));
        Add(new BesideSyncCommand(terminal));
        Add(new BesideAccountsCommand(terminal));
        Examples = ["likeness beside status"];
    }

    private sealed class BesideStatusCommand : TeachingCommand
    {
        public BesideStatusCommand(Terminal terminal)
            : base("status", "How it stands: connection, what the server allows, how changes are noticed and written, accounts by state, what waits.")
        {
            var json = JsonOption.AddTo(this);
            var common = CommonOptions.AddTo(this);
            SetAction(async (parsed, cancellationToken) => await json.Write(terminal, parsed, await common.Run(parsed, new ShowBeside(), cancellationToken)));
            Examples = ["likeness beside status", "likeness beside status --json"];
        }
    }

    private sealed class BesideSyncCommand : TeachingCommand
    {
        public BesideSyncCommand(Terminal terminal)
            : base("sync", "Looks at every account of the chat server anew, at the usual rate.")
        {
            var dry = new Option<bool>("--dry-run") { Description = "Only says how many there are and how long it would take." };
            Add(dry);
            var json = JsonOption.AddTo(this);
            var common = CommonOptions.AddTo(this);
            SetAction(async (parsed, cancellationToken) => await json.Write(terminal, parsed, await common.Run(parsed, new SyncBeside(parsed.GetValue(dry)), cancellationToken)));
            Examples = ["likeness beside sync --dry-run", "likeness beside sync"];
        }
    }

    private sealed class BesideAccountsCommand : TeachingCommand
    {
        public BesideAccountsCommand(Terminal terminal)
            : base("accounts", "Tells which accounts the chat server has, for one that does not tell itself: all of them, one in a line. Who is missing twice in a row is gone.")
        {
            var file = new Argument<string>("FILE") { Description = "The list; - for standard input." };
            Add(file);
            var common = CommonOptions.AddTo(this);
            SetAction(async (parsed, cancellationToken) =>
            {
                var name = parsed.GetRequiredValue(file);
                var lines = name == "-"
                    ? (await Console.In.ReadToEndAsync(cancellationToken)).Split('\n')
                    : await File.ReadAllLinesAsync(name, cancellationToken);
                var answer = await common.Run(parsed, new ListBesideAccounts([.. lines.Select(line => line.Trim()).Where(line => line.Length > 0)]), cancellationToken);
                await terminal.Out.WriteLineAsync(answer.Text);
                return ExitCode.Done;
            });
            Examples = ["likeness beside accounts accounts.txt", "prosodyctl shell user list example.org | likeness beside accounts -"];
        }
    }
}
