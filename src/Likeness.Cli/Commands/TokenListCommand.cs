using Likeness.Server.Administration;

namespace Likeness.Cli.Commands;

internal sealed class TokenListCommand : TeachingCommand
{
    public TokenListCommand(Terminal terminal)
        : base("list", "Lists tokens: name, rights, domains, end, last use.")
    {
        var json = JsonOption.AddTo(this);
        var common = CommonOptions.AddTo(this);
        SetAction(async (parsed, cancellationToken) =>
        {
            var answer = await common.Run(parsed, new ListTokens(), cancellationToken);
            await json.Write(terminal, parsed, answer);
        });
        Examples = ["likeness token list"];
    }
}
