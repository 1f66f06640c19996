using System.Globalization;
using Likeness.Stores;

namespace Likeness.Server.Administration;

/// <summary>Lists API tokens by name, never the tokens themselves.</summary>
public sealed record ListTokens : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var now = context.Time.GetUtcNow();
        return new Answer { Lines = [.. (await context.Stores.ApiTokens.List(cancellationToken)).Select(token => Line(token, now))] };
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
