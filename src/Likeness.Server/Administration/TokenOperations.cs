using System.Globalization;
using Likeness.Http.Api;
using Likeness.Server.Options;
using Likeness.Stores;

namespace Likeness.Server.Administration;

/// <summary>Makes an API token and shows it, this once.</summary>
/// <param name="Domains">Domains it may touch; none: every one.</param>
/// <param name="Days">It ends after so many; null: never.</param>
public sealed record AddToken(string Name, IReadOnlyList<string> Domains, bool ReadOnly, int? Days) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken)
    {
        var now = context.Time.GetUtcNow();
        var text = TokenText.Create();
        var token = new ApiToken(RegisteredName.Read(Name), [.. Domains.Select(domain => Read(domain, context.Served)).Distinct(StringComparer.Ordinal)], ReadOnly, now, End(now));
        try
        {
            await context.Stores.ApiTokens.Add(token, TokenText.HashOf(text), cancellationToken);
        }
        catch (StoreConflictException exception)
        {
            throw new OperationRefusedException($"There is a token {Name} already.", exception);
        }

        return new Answer { Text = text, Notes = [new AuditNote("token add", null, Detail: Name)] };
    }

    private static string Read(string domain, DomainPolicies? served)
    {
        try
        {
            var name = OptionText.Domain(domain);
            return served is null || served.Serves(name) ? name : throw new OperationRefusedException($"'{name}' is not served here.");
        }
        catch (FormatException exception)
        {
            throw new OperationRefusedException(exception.Message + ".", exception);
        }
    }

    private DateTimeOffset? End(DateTimeOffset now) => Days switch
    {
        null => null,
        > 0 and <= 36_500 => now.AddDays(Days.Value),
        _ => throw new OperationRefusedException("A token ends after 1 to 36500 days."),
    };
}

/// <summary>Removes an API token; its next request is refused already.</summary>
public sealed record RemoveToken(string Name) : Operation
{
    protected override async Task<Answer> Run(OperationContext context, CancellationToken cancellationToken) =>
        await context.Stores.ApiTokens.Remove(Name, cancellationToken)
            ? new Answer { Text = $"The token {Name} opens nothing any more.", Notes = [new AuditNote("token remove", null, Detail: Name)] }
            : throw new OperationRefusedException($"There is no token {Name}.");
}

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
