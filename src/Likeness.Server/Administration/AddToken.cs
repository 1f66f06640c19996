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
