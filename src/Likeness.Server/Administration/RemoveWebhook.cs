namespace Likeness.Server.Administration;

/// <summary>Removes a webhook with what waits for it.</summary>
public sealed record RemoveWebhook(string Name) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        if (!await context.Stores.Webhooks.Remove(Name, cancellationToken))
        {
            throw new OperationRefusedException($"There is no webhook {Name}.");
        }

        await context.WebhooksChanged(cancellationToken);
        return new Answer { Text = $"The webhook {Name} is told nothing any more.", Notes = [new AuditNote("webhook remove", null, Detail: Name)] };
    }
}
