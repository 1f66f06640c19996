namespace Likeness.Server.Administration;

/// <summary>Removes a webhook with what waits for it.</summary>
public sealed record RemoveWebhook(string Name) : Operation
{
    public override async Task<Answer> Run(Workplace workplace, CancellationToken cancellation)
    {
        if (!await workplace.Stores.Webhooks.Remove(Name, cancellation))
        {
            throw new OperationRefusedException($"There is no webhook {Name}.");
        }

        await workplace.WebhooksChanged(cancellation);
        return new Answer { Text = $"The webhook {Name} is told nothing any more.", Notes = [new AuditNote("webhook remove", null, Detail: Name)] };
    }
}
