using System.Globalization;

namespace Likeness.Server.Administration;

/// <summary>Lists webhooks, without their secrets.</summary>
public sealed record ListWebhooks : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        var rows = new List<IReadOnlyDictionary<string, string>>();
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
            rows.Add(new Dictionary<string, string> { ["name"] = hook.Name, ["url"] = hook.Url.ToString(), ["waiting"] = waiting.ToString(CultureInfo.InvariantCulture) });
        }

        return new Answer { Lines = lines, Rows = rows };
    }
}
