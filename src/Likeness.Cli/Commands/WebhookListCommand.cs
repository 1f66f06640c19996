using Likeness.Server.Administration;

namespace Likeness.Cli.Commands;

internal sealed class WebhookListCommand : TeachingCommand
{
    public WebhookListCommand(Terminal terminal)
        : base("list", "Lists webhooks and how many changes wait for each.")
    {
        var json = JsonOption.AddTo(this);
        var common = CommonOptions.AddTo(this);
        SetAction(async (parsed, cancellationToken) =>
        {
            var answer = await common.Run(parsed, new ListWebhooks(), cancellationToken);
            await json.Write(terminal, parsed, answer);
        });
        Examples = ["likeness webhook list"];
    }
}
