using Likeness.Http.Webhooks;

namespace Likeness.Server.Administration;

/// <summary>Sends a webhook a <c>ping</c> now, once, and says how it went.</summary>
public sealed record TestWebhook(string Name) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var hook = (await context.Stores.Webhooks.List(cancellationToken)).FirstOrDefault(hook => hook.Name == Name)
            ?? throw new OperationRefusedException($"There is no webhook {Name}.");
        using var sender = new WebhookSender(context.Time, new WebhookOptions());
        return await sender.Post(hook, WebhookMessage.Ping(context.Time.GetUtcNow()), cancellationToken) is { } reason
            ? throw new OperationRefusedException($"The webhook {Name} could not be told: {reason}.")
            : new Answer { Text = $"The webhook {Name} took the message." };
    }
}
