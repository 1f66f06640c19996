namespace Likeness.Cli.Commands;

internal sealed class TokenCommand : TeachingCommand
{
    public TokenCommand(Terminal terminal)
        : base("token", "Tokens for programs that use the REST interface.")
    {
        Add(new TokenAddCommand(terminal));
        Add(new TokenListCommand(terminal));
        Add(new TokenRemoveCommand(terminal));
        Examples = ["likeness token add intranet --domain example.org", "likeness token list"];
    }
}
