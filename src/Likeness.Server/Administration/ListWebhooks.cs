namespace Likeness.Server.Administration;

/// <summary>Lists webhooks, without their secrets.</summary>
public sealed record ListWebhooks : Operation
{
    public override async Task<Answer> Run(Workplace workplace, CancellationToken cancellation)
    {
        var lines = new List<string>();
        foreach (var hook in await workplace.Stores.Webhooks.List(cancellation))
        {
            var untold = await workplace.Stores.Webhooks.Untold(hook.Name, cancellation);
            lines.Add($"{hook.Name}  {hook.Url}  {untold.Count} waiting");
        }

        return new Answer { Lines = lines };
    }
}
