namespace Likeness.Server.Administration;

/// <summary>Lists webhooks, without their secrets.</summary>
public sealed record ListWebhooks : Operation
{
    public override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        foreach (var hook in await context.Stores.Webhooks.List(cancellationToken))
        {
            var untold = await context.Stores.Webhooks.Untold(hook.Name, cancellationToken);
            lines.Add($"{hook.Name}  {hook.Url}  {untold.Count} waiting");
        }

        return new Answer { Lines = lines };
    }
}
