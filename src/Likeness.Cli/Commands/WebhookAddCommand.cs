using System.CommandLine;
using Likeness.Server.Administration;

namespace Likeness.Cli.Commands;

internal sealed class WebhookAddCommand : TeachingCommand
{
    public WebhookAddCommand(Terminal terminal)
        : base("add", "Registers a URL and prints the secret of its signatures, this once.")
    {
        var name = new Argument<string>("NAME") { Description = "What it is called here." };
        var url = new Argument<string>("URL") { Description = "Where messages are posted: http or https, private addresses too." };
        Add(name);
        Add(url);
        var common = CommonOptions.AddTo(this);
        SetAction(async (parsed, cancellationToken) =>
        {
            var operation = new AddWebhook(parsed.GetRequiredValue(name), parsed.GetRequiredValue(url));
            await terminal.Out.WriteLineAsync((await common.Run(parsed, operation, cancellationToken)).Text);
        });
        Examples = ["likeness webhook add cdn https://cdn.example/purge"];
    }
}
