using System.Globalization;
using Likeness.Stores;

namespace Likeness.Server.Administration;

/// <summary>Lists API tokens by name, never the tokens themselves.</summary>
public sealed record ListTokens : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var now = context.Time.GetUtcNow();
        var tokens = await context.Stores.ApiTokens.List(cancellationToken);
        return new Answer { Lines = [.. tokens.Select(token => Line(token, now))], Rows = [.. tokens.Select(Row)] };
    }

    private static Dictionary<string, string> Row(ApiToken token)
    {
        var row = new Dictionary<string, string> { ["name"] = token.Name, ["rights"] = token.ReadOnly ? "read-only" : "read-write", ["domains"] = string.Join(",", token.Domains) };
        foreach (var (name, moment) in new[] { ("expires", token.Expires), ("lastUsed", token.LastUsed) })
        {
            if (moment is { } said)
            {
                row[name] = said.ToString("O", CultureInfo.InvariantCulture);
            }
        }

        return row;
    }

    private static string Line(ApiToken token, DateTimeOffset now) => string.Join(
        "  ",
        token.Name,
        token.ReadOnly ? "read-only" : "read-write",
        token.Domains.Count == 0 ? "every domain" : string.Join(", ", token.Domains),
        token.Expires switch
        {
            null => "never ends",
            { } end when end <= now => "ended " + Day(end),
            { } end => "ends " + Day(end),
        },
        token.LastUsed is { } used ? "used " + Day(used) : "never used");

    private static string Day(DateTimeOffset time) => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
