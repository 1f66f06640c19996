namespace Likeness.Server.Administration;

/// <summary>Lists webhooks, without their secrets.</summary>
public sealed record ListWebhooks : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        foreach (var hook in await context.Stores.Webhooks.List(cancellationToken))
        {
            var (waiting, after) = (0L, (Identity?)null);
            do
            {
                var page = await context.Stores.Webhooks.Untold(hook.Name, after, cancellationToken);
                waiting += page.People.Count;
                after = page.Last;
            }
            while (after is not null);

            lines.Add($"{hook.Name}  {hook.Url}  {waiting} waiting");
        }

        return new Answer { Lines = lines };
    }
}
