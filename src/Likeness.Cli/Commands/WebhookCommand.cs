using System.CommandLine;
using Likeness.Server.Administration;

namespace Likeness.Cli.Commands;

internal sealed class WebhookCommand : TeachingCommand
{
    public WebhookCommand(Terminal terminal)
        : base("webhook", "Where changes of portraits are announced.")
    {
        Add(new WebhookAddCommand(terminal));
        Add(new WebhookListCommand(terminal));
        Add(new WebhookNameCommand("test", "Sends a ping and says how it went.", name => new TestWebhook(name), terminal));
        Add(new WebhookNameCommand("remove", "Removes a webhook with what waits for it.", name => new RemoveWebhook(name), terminal));
        Examples = ["likeness webhook add cdn https://cdn.example/purge", "likeness webhook list"];
    }

    /// <summary>What is done with a webhook that is there.</summary>
    private sealed class WebhookNameCommand : TeachingCommand
    {
        public WebhookNameCommand(string verb, string description, Func<string, Operation> operation, Terminal terminal)
            : base(verb, description)
        {
            var name = new Argument<string>("NAME") { Description = "As listed." };
            Add(name);
            var common = CommonOptions.AddTo(this);
            SetAction(async (parsed, cancellationToken) =>
                await terminal.Out.WriteLineAsync((await common.Run(parsed, operation(parsed.GetRequiredValue(name)), cancellationToken)).Text));
            Examples = [$"likeness webhook {verb} cdn"];
        }
    }
}
