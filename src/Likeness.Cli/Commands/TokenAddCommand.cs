using System.CommandLine;
using Likeness.Server.Administration;

namespace Likeness.Cli.Commands;

internal sealed class TokenAddCommand : TeachingCommand
{
    public TokenAddCommand(Terminal terminal)
        : base("add", "Makes a token and prints it, this once: only its hash is kept.")
    {
        var name = new Argument<string>("NAME") { Description = "What the token is for." };
        var domains = new Option<string[]>("--domain") { Description = "It may touch people of this domain only. Can be given several times. Without it: every domain.", HelpName = "DOMAIN" };
        var readOnly = new Option<bool>("--read-only") { Description = "It may look, not change." };
        var days = new Option<int?>("--expires") { Description = "It ends after so many days. Without it: never.", HelpName = "DAYS" };
        Add(name);
        Add(domains);
        Add(readOnly);
        Add(days);
        var common = CommonOptions.AddTo(this);
        SetAction(async (parsed, cancellationToken) =>
        {
            var operation = new AddToken(parsed.GetRequiredValue(name), parsed.GetValue(domains) ?? [], parsed.GetValue(readOnly), parsed.GetValue(days));
            await terminal.Out.WriteLineAsync((await common.Run(parsed, operation, cancellationToken)).Text);
        });
        Examples =
        [
            "likeness token add intranet --domain example.org",
            "likeness token add statistics --read-only --expires 90",
        ];
    }
}
